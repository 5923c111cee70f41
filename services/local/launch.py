"""Becomes one program of the stack: `python -m services.local.launch PROGRAMS_FILE NAME`.

Between the supervisor and every program it starts, so that a program never outlives its supervisor, runs as the user it needs,
and no path or setting has to be written in the supervisor's own syntax.
"""

import ctypes
import json
import os
import pwd
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Take on the program's user, environment and folder, then become it."""
    path, name = sys.argv[1:]
    program = json.loads(Path(path).read_text(encoding="utf-8"))[name]
    os.chdir(program["directory"])
    if program["user"]:
        become(program["user"])
    end_with_parent(signal.Signals[f"SIG{program['stop_signal']}"])
    os.execve(program["command"][0], program["command"], program["environment"])  # noqa: S606 - no shell is the point


def become(user: str) -> None:
    """Drop root's rights for good."""
    entry = pwd.getpwnam(user)
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def end_with_parent(number: signal.Signals) -> None:
    """Ask Linux to send a signal when the parent dies; elsewhere a supervisor killed with SIGKILL leaves its programs behind."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
