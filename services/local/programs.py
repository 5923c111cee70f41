"""What the supervisor runs: one record a program, and the two files that say so."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from services.local.layout import Layout

NOT_FOR_CHILDREN = {"DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS", "MADANG_DATA"}

SUPERVISOR = """\
; Made by `madang up`; paths come through the environment, so that no character in them needs quoting.
[unix_http_server]
file=%(ENV_STACK_RUN)s/supervisor.sock
chmod=0600

[supervisord]
logfile=%(ENV_STACK_LOGS)s/supervisor.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile=%(ENV_STACK_RUN)s/supervisor.pid
childlogdir=%(ENV_STACK_LOGS)s
directory=%(ENV_STACK_RUN)s
nodaemon=true
silent=true

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
PROGRAM = """
[program:{name}]
command="%(ENV_STACK_PYTHON)s" -m services.local.launch "%(ENV_STACK_RUN)s/programs.json" {name}
autostart=false
autorestart=true
startsecs=2
startretries=1000000000
stopsignal={stop_signal}
stopwaitsecs=30
killasgroup=false
redirect_stderr=true
stdout_logfile=%(ENV_STACK_LOGS)s/{name}.log
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
    sections = [PROGRAM.format(name=program.name, stop_signal=program.stop_signal) for program in programs]
    file = layout.run / "supervisor.conf"
    file.write_text(SUPERVISOR + "".join(sections), encoding="utf-8")
    return file
