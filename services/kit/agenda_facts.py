"""What the agenda decided comes back to the source: links and decisions as rows, the person's history derived from both.

Both arrive in any order, so neither is folded into the other. What a source's own state no longer allows is history all the same.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from madang.agenda.v1 import item_pb2
from madang.events.agenda.v1 import agenda_pb2 as events_pb
from madang.type.v1 import history_pb2, vocabulary_pb2
from services.kit.actor import Call
from services.kit.consumer import Consumer
from services.kit.contracts import EventTypes, event_type_of
from services.kit.database import Connection, Database, Row
from services.kit.dead_letters import put_aside
from services.kit.envelope import Envelope, Record, Unreadable, read
from services.kit.settings import Settings
from services.kit.standing import AgendaAnswer, Standing
from services.kit.wire import texts_from_wire, texts_to_wire, time_to_wire

TOPIC = "madang.agenda.facts.v1"
TYPES = EventTypes(events_pb)


ANSWER = TypeAdapter(AgendaAnswer)
ANSWERED, REPLIED = event_type_of(events_pb.AgendaAnswered()), event_type_of(events_pb.AgendaInterimReplied())
# Inside the consumer's transaction: what a source's own aggregate makes of how it stands. Asked again and again with the same; must not
# refuse: what its state no longer allows is history only.
Follow = Callable[[Connection, Call, UUID, Standing], Awaitable[object]]


class AgendaFacts:
    """One service's ear on the agenda; `follow` is told how its sources stand, wherever that may have changed."""

    def __init__(self, database: Database, *, service: str, follow: Follow | None = None) -> None:
        self._database, self._service, self._follow = database, service, follow
        self._number = vocabulary_pb2.SourceService.Value(f"SOURCE_SERVICE_{service.upper()}")

    def consumer(self, settings: Settings) -> Consumer:
        """The consumer to run in the service's process."""
        return Consumer(
            self._database, name=f"{self._service}-agenda-facts", instance=settings.instance, bootstrap=settings.kafka_bootstrap_servers,
            topics=[TOPIC], apply=self.apply,
        )  # fmt: skip

    async def apply(self, connection: Connection, records: Sequence[Record]) -> None:
        """Keep what a batch says of this service's sources, and every decision: its link may come later."""
        causes: dict[UUID, Envelope] = {}
        for record in records:
            message: Any
            try:
                envelope, message = read(record, TYPES)
                await self._keep(connection, envelope, message)
                causes[UUID(message.after.agenda_id)] = envelope
            except Unreadable as why:
                if why.code != "TYPE_UNSUPPORTED":  # the agenda's other nouns, such as plans, are about no source
                    await put_aside(connection, record, why)
        if self._follow and causes:
            await self._tell(connection, self._follow, causes)

    async def _keep(self, connection: Connection, envelope: Envelope, message: Any) -> None:
        at = message.occurred_at.ToDatetime(UTC)
        if isinstance(message.after, item_pb2.AgendaDecision):
            await _keep_decision(connection, envelope, message.after, at)
        elif message.after.service == self._number:
            await _keep_link(connection, envelope, message.after, at)

    async def _tell(self, connection: Connection, follow: Follow, causes: Mapping[UUID, Envelope]) -> None:
        """Tell how every source stands that is linked to what the batch was about, in id order, as every command locks."""
        links: dict[UUID, list[Row]] = {}
        for row in await connection.fetch(LINKED, list(causes)):
            links.setdefault(row["source_id"], []).append(row)
        for source_id, rows in sorted(links.items()):
            cause = next(causes[row["agenda_id"]] for row in rows if row["agenda_id"] in causes)
            await follow(connection, Call.own("agenda", cause=cause), source_id, _standing(rows))

    async def history(self, source_id: UUID) -> list[history_pb2.HistoryStep]:
        """What happened to one source, here and on the agenda, oldest first."""
        async with self._database.connection() as connection:
            own = await connection.fetch(OWN_STEPS, source_id)
            agenda = await connection.fetch(AGENDA_STEPS, source_id)
        return [_step(row) for row in sorted([*own, *agenda], key=lambda row: (row["at"], row["place"]))]


