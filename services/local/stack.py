"""One local stack, named by its data folder: up, down, what runs where."""

import asyncio
import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from services.kit import topics
from services.local import environment, kafka, keys, ports, postgres, probe, programs
from services.local import state as states
from services.local.databases import ensure_all
from services.local.errors import Misconfigured, NoStack, NotRunning, StackError
from services.local.layout import Layout
from services.local.processes import BROKER, DATABASE, PROCESSES, Process
from services.local.sample_partner import register_sample_partner
from services.local.state import State
from services.local.supervision import Running, Supervisor

PARTITIONS, REPLICATION = 4, 1
STARTING_S = 60.0
TIMEOUT_S = 120.0
HOPELESS_S, LINES_SAID = 15.0, 5


def _silent(_note: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Seen:
    """One process as `status` shows it."""

    name: str
    pid: int | None
    state: str
    address: str | None


class Stack:
    """The way in. Nothing happens before a method is called; `report` hears each step as one line."""

    def __init__(self, data: Path | str, report: Callable[[str], None] = _silent) -> None:
        self.layout = Layout.of(data)
        self.supervisor = Supervisor(self.layout)
        self._report = report

    @property
    def state(self) -> State:
        """What the stack remembers. Raises NoStack."""
        return states.load(self.layout)

    # -- up -----------------------------------------------------------------------------------------------------------------------

    async def up(self, *, tied: bool = False, first_port: int = 0, environ: dict[str, str] | None = None) -> bool:
        """Start everything and wait until it is ready; answers False where all of it was. `tied`: end with the calling process."""
        async with self._locked():
            if self.supervisor.is_alive() and self.state.wanted and await self.is_ready():
                return False
            self.begin(tied=tied, first_port=first_port, environ=dict(os.environ) if environ is None else environ)
            await asyncio.gather(self.start_database(), self.start_broker())
            await self.start_processes()
        return True

    def begin(self, *, tied: bool, first_port: int = 0, environ: dict[str, str] | None = None) -> None:
        """Prepare the folders and start the supervisor, which runs nothing yet."""
        if self.supervisor.is_alive():
            return
        state = self._prepared(first_port, environ or {})
        self.supervisor.start(programs.write(self.layout, self._programs(state)), tied=tied)

    async def start_database(self) -> None:
        """Until the server answers, and every database has its schema."""
        state, admin = self.state, environment.admin_dsn(self.layout, self.state)
        if state.own_database:
            self.supervisor.begin(DATABASE)
        await self._wait(DATABASE, lambda: probe.database_answers(admin))
        await ensure_all(admin, state.password, self._report)

    async def start_broker(self) -> None:
        """Until the broker answers, and every topic of the registry is there."""
        bootstrap = environment.bootstrap_of(self.state)
        if self.state.own_broker:
            self.supervisor.begin(BROKER)
        await self._wait(BROKER, lambda: probe.broker_answers(bootstrap))
        await topics.ensure(bootstrap, topics.standing(topics.read_registry()), PARTITIONS, REPLICATION)
        self._report(f"topics are ready on {bootstrap}")

    async def start_processes(self) -> None:
        """All at once, until every one is ready."""
        for process in PROCESSES:
            self.supervisor.begin(process.name)
        await asyncio.gather(*(self._wait(process.name, self._check(process)) for process in PROCESSES))
        state = self.state
        await register_sample_partner(environment.addresses(state), keys.signing_key(self.layout).read_bytes())

    def _prepared(self, first_port: int, environ: dict[str, str]) -> State:
        state = states.begin(self.layout)
        if not state.created:
            self._point_elsewhere(state, environ)
        states.check_ids(self.layout, state)
        self.layout.make()
        names = environment.port_names()
        seed = int(self.layout.digest, 16)
        state.ports = ports.consecutive(names, first_port) if first_port else ports.choose(names, state.ports, seed)
        states.save(self.layout, state)
        keys.prepare(self.layout)
        self._prepare_servers(state)
        state.created = state.wanted = True
        states.save(self.layout, state)
        return state

    def _point_elsewhere(self, state: State, environ: dict[str, str]) -> None:
        """Servers that exist already are used instead of the stack's own."""
        state.bootstrap_servers = environ.get("KAFKA_BOOTSTRAP_SERVERS", "")
        state.database_url = environ.get("DATABASE_URL", "")
        state.password = secrets.token_urlsafe(24) if state.database_url else ""

    def _prepare_servers(self, state: State) -> None:
        if state.own_database:
            postgres.prepare(self.layout)
            states.write_id(self.layout.home, state.stack_id)
        if state.own_broker:
            kafka.prepare(self.layout, state.ports[BROKER], state.ports[environment.CONTROLLER])
            states.write_id(self.layout.kafka, state.stack_id)

    def _programs(self, state: State) -> list[programs.Program]:
        servers = [postgres.program(self.layout)] if state.own_database else []
        servers += [kafka.program(self.layout)] if state.own_broker else []
        return servers + [environment.program_of(self.layout, state, process) for process in PROCESSES]

    async def _wait(self, name: str, check: Callable[[], Awaitable[bool]]) -> None:
        began = time.monotonic()

        async def ready_or_hopeless() -> bool:
            return await check() or (time.monotonic() - began > HOPELESS_S and self._keeps_ending(name))

        if not await probe.wait_for(ready_or_hopeless, TIMEOUT_S) or not await check():
            said = "".join(f"\n  {line}" for line in self._last_lines(name))
            raise NotRunning(f"{name} does not get ready", f"`madang logs {name}` says why, `madang down` stops the rest{said}")
        self._report(f"{name} is ready")

    def _keeps_ending(self, name: str) -> bool:
        program = self._running().get(name)
        return program is not None and program.state in {"BACKOFF", "FATAL"}

    def _last_lines(self, name: str) -> list[str]:
        log = self.layout.logs / f"{name}.log"
        return log.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES_SAID:] if log.exists() else []

    def _check(self, process: Process) -> Callable[[], Awaitable[bool]]:
        port = self.state.ports[environment.metrics_port(process)]
        return lambda: probe.is_ready(port)

    # -- what runs ----------------------------------------------------------------------------------------------------------------

    async def is_ready(self) -> bool:
        """Whether every process and both servers are."""
        if not self.supervisor.is_alive():
            return False
        seen = await self.processes()
        servers = [self.supervisor.programs().get(name) for name in (BROKER, DATABASE)]
        return all(item.state == "ready" for item in seen) and all(
            server is None or server.state in {"RUNNING", "STARTING"} for server in servers
        )

    async def processes(self) -> list[Seen]:
        """Every process; needs neither broker nor database. Raises NoStack."""
        state, running = self.state, self._running()
        ready = await asyncio.gather(*(self._check(process)() for process in PROCESSES))
        return [
            Seen(process.name, pid_of(running.get(process.name)), state_of(running.get(process.name), is_ready, wanted=state.wanted),
                 environment.address_of(state, process))
            for process, is_ready in zip(PROCESSES, ready, strict=True)
        ]  # fmt: skip

    def server_pid(self, name: str) -> int | None:
        """Of `kafka` or `postgres`; none while it is down, or not the stack's own."""
        return pid_of(self._running().get(name))

    def _running(self) -> dict[str, Running]:
        try:
            return self.supervisor.programs()
        except NotRunning:
            return {}

    # -- down ---------------------------------------------------------------------------------------------------------------------

    async def down(self) -> bool:
        """Stop everything: processes first, then the servers side by side. Answers False where nothing ran."""
        if not self.layout.data.is_dir():
            return False
        async with self._locked():
            self._no_longer_wanted()
            if not self.supervisor.is_alive():
                return False
            known = self.supervisor.programs()
            self.supervisor.stop([name for name in known if name not in {BROKER, DATABASE}])
            self._report("processes are stopped")
            if servers := [name for name in known if name in {BROKER, DATABASE}]:
                self.supervisor.stop(servers)
                self._report(f"{' and '.join(sorted(servers))} stopped")
            self.supervisor.end()
            return True

    def _no_longer_wanted(self) -> None:
        with contextlib.suppress(NoStack):
            state = self.state
            state.wanted = False
            states.save(self.layout, state)

    def purge(self) -> None:
        """Remove all that the stack made; call `down` first."""
        for path in (*self.layout.made, *self._home_before_a_move()):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        if self.layout.data.is_dir() and not any(self.layout.data.iterdir()):
            self.layout.data.rmdir()

    def _home_before_a_move(self) -> list[Path]:
        """Where root's database lies is named after the data folder; the one of an older name goes too, if it carries this stack's id."""
        try:
            home, stack_id = Path(self.state.home), self.state.stack_id
        except (NoStack, Misconfigured):
            return []
        return [home] if states.read_id(home) == stack_id else []

    def kill(self, name: str) -> None:
        """SIGKILL to one program: for tests of what comes back."""
        pid = self.server_pid(name)
        if pid is None:
            raise NotRunning(f"{name} is not running", "start it with `madang up`")
        os.kill(pid, signal.SIGKILL)

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[None]:
        """One `up` or `down` at a time; the next one waits for it."""
        self.layout.data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.layout.data, os.O_RDONLY)
        try:
            if not await probe.wait_for(lambda: self._lock(descriptor), TIMEOUT_S):
                raise StackError(f"another `madang up` or `down` is at work on {self.layout.data}", "wait until it has ended")
            yield
        finally:
            os.close(descriptor)

    async def _lock(self, descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return not self.supervisor.is_ending()


def pid_of(program: Running | None) -> int | None:
    """None while it is down."""
    return program.pid if program and program.state in {"STARTING", "RUNNING", "STOPPING"} else None


def state_of(program: Running | None, is_ready: bool, *, wanted: bool) -> str:
    """In the four words of `status`: what was asked to end is `stopping` (with no pid: it has), what cannot get ready has `failed`."""
    if program is None:
        return "failed" if wanted else "stopping"
    if program.state in {"STOPPING", "STOPPED"}:
        return "stopping" if not wanted or program.state == "STOPPING" else "starting"
    if program.state in {"BACKOFF", "FATAL", "EXITED", "UNKNOWN"}:
        return "failed"
    if is_ready:
        return "ready"
    return "starting" if time.time() - program.since < STARTING_S else "failed"
