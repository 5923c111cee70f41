"""The write protocol: one command, one transaction, at most one fact a save (docs/flows.md, "A command").

`Log` is a database's own: idempotency keys, the outbox and its relay's alarm. `Write` binds it to one kind of aggregate.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from google.protobuf.message import Message

from services.kit.actor import Call
from services.kit.contracts import event_type_of
from services.kit.database import Connection, Database
from services.kit.errors import Kind, Refused, invalid, not_found, version_conflict
from services.kit.ids import new_id
from services.kit.metrics import COMMANDS_REPEATED
from services.kit.retrying import for_ever
from services.kit.scheduler import keep_clocks

S = TypeVar("S", bound="Aggregate")
MAX_EVENT_BYTES = 900 * 1024
FOR_UPDATE = "SELECT revision FROM aggregate WHERE id = $1 AND kind = $2 FOR UPDATE"
FOR_SHARE = "SELECT revision FROM aggregate WHERE id = $1 AND kind = $2 FOR SHARE"


class Aggregate(Protocol):
    """What every state offers: its id and whose it is."""

    @property
    def id(self) -> UUID:
        """The aggregate's id."""
        ...

    @property
    def owner(self) -> str | None:
        """The council, mandate or department that it belongs to; none while it belongs to nobody."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """What a command answers: the aggregate, its etag and its published version."""

    id: UUID
    revision: int
    version: int


@dataclass(frozen=True, slots=True)
class Target:
    """Which aggregate a command means, at which revision (0: whatever is there)."""

    id: UUID
    etag: int


@dataclass(frozen=True, slots=True)
class Change(Generic[S]):
    """A new state and the fact that made it; without a fact nothing is published."""

    state: S
    fact: Any | None


class Store(Protocol[S]):
    """Rows of one kind of aggregate. Called inside the write's transaction; raises what the database raises."""

    @property
    def kind(self) -> str:
        """What its aggregates are called."""
        ...

    async def load(self, connection: Connection, identity: UUID) -> S | None:
        """The state, none where there is no such row."""
        ...

    async def save(self, connection: Connection, state: S) -> None:
        """Insert or replace the state's rows."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that goes out by the outbox and is no fact: it has no version, and nobody's state follows from it."""

    id: UUID
    about: UUID
    kind: str
    type: str
    topic: str
    content_type: str
    payload: bytes
    correlation_id: UUID
    causation_id: UUID


class Log:
    """A database's commands and facts: every key answered once, every fact on the way to one topic."""

    def __init__(self, database: Database, *, service: str, wake: Callable[[], None]) -> None:
        self.database = database
        self.topic = f"madang.{service}.facts.v1"
        self.wake = wake

    async def once(self, call: Call, work: Callable[[Connection], Awaitable[Written]]) -> Written:
        """Do the work in one transaction, or answer as the first time if its key was seen.

        Raises:
            Refused: IDEMPOTENCY_MISMATCH where the key came with another body before.
        """
        async with self.database.transaction() as connection:
            if call.request_id and (seen := await self._seen(connection, call)):
                COMMANDS_REPEATED.labels(call.method).inc()
                return seen
            written = await work(connection)
            if call.request_id:
                await connection.execute(
                    """UPDATE idempotency_key SET id = $4, revision = $5, version = $6
                       WHERE subject = $1 AND method = $2 AND request_id = $3""",
                    call.actor.subject, call.method, call.request_id, written.id, written.revision, written.version,
                )  # fmt: skip
        self.wake()
        return written

    async def notify(self, connection: Connection, notice: Notice) -> None:
        """Inside a transaction: put a notice in the outbox; notices about the same thing keep their order in the topic."""
        await connection.execute(
            """INSERT INTO outbox (sequence, id, aggregatetype, aggregateid, version, type, topic, content_type, payload,
                                   correlation_id, causation_id)
               VALUES (nextval('outbox_sequence'), $1, $2, $3, 0, $4, $5, $6, $7, $8, $9)""",
            notice.id, notice.kind, notice.about, notice.type, notice.topic, notice.content_type, notice.payload,
            notice.correlation_id, notice.causation_id,
        )  # fmt: skip

    async def run(self) -> None:
        """Forget keys after 30 days, looking once an hour; a part of the process."""
        await for_ever("forgetting old keys", self._forget)

    async def _forget(self) -> None:
        async with self.database.connection() as connection:
            await connection.execute("DELETE FROM idempotency_key WHERE created_at < now() - interval '30 days'")
        await asyncio.sleep(3600)

    async def _seen(self, connection: Connection, call: Call) -> Written | None:
        """The stored answer of a key; waits for a twin that is under way."""
        key = (call.actor.subject, call.method, call.request_id)
        taken = await connection.fetchval(
            """INSERT INTO idempotency_key (subject, method, request_id, body_hash) VALUES ($1, $2, $3, $4)
               ON CONFLICT DO NOTHING RETURNING true""",
            *key, call.body_hash,
        )  # fmt: skip
        if taken:
            return None
        row = await connection.fetchrow(
            "SELECT body_hash, id, revision, version FROM idempotency_key WHERE subject = $1 AND method = $2 AND request_id = $3", *key
        )
        if row is None or row["body_hash"] != call.body_hash:
            raise Refused(Kind.EXISTS, "IDEMPOTENCY_MISMATCH", "this request_id came with another body before")
        return Written(row["id"], row["revision"], row["version"])


def _no_clocks(_state: Any) -> Mapping[str, datetime]:
    return {}


def _no_fact(fact: Any, _state: Any) -> Message:
    raise TypeError(f"{fact} cannot be published: this kind of aggregate publishes nothing")


