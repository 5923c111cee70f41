"""Rows of partners and of what they have sent."""

from uuid import UUID

from services.kit.database import Connection, Row
from services.kit.ids import derived_id
from services.kit.tables import Aggregates, Table
from services.partners.domain import Event, Partner, Position, Received, Verdict


async def keep_waiting(connection: Connection, received_id: UUID, event: Event, position: Position) -> Received | None:
    """Keep an event for the dispatcher; none where its id is reserved."""
    lane = derived_id("lane", event.partner, event.service, event.subject or str(received_id))
    row = await connection.fetchrow(
        f"""INSERT INTO received_event (received_id, partner, partition, "offset", event_id, type, subject, event_time, correlation_id,
                                        cause_id, outcome, service, body_hash, request, lane)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, $12, $13, $14)
            ON CONFLICT (partner, event_id) WHERE outcome IN ('waiting', 'accepted') DO NOTHING RETURNING {COLUMNS}""",
        received_id, event.partner, position.partition, position.offset, event.id, event.type, event.subject, event.time,
        event.correlation_id, event.cause_id, event.service, event.body_hash, event.request, lane,
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
                                       cause_id, outcome, code, field, reason, service, result_kind, result_id, settled_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, clock_timestamp())""",
        received.id, received.partner, received.position.partition, received.position.offset, received.event_id, received.type,
        received.subject, received.event_time, received.correlation_id, received.cause_id, verdict.outcome, verdict.code, verdict.field,
        verdict.reason, result.service if result else "", result.kind if result else None, result.id if result else None,
    )  # fmt: skip


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
                                      tries = tries + 1, request = NULL, settled_at = clock_timestamp()
            WHERE received_id = $1 AND outcome = 'waiting' RETURNING {COLUMNS}""",
        received_id, verdict.outcome, verdict.code, verdict.field, verdict.reason, result.kind if result else None,
        result.id if result else None,
    )  # fmt: skip
    return RECEIVED.of(row) if row else None


PARTNERS = Aggregates("partner", Partner, key="partner_id", newest="added_at")
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
