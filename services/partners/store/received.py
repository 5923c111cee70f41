"""Rows of what partners have sent."""

import base64
from uuid import UUID

from services.kit.database import Connection, Row
from services.kit.dead_letters import KeptRecord
from services.kit.envelope import Record
from services.kit.ids import derived_id
from services.kit.tables import Table
from services.kit.text import storable
from services.partners.domain.partner import INBOX
from services.partners.domain.received import Event, Position, Received, Verdict


async def keep_waiting(connection: Connection, received_id: UUID, event: Event, position: Position, mends: UUID | None) -> Received | None:
    """Keep an event for the dispatcher; none where its id is reserved."""
    lane = derived_id("lane", event.partner, event.service, event.subject or str(received_id))
    row = await connection.fetchrow(
        f"""INSERT INTO received_event (received_id, partner, partition, "offset", event_id, type, subject, event_time, correlation_id,
                                        cause_id, outcome, service, body_hash, request, lane, mends)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, $12, $13, $14, $15)
            ON CONFLICT (partner, event_id) WHERE outcome IN ('waiting', 'accepted') DO NOTHING RETURNING {COLUMNS}""",
        received_id, event.partner, position.partition, position.offset, event.id, event.type, event.subject, event.time,
        event.correlation_id, event.cause_id, event.service, event.body_hash, event.request, lane, mends,
    )  # fmt: skip
    return RECEIVED.of(row) if row else None


async def reserved(connection: Connection, partner: str, event_id: str, *, lock: bool) -> tuple[Received, bytes] | None:
    """The event that reserves an id, with the hash of its body."""
    row = await connection.fetchrow(
        f"""SELECT {COLUMNS}, body_hash FROM received_event
            WHERE partner = $1 AND event_id = $2 AND outcome IN ('waiting', 'accepted') {"FOR UPDATE" if lock else ""}""",
        partner, event_id,
    )  # fmt: skip
    return (RECEIVED.of(row), row["body_hash"]) if row else None


async def keep_settled(connection: Connection, received: Received) -> None:
    """Keep a record that has its outcome at once."""
    verdict, result = received.verdict, received.verdict.result
    await connection.execute(
        """INSERT INTO received_event (received_id, partner, partition, "offset", event_id, type, subject, event_time, correlation_id,
                                       cause_id, outcome, code, field, reason, service, result_kind, result_id, mends, settled_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, clock_timestamp())""",
        received.id, received.partner, received.position.partition, received.position.offset, received.event_id, received.type,
        received.subject, received.event_time, received.correlation_id, received.cause_id, verdict.outcome, verdict.code, verdict.field,
        verdict.reason, result.service if result else "", result.kind if result else None, result.id if result else None,
        received.mends,
    )  # fmt: skip


async def keep_record(connection: Connection, received_id: UUID, record: Record) -> None:
    """Keep a record as it was sent, unless it is too large to be held."""
    headers = [[storable(name), base64.b64encode(value or b"").decode()] for name, value in record.headers]
    await connection.execute(
        "UPDATE received_event SET value = $2, headers = $3 WHERE received_id = $1", received_id, record.value, headers
    )


async def refused_record(connection: Connection, received_id: UUID) -> tuple[Received, KeptRecord] | None:
    """A received event, locked, with its record as far as it was kept."""
    row = await connection.fetchrow(f"SELECT {COLUMNS}, value, headers FROM received_event WHERE received_id = $1 FOR UPDATE", received_id)
    if row is None:
        return None
    received = RECEIVED.of(row)
    headers = [(name, base64.b64decode(value)) for name, value in row["headers"] or []]
    place = received.position
    return received, KeptRecord(INBOX.format(received.partner), place.partition, place.offset, None, row["value"], headers)


async def find(connection: Connection, received_id: UUID) -> Received | None:
    """A received event."""
    row = await connection.fetchrow(f"{RECEIVED.select} WHERE received_id = $1", received_id)
    return RECEIVED.of(row) if row else None


async def is_resent(connection: Connection, received_id: UUID) -> bool:
    """Whether a refused event was sent again."""
    return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM received_event WHERE mends = $1)", received_id))


async def waiting(connection: Connection, service: str, under_way: list[UUID], limit: int) -> list[Row]:
    """The events whose turn it is: the first of each lane, unless it is under way or was tried a moment ago."""
    return await connection.fetch(
        """SELECT received_id, request, tries, correlation_id, cause_id FROM received_event AS e
           WHERE outcome = 'waiting' AND service = $1 AND next_try_at <= clock_timestamp() AND received_id <> ALL ($2::uuid[])
             AND NOT EXISTS (SELECT FROM received_event AS before
                             WHERE before.lane = e.lane AND before.sequence < e.sequence AND before.outcome = 'waiting')
           ORDER BY next_try_at, sequence LIMIT $3""",
        service, under_way, limit,
    )  # fmt: skip


async def try_later(connection: Connection, received_id: UUID, seconds: float) -> None:
    """Note a try that came to nothing."""
    await connection.execute(
        """UPDATE received_event SET tries = tries + 1, next_try_at = clock_timestamp() + make_interval(secs => $2)
           WHERE received_id = $1 AND outcome = 'waiting'""",
        received_id, seconds,
    )  # fmt: skip


async def settle(connection: Connection, received_id: UUID, verdict: Verdict) -> Received | None:
    """Give a waiting event its outcome; none where it has one already, from whoever was faster."""
    result = verdict.result
    row = await connection.fetchrow(
        f"""UPDATE received_event SET outcome = $2, code = $3, field = $4, reason = $5, result_kind = $6, result_id = $7,
                                      tries = tries + 1, request = NULL, settled_at = clock_timestamp(),
                                      value = CASE WHEN $2 = 'refused' THEN value END, headers = CASE WHEN $2 = 'refused' THEN headers END
            WHERE received_id = $1 AND outcome = 'waiting' RETURNING {COLUMNS}""",
        received_id, verdict.outcome, verdict.code, verdict.field, verdict.reason, result.kind if result else None,
        result.id if result else None,
    )  # fmt: skip
    return RECEIVED.of(row) if row else None


RECEIVED = Table(
    "received_event", Received, key="received_id", newest="received_at",
    columns={
        "position": {"partition": "partition", "offset": '"offset"'},
        "verdict": {
            "outcome": "outcome", "code": "code", "field": "field", "reason": "reason",
            "result": {"id": "result_id", "service": "service", "kind": "result_kind"},
        },
    },
)  # fmt: skip
COLUMNS = ", ".join(RECEIVED.names)