def _standing(rows: Sequence[Row]) -> Standing:
    standing = [row for row in rows if not row["removed"]]
    answers = [ANSWER.validate_python(row["answer"]) for row in standing if row["answer"]]
    return Standing(
        tuple(sorted(row["agenda_id"] for row in standing)),
        bool(standing) and all(row["status"] == "closed" for row in standing),
        max(answers, key=lambda answer: answer.answered_at, default=None),
    )


async def _keep_decision(connection: Connection, envelope: Envelope, after: item_pb2.AgendaDecision, at: datetime) -> None:
    answer, interim = _answer(after.answer), _answer(after.interim_reply)
    said = {ANSWERED: answer, REPLIED: interim}.get(envelope.type)
    await connection.execute(
        """INSERT INTO agenda_decision (agenda_id, version, event_type, status, owner, occurred_at, answer, said)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING""",
        envelope.subject, envelope.version, envelope.type, _status(after), after.owner, at, answer, said,
    )  # fmt: skip


def _answer(message: item_pb2.ItemAnswer) -> AgendaAnswer | None:
    texts = texts_from_wire(message.texts)
    return AgendaAnswer(texts, message.department, message.answered_at.ToDatetime(UTC)) if texts else None


async def _keep_link(connection: Connection, envelope: Envelope, after: item_pb2.SourceLink, at: datetime) -> None:
    relation = item_pb2.Relation.Name(after.relation).removeprefix("RELATION_").lower()
    await connection.execute(
        """INSERT INTO agenda_link (link_id, version, agenda_id, source_id, relation, removed, event_type, occurred_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING""",
        envelope.subject, envelope.version, UUID(after.agenda_id), UUID(after.source_id), relation, after.removed, envelope.type, at,
    )  # fmt: skip


def _status(after: item_pb2.AgendaDecision) -> str:
    return item_pb2.AgendaStatus.Name(after.status).removeprefix("AGENDA_STATUS_").lower()


def _step(row: Row) -> history_pb2.HistoryStep:
    said = ANSWER.validate_python(row["said"]) if row["said"] else None
    return history_pb2.HistoryStep(
        at=time_to_wire(row["at"]), type=row["type"], agenda_id=str(row["agenda_id"] or ""), agenda_status=row["status"],
        agenda_owner=row["owner"], relation=row["relation"], said=texts_to_wire(said.texts) if said else (),
        department=said.department if said else "",
    )  # fmt: skip


# The newest word on each link of the sources that these items have, whatever item it leads to, and the newest decision there.
LINKED = """
    SELECT DISTINCT ON (l.link_id) l.source_id, l.agenda_id, l.removed, d.status, d.answer
    FROM agenda_link AS l
    LEFT JOIN LATERAL (SELECT status, answer FROM agenda_decision WHERE agenda_id = l.agenda_id ORDER BY version DESC LIMIT 1) AS d ON true
    WHERE l.source_id IN (SELECT source_id FROM agenda_link WHERE agenda_id = ANY ($1::uuid[]))
    ORDER BY l.link_id, l.version DESC"""
OWN_STEPS = """
    SELECT "timestamp" AS at, type, version AS place, NULL::uuid AS agenda_id, '' AS status, '' AS owner, '' AS relation,
           NULL::jsonb AS said
    FROM (SELECT "timestamp", type, version, aggregateid FROM outbox UNION ALL
          SELECT "timestamp", type, version, aggregateid FROM outbox_archive) AS facts
    WHERE aggregateid = $1"""
# A decision belongs to a source's history from the moment it was linked, and what stood then is the link's own step.
AGENDA_STEPS = """
    SELECT occurred_at AS at, event_type AS type, version AS place, agenda_id, '' AS status, '' AS owner,
           CASE WHEN removed THEN '' ELSE relation END AS relation, NULL::jsonb AS said
    FROM agenda_link WHERE source_id = $1
    UNION ALL
    SELECT d.occurred_at, d.event_type, d.version, d.agenda_id, d.status, d.owner, '', d.said
    FROM agenda_decision AS d
    WHERE EXISTS (SELECT FROM agenda_link AS l WHERE l.source_id = $1 AND l.agenda_id = d.agenda_id)"""
