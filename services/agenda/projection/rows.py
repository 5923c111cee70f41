"""What an event says about the rows of the store. Pure: one function a kind of aggregate, no event folded into another's result.

A fifth source service is one more function here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from madang.agenda.v1 import item_pb2, theme_pb2
from madang.council.v1 import agenda_item_pb2
from madang.proposals.v1 import proposal_pb2
from madang.type.v1.text_pb2 import Text
from madang.voices.v1 import voice_pb2
from madang.workshops.v1 import innovation_agenda_pb2
from services.agenda.domain.plan import plan_tags
from services.agenda.projection.facts import TYPES, code_in, codes_in
from services.kit.database import Row
from services.kit.envelope import Envelope, Record, Unreadable
from services.kit.ids import agenda_id_of
from services.kit.text import one_line

NEVER = date.max  # PostgreSQL's `infinity`: no clock runs
TITLE_LENGTH = 80
RISING = "오르는 주제"  # what the title of a theme begins with
DERIVED_ID, OPENED_ID = 5, 7  # UUID versions: a source's row has a derived id, an opened item a new one
NO_CLOCK = frozenset({"answered_at_once", "answered", "closed"})


@dataclass(frozen=True, slots=True)
class ItemRow:
    """What one aggregate says about its row in `agenda_item`; without a version it only holds the place of what is not there yet."""

    agenda_id: UUID
    source_version: int = 0
    decision_version: int = 0
    service: str | None = None
    source_id: UUID | None = None
    source_status: str = ""
    gone: bool = False
    status: str = "candidate"
    title: str = ""
    body: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    due_on: date = NEVER
    raised_at: datetime | None = None
    at: datetime | None = None
    committed_at: datetime | None = None
    merged_into: UUID | None = None
    split_from: UUID | None = None
    owned_at: datetime | None = None
    answered_at: datetime | None = None
    decided_at: datetime | None = None
    measured_at: datetime | None = None

    @property
    def key(self) -> UUID:
        """What names the row."""
        return self.agenda_id

    @property
    def version(self) -> int:
        """Its aggregate's version."""
        return self.source_version or self.decision_version


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link between an opened item and a source's row."""

    link_id: UUID
    version: int
    agenda_id: UUID
    source_item: UUID
    service: str
    source_id: UUID
    relation: str
    confidence: float
    removed: bool
    linked_by: str
    linked_at: datetime
    committed_at: datetime

    @property
    def key(self) -> UUID:
        """What names the row."""
        return self.link_id


@dataclass(frozen=True, slots=True)
class Fact:
    """A record that could be read, and the row that it is about."""

    record: Record
    envelope: Envelope
    occurred_at: datetime
    row: ItemRow | LinkRow | None
    about: Sequence[UUID]

    @property
    def key(self) -> tuple[UUID, int]:
        """What names it in the ledger."""
        return self.envelope.subject, self.envelope.version

    @property
    def payload(self) -> bytes:
        """The message's bytes."""
        return self.record.value or b""


def row_of(envelope: Envelope, message: Any) -> ItemRow | LinkRow | None:
    """The row that an event is about; none for events that only stand in the ledger.

    Raises:
        Unreadable: PAYLOAD_INVALID, naming the field, where the payload contradicts itself or its envelope.
    """
    project = PROJECTIONS.get(message.after.DESCRIPTOR.full_name)
    return project(envelope, message) if project else None


def row_of_event(event: Row) -> ItemRow | LinkRow | None:
    """The row that follows from an event of the ledger."""
    message: Any = TYPES[event["type"]].FromString(event["payload"])
    envelope = Envelope(
        event["event_id"], f"urn:madang:{event['service']}", event["type"], event["committed_at"], event["aggregate_id"],
        event["version"], event["correlation_id"], event["causation_id"],
    )  # fmt: skip
    try:
        return row_of(envelope, message)
    except Unreadable:
        return None


def about_of(message: Any) -> list[UUID]:
    """The sources that an event of another aggregate concerns, such as the innovation agenda that was advised on."""
    after = message.after
    if after.DESCRIPTOR.full_name in PROJECTIONS:
        return []
    names = [name for field in ("item_id", "innovation_id", "innovation_ids") for name in _values(after, field)]
    return [_uuid(name, "about") for name in names]


def occurred_at(message: Any) -> datetime:
    """When it happened. Raises Unreadable."""
    return _time(message.occurred_at, "occurred_at")


