"""What the supervisor runs: one record a program, and the two files that say so."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from services.local.layout import Layout

NOT_FOR_CHILDREN = {"DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS", "MADANG_DATA"}

# Paths are relative to the data folder, from which the supervisor is started, so that no character in it needs quoting.
SUPERVISOR = """\
; Made by `madang up`.
[unix_http_server]
file={run}/supervisor.sock
chmod=0600

[supervisord]
logfile=logs/supervisor.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={run}/supervisor.pid
childlogdir=logs
nodaemon=true
silent=true

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
PROGRAM = """
[program:{name}]
command=/bin/sh -c 'exec "$STACK_PYTHON" -m services.local.launch {run}/programs.json {name}'
autostart=false
autorestart=true
startsecs=2
startretries=1000000000
stopsignal={stop_signal}
stopwaitsecs=30
redirect_stderr=true
stdout_logfile=logs/{name}.log
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=2
"""


@dataclass(frozen=True, slots=True)
class Program:
    """Something to run: its command (an absolute path first), environment, folder, user (empty: whoever runs the stack)."""

    name: str
    command: list[str]
    environment: dict[str, str]
    directory: str
    user: str = ""
    stop_signal: str = "TERM"


def inherited() -> dict[str, str]:
    """The environment that programs share with their caller: without what names the stack itself."""
    return {key: value for key, value in os.environ.items() if key not in NOT_FOR_CHILDREN and not key.startswith("STACK_")}


def write(layout: Layout, programs: Iterable[Program]) -> Path:
    """Write both files; answers the supervisor's."""
    programs = list(programs)
    by_name = {program.name: asdict(program) for program in programs}
    records = layout.run / "programs.json"
    records.touch(mode=0o600)
    records.write_text(json.dumps(by_name, indent=1), encoding="utf-8")
    run = layout.run.relative_to(layout.data) if layout.run.is_relative_to(layout.data) else layout.run
    sections = [PROGRAM.format(name=program.name, stop_signal=program.stop_signal, run=run) for program in programs]
    file = layout.run / "supervisor.conf"
    file.write_text(SUPERVISOR.format(run=run) + "".join(sections), encoding="utf-8")
    return file