class Write(Generic[S]):
    """Commands on one kind of aggregate. `to_event` makes its facts, and is missing where it publishes none; `clocks` says when which of
    its clocks fall due, as it stands (kit's `Scheduler` rings them).
    """

    def __init__(
        self, log: Log, store: Store[S], to_event: Callable[[Any, S], Message] = _no_fact,
        *, clocks: Callable[[S], Mapping[str, datetime]] = _no_clocks,
    ) -> None:  # fmt: skip
        self.log, self._store, self._to_event, self._clocks = log, store, to_event, clocks

    async def create(self, call: Call, change: Change[S]) -> Written:
        """Write what does not exist yet. Raises Refused: ALREADY_EXISTS."""
        return await self.log.once(call, lambda connection: self.insert(connection, call, [change]))

    async def change(self, call: Call, identity: UUID, etag: int, function: Callable[[S], Change[S]]) -> Written:
        """Write what the function makes of what stands. Raises Refused: NOT_FOUND, VERSION_CONFLICT, or what the function raises."""
        return await self.log.once(call, lambda connection: self.update(connection, call, identity, etag, function))

    async def insert(self, connection: Connection, call: Call, life: Iterable[Change[S]]) -> Written:
        """Inside a transaction: write a new aggregate's first saves, one fact each."""
        written = None
        for change in life:
            if written is None:
                call.check_reach(self._store.kind, change.state.id, change.state.owner)
            written = await self._save(connection, call, change, written.revision if written else 0)
        assert written is not None, "a life has at least one change"
        return written

    async def update(self, connection: Connection, call: Call, identity: UUID, etag: int, function: Callable[[S], Change[S]]) -> Written:
        """Inside a transaction: lock, compare, load, change, save. Several aggregates are to be updated in id order."""
        state, revision = await self._locked(connection, call, identity, FOR_UPDATE)
        if etag and etag != revision:
            raise version_conflict(revision)
        return await self._save(connection, call, function(state), revision)

    async def react(self, connection: Connection, call: Call, identity: UUID, function: Callable[[S], Change[S] | None]) -> Written | None:
        """Inside a transaction: what a clock or another service's fact makes of what stands; none where it changes nothing."""
        if await self.find(connection, identity) is None:
            return None
        state, revision = await self._locked(connection, call, identity, FOR_UPDATE)
        change = function(state)
        return await self._save(connection, call, change, revision) if change else None

    async def read(self, connection: Connection, call: Call, identity: UUID) -> S:
        """Inside a transaction: what stands, not locked. Raises Refused: NOT_FOUND, also where it is not the caller's."""
        state = await self._store.load(connection, identity)
        if state is None:
            raise not_found(self._store.kind, identity)
        call.check_reach(self._store.kind, identity, state.owner)
        return state

    async def lean_on(self, connection: Connection, call: Call, identity: UUID) -> S:
        """Inside a transaction: a state that another aggregate's rule needs, kept as it is until the end; lean first, then update.

        Raises:
            Refused: NOT_FOUND, also where it is out of the caller's reach.
        """
        return (await self._locked(connection, call, identity, FOR_SHARE))[0]

    async def hold(self, connection: Connection, call: Call, identity: UUID) -> S:
        """Inside a transaction: a state that several of its writes follow from; nobody else leans on it or writes it meanwhile.

        Raises:
            Refused: NOT_FOUND, also where it is out of the caller's reach.
        """
        return (await self._locked(connection, call, identity, FOR_UPDATE))[0]

    async def _locked(self, connection: Connection, call: Call, identity: UUID, query: str) -> tuple[S, int]:
        """The state and its revision, out of a locked row."""
        revision = await connection.fetchval(query, identity, self._store.kind)
        state = await self._store.load(connection, identity) if revision is not None else None
        if state is None:
            raise not_found(self._store.kind, identity)
        call.check_reach(self._store.kind, identity, state.owner)
        return state, revision

    async def find(self, connection: Connection, identity: UUID) -> Written | None:
        """The numbers of an aggregate of this kind, none where there is none."""
        row = await connection.fetchrow("SELECT revision, version FROM aggregate WHERE id = $1 AND kind = $2", identity, self._store.kind)
        return Written(identity, *row) if row else None

    async def _save(self, connection: Connection, call: Call, change: Change[S], revision: int) -> Written:
        await self._store.save(connection, change.state)
        written = await self._publish(connection, call, change, revision)
        if self._clocks is not _no_clocks:
            await keep_clocks(connection, change.state.id, self._clocks(change.state))
        return written

    async def _publish(self, connection: Connection, call: Call, change: Change[S], revision: int) -> Written:
        message = self._to_event(change.fact, change.state) if change.fact is not None else None
        payload = message.SerializeToString(deterministic=True) if message is not None else None
        if payload and len(payload) > MAX_EVENT_BYTES:
            raise invalid("EVENT_TOO_LARGE", f"the event would have {len(payload):,} bytes; {MAX_EVENT_BYTES:,} are allowed")
        row = await connection.fetchrow(
            "SELECT * FROM write_aggregate($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            change.state.id, self._store.kind, revision, new_id(), event_type_of(message) if message is not None else None,
            self.log.topic, payload, call.correlation_id, call.causation_id, call.traceparent,
        )  # fmt: skip
        if row is None and revision == 0:
            raise Refused(Kind.EXISTS, "ALREADY_EXISTS", f"the {self._store.kind} {change.state.id} exists already")
        assert row is not None, "the row is locked, so its revision is the one that was read"
        return Written(change.state.id, row["revision"], row["version"])