def _proposal(envelope: Envelope, message: Any) -> ItemRow:
    after: proposal_pb2.Proposal = message.after
    status = code_in(after, "status")
    return _source(
        envelope, "proposals", after.proposal_id, status=status, title=after.title,
        texts=[after.description, after.answer.text, after.follow_up], owner=after.department,
        tags=[*_tags("group", codes_in(after, "represented_groups")), *_tags("theme", after.themes),
              *_tags("field", codes_in(after, "innovation_field")), *_tags("district", [after.district_code])],
        due_on=NEVER if status in NO_CLOCK else _day(after.due_on), raised_at=_time(after.requested_at, "requested_at"),
        at=occurred_at(message), owned_at=next((_moment(routed, "decided_at") for routed in after.routing if routed.to_department), None),
        gone=after.status == proposal_pb2.PROPOSAL_STATUS_WITHDRAWN, answered_at=_moment(after, "first_answered_at"),
    )  # fmt: skip


def _voice(envelope: Envelope, message: Any) -> ItemRow:
    after: voice_pb2.Voice = message.after
    return _source(
        envelope, "voices", after.voice_id, status=code_in(after, "status"), title=_headline(after.text.plain), texts=[after.text],
        tags=[*_tags("group", codes_in(after, "represented_group")), *_tags("theme", after.themes),
              *_tags("district", [after.district_code])],
        raised_at=_time(after.raised_at, "raised_at"), at=occurred_at(message),
        gone=after.status == voice_pb2.VOICE_STATUS_WITHDRAWN, answered_at=_moment(after.answer, "answered_at"),
    )  # fmt: skip


def _council_item(envelope: Envelope, message: Any) -> ItemRow:
    after: agenda_item_pb2.AgendaItem = message.after
    return _source(
        envelope, "council", after.item_id, status=code_in(after, "result"), title=after.name, texts=[after.text, after.resolution_text],
        tags=[*_tags("group", codes_in(after, "represented_groups")), *_tags("theme", after.themes),
              *_tags("district", [after.district_code])],
        raised_at=_time(after.raised_at, "raised_at"), at=occurred_at(message), decided_at=_moment(after, "decided_at"),
    )  # fmt: skip


def _innovation(envelope: Envelope, message: Any) -> ItemRow:
    after: innovation_agenda_pb2.InnovationAgenda = message.after
    return _source(
        envelope, "workshops", after.innovation_id, status=code_in(after, "phase"), title=after.title, texts=[after.summary, after.plan],
        owner=after.owner,
        tags=[*_tags("group", codes_in(after, "represented_groups")), *_tags("theme", after.themes),
              *_tags("field", codes_in(after, "innovation_field")), *_tags("district", [after.district_code])],
        raised_at=_time(after.proposed_at, "proposed_at"), at=occurred_at(message),
        owned_at=next((_moment(owned, "since") for owned in after.owners), None),
    )  # fmt: skip


def _theme(envelope: Envelope, message: Any) -> ItemRow:
    """A theme is a source of a service of its own. Its text is its words: a title of its evidence may be taken back, but not from here."""
    after: theme_pb2.Theme = message.after
    words = Text(plain=" ".join([after.word, *after.other_words]))
    return _source(
        envelope, "themes", after.theme_id, status=code_in(after, "status"), title=f"{RISING}: {after.word}", texts=[words],
        tags=_tags("theme", [after.word]), raised_at=_time(after.raised_at, "raised_at"), at=occurred_at(message),
        gone=after.status == theme_pb2.THEME_STATUS_DISMISSED,
    )  # fmt: skip


def _decision(envelope: Envelope, message: Any) -> ItemRow:
    after: item_pb2.AgendaDecision = message.after
    agenda_id = _subject(envelope, after.agenda_id)
    if agenda_id.version == DERIVED_ID:
        raise Unreadable("PAYLOAD_INVALID", "an opened item has no derived id", "after.agenda_id")
    return ItemRow(
        agenda_id, decision_version=envelope.version, status=_code(after, "status"), title=after.title, body=after.summary,
        owner=after.owner,
        tags=_sorted([*_tags("theme", after.themes), *_tags("language", [after.language]),
                      *(tag for task in after.plan_tasks for tag in plan_tags(task))]),
        due_on=_day(after.due_on), raised_at=_time(after.opened_at, "opened_at"), at=occurred_at(message), committed_at=envelope.time,
        merged_into=_uuid_or_none(after.merged_into, "merged_into"), split_from=_uuid_or_none(after.split_from, "split_from"),
        owned_at=_moment(after, "owned_at"), answered_at=_moment(after, "first_answered_at"), decided_at=_moment(after, "decided_at"),
        measured_at=_moment(after, "measured_at"),
    )  # fmt: skip


