"""python -m services.agenda server|projector|search|themes"""

import sys
from importlib import import_module

from services.agenda.settings import AgendaSettings

# Each is loaded alone: only the projector and the themes need Faust.
PROCESSES = {
    "server": "app.build", "projector": "projection.worker.build", "search": "app.build_search", "themes": "themes.worker.build",
}  # fmt: skip

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in PROCESSES:
        sys.exit(f"usage: python -m services.agenda {'|'.join(PROCESSES)}")
    module, _, build = PROCESSES[sys.argv[1]].rpartition(".")
    getattr(import_module(f"services.agenda.{module}"), build)(AgendaSettings.read()).run()