def _link(envelope: Envelope, message: Any) -> LinkRow:
    after: item_pb2.SourceLink = message.after
    link_id, agenda_id = _subject(envelope, after.link_id), _uuid(after.agenda_id, "agenda_id")
    service, source_id = _code(after, "service"), _uuid(after.source_id, "source_id")
    if agenda_id.version == DERIVED_ID:
        raise Unreadable("PAYLOAD_INVALID", "a link's item is an opened one", "after.agenda_id")
    return LinkRow(
        link_id, envelope.version, agenda_id, agenda_id_of(service, source_id), service, source_id, _code(after, "relation"),
        after.confidence, after.removed, after.linked_by, occurred_at(message), envelope.time,
    )  # fmt: skip


PROJECTIONS: dict[str, Callable[[Envelope, Any], ItemRow | LinkRow]] = {
    proposal_pb2.Proposal.DESCRIPTOR.full_name: _proposal,
    voice_pb2.Voice.DESCRIPTOR.full_name: _voice,
    agenda_item_pb2.AgendaItem.DESCRIPTOR.full_name: _council_item,
    innovation_agenda_pb2.InnovationAgenda.DESCRIPTOR.full_name: _innovation,
    theme_pb2.Theme.DESCRIPTOR.full_name: _theme,
    item_pb2.AgendaDecision.DESCRIPTOR.full_name: _decision,
    item_pb2.SourceLink.DESCRIPTOR.full_name: _link,
}


def _source(
    envelope: Envelope, service: str, identity: str, *, status: str, title: str, texts: Iterable[Text], tags: Iterable[str],
    raised_at: datetime, at: datetime, owner: str = "", due_on: date = NEVER, gone: bool = False, owned_at: datetime | None = None,
    answered_at: datetime | None = None, decided_at: datetime | None = None,
) -> ItemRow:  # fmt: skip
    """A source's row: its title and every text of it, so that whoever searches finds it by any of them."""
    source_id, texts = _subject(envelope, identity), [text for text in texts if text.plain]
    languages = _tags("language", [text.language for text in texts])
    return ItemRow(
        agenda_id_of(service, source_id), source_version=envelope.version, service=service, source_id=source_id, source_status=status,
        gone=gone, title=title, body="\n".join(text.plain for text in texts), owner=owner,
        tags=_sorted([f"source:{service}", *tags, *languages]), due_on=due_on, raised_at=raised_at, at=at,
        committed_at=envelope.time, owned_at=owned_at, answered_at=answered_at, decided_at=decided_at,
    )  # fmt: skip


def _code(message: Any, field: str) -> str:
    """A code that a row cannot do without."""
    if code := code_in(message, field):
        return code
    raise Unreadable("PAYLOAD_INVALID", f"{field} is missing, or a code that is not known here", f"after.{field}")


def _tags(kind: str, values: Iterable[str]) -> list[str]:
    return [f"{kind}:{value}" for value in values if value]


def _sorted(tags: Iterable[str]) -> tuple[str, ...]:
    """Each once, in one order: a row's hash must not depend on how it was made. UTF-8 sorts as its code points do."""
    return tuple(sorted(set(tags)))


def _headline(text: str) -> str:
    """A voice has no title of its own: its beginning stands for one."""
    line = one_line(text[: TITLE_LENGTH * 4])
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def _values(message: Any, field: str) -> list[str]:
    value = getattr(message, field, "")
    return [item for item in ([value] if isinstance(value, str) else value) if item]


def _subject(envelope: Envelope, identity: str) -> UUID:
    found = _uuid(identity, "id")
    if found != envelope.subject:
        raise Unreadable("PAYLOAD_INVALID", "the payload is about another aggregate than its envelope", "after")
    return found


def _uuid(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unreadable("PAYLOAD_INVALID", f"{field} is no UUID", f"after.{field}") from None


def _uuid_or_none(text: str, field: str) -> UUID | None:
    return _uuid(text, field) if text else None


def _time(message: Timestamp, field: str) -> datetime:
    if not message.seconds and not message.nanos:
        raise Unreadable("PAYLOAD_INVALID", f"{field} is missing", field)
    try:
        return message.ToDatetime(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("PAYLOAD_INVALID", f"{field} is no moment", field) from None


def _moment(message: Any, field: str) -> datetime | None:
    """A moment that need not have come yet."""
    return _time(getattr(message, field), field) if message.HasField(field) else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else NEVER
    except ValueError:
        raise Unreadable("PAYLOAD_INVALID", "due_on is no day", "after.due_on") from None
