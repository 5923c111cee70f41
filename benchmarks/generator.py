"""A log of facts as it would come: four kinds of sources, items, links, and everything that goes wrong on the way. Seeded.

Of all records 10 % come twice, 10 % before their turn, 5 % are old versions that come again; 1 % of voices are taken back. One source in
ten is linked to an item that officers opened; items and sources go on to an owner, an answer and a decision.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import chain, count, islice
from typing import TypeVar
from uuid import UUID, uuid5

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from benchmarks.words import THEMES, Words
from madang.agenda.v1 import item_pb2
from madang.council.v1 import agenda_item_pb2
from madang.events.agenda.v1 import agenda_pb2 as agenda_events
from madang.events.council.v1 import council_pb2 as council_events
from madang.events.proposals.v1 import proposals_pb2 as proposals_events
from madang.events.voices.v1 import voices_pb2 as voices_events
from madang.events.workshops.v1 import workshops_pb2 as workshops_events
from madang.proposals.v1 import proposal_pb2
from madang.type.v1 import vocabulary_pb2
from madang.type.v1.text_pb2 import Text
from madang.voices.v1 import voice_pb2
from madang.workshops.v1 import innovation_agenda_pb2
from services.kit import vocabulary
from services.kit.contracts import event_type_of
from services.kit.envelope import Envelope, to_headers
from services.kit.ids import derived_id

T = TypeVar("T")
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
NAMES = UUID("00000000-0000-4000-8000-000000000000")
MIX = {"proposals": 0.5, "voices": 0.2, "council": 0.2, "workshops": 0.1}
TWICE, EARLY, STALE, TAKEN_BACK = 0.10, 0.10, 0.05, 0.01
AHEAD = 200  # how many places before its turn a record comes at most
# What happens next: a new source, a newer version of one, a newer version of an item; else an item is opened, for 25 sources one.
NEW, AGAIN, ON = 0.775, 0.13, 0.064
RECENT = 500  # what goes on is one of the last so many
GROUPS = [number for number in vocabulary_pb2.RepresentedGroup.values() if number]
FIELDS = [number for number in vocabulary_pb2.InnovationField.values() if number]
DISTRICTS = [*vocabulary.DISTRICTS]
DEPARTMENTS = (
    "버스정책과",
    "주택정책과",
    "복지정책과",
    "환경정책과",
    "교통운영과",
    "문화정책과",
    "일자리정책과",
    "청년정책과",
    "안전총괄과",
    "공원조성과",
)
TASKS = [f"hr2013/{objective}.{area}.1.{task}" for objective in range(1, 6) for area in range(1, 4) for task in range(1, 5)]
STEPS = (
    item_pb2.AGENDA_STATUS_OPEN, item_pb2.AGENDA_STATUS_ASSIGNED, item_pb2.AGENDA_STATUS_IN_PROGRESS, item_pb2.AGENDA_STATUS_DECIDED,
    item_pb2.AGENDA_STATUS_IMPLEMENTED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Produced:
    """A record before it has an offset."""

    topic: str
    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


class Generator:
    """Makes events; the same seed, the same log."""

    def __init__(self, seed: int = 1) -> None:
        self._random, self._words = random.Random(seed), Words(seed)
        self.now = BEGIN
        self._versions: dict[UUID, int] = {}
        self._sources: list[tuple[str, UUID]] = []
        self._items: list[item_pb2.AgendaDecision] = []
        self._linked: set[UUID] = set()

    def sources(self, count: int) -> Iterator[Produced]:
        """Sources only, one event each."""
        for _ in range(count):
            yield self._source(*self._new_source())

    def log(self, count: int) -> list[Produced]:
        """So many records, with links, newer versions and all that goes wrong."""
        steps = chain.from_iterable(self._step() for _ in iter(int, 1))
        return list(self._disturbed(islice(steps, round(count * (1 - TWICE - STALE)))))

    def agenda(self, items: int) -> Iterator[Produced]:
        """The same until so many items are listed: opened ones, and sources that are part of none."""
        return self._disturbed(record for _ in iter(lambda: self.listed < items, False) for record in self._step())

    @property
    def listed(self) -> int:
        """Opened items, and sources that are part of none; the few that were unlinked or taken back are not told apart."""
        return len(self._sources) - len(self._linked) + len(self._items)

    def _step(self) -> Iterator[Produced]:
        chance = self._random.random()
        if chance < NEW or len(self._sources) < 10:
            yield self._source(*self._new_source())
        elif chance < NEW + AGAIN:
            yield self._source(*self._recent(self._sources))
        elif chance < NEW + AGAIN + ON and self._items:
            yield self._moved_on(self._recent(self._items))
        else:
            yield from self._opened()

    def _recent(self, made: list[T]) -> T:
        return made[-self._random.randint(1, min(RECENT, len(made)))]

    def _disturbed(self, clean: Iterable[Produced]) -> Iterator[Produced]:
        """Records twice, earlier than their turn, and old ones again. Holds only what is still to come, so that a log has any size."""
        waiting: list[tuple[float, int, Produced]] = []
        order, again = count(), 0
        for place, record in enumerate(clean):
            early = self._random.uniform(0, AHEAD) if self._random.random() < EARLY / (1 - TWICE - STALE) else 0
            heappush(waiting, (place - early, next(order), record))
            if (place + 1) * (TWICE + STALE) / (1 - TWICE - STALE) >= again + 1:
                again += 1
                late = self._random.uniform(0, 3) if again % 3 else self._random.uniform(1_000, 5_000)
                heappush(waiting, (place + late, next(order), record))
            while waiting and waiting[0][0] < place - AHEAD:
                yield heappop(waiting)[2]
        while waiting:
            yield heappop(waiting)[2]

    def _new_source(self) -> tuple[str, UUID]:
        service = self._random.choices(list(MIX), list(MIX.values()))[0]
        source = (service, self._new_id(4))
        self._sources.append(source)
        return source

    def _source(self, service: str, identity: UUID) -> Produced:
        return self._published(service, identity, MAKERS[service](self, identity))

    def _opened(self) -> Iterator[Produced]:
        """An item that officers open, with links to some recent sources; one in twenty is unlinked again."""
        identity, language = self._new_id(7), self._words.language()
        after = item_pb2.AgendaDecision(
            agenda_id=str(identity), title=self._words.text(5, language), summary=self._words.text(20, language), language=language,
            status=item_pb2.AGENDA_STATUS_OPEN, opened_at=self._stamp(), themes=self._themes(), due_on=self._due(),
            plan_tasks=self._random.sample(TASKS, self._random.randint(0, 1)),
        )  # fmt: skip
        self._items.append(after)
        yield self._published("agenda", identity, agenda_events.AgendaItemOpened(after=after, occurred_at=self._stamp()))
        for service, source_id in self._random.sample(self._sources[-RECENT:], self._random.randint(1, 4)):
            self._linked.add(source_id)
            yield self._link(identity, service, source_id, removed=False)
            if self._random.random() < 0.05:
                yield self._link(identity, service, source_id, removed=True)

    def _moved_on(self, after: item_pb2.AgendaDecision) -> Produced:
        """An item's next state: owned, begun, decided and answered, carried out."""
        step = min(STEPS.index(after.status) + 1, len(STEPS) - 1)
        after.status, stamp = STEPS[step], self._stamp()
        kind: type[Message] = agenda_events.AgendaStatusChanged
        if after.status == item_pb2.AGENDA_STATUS_ASSIGNED:
            after.owner, kind = self._department(), agenda_events.AgendaOwnerAssigned
            after.owned_at.CopyFrom(stamp)
        elif after.status == item_pb2.AGENDA_STATUS_DECIDED:
            after.decided_at.CopyFrom(stamp)
            after.first_answered_at.CopyFrom(stamp)
        return self._published("agenda", UUID(after.agenda_id), kind(after=after, occurred_at=stamp))

    def _link(self, agenda_id: UUID, service: str, source_id: UUID, *, removed: bool) -> Produced:
        identity = derived_id("agenda-link", str(agenda_id), service, str(source_id))
        after = item_pb2.SourceLink(
            link_id=str(identity), agenda_id=str(agenda_id), source_id=str(source_id), confidence=1, removed=removed, linked_by="officer",
            service=vocabulary_pb2.SourceService.Value(f"SOURCE_SERVICE_{service.upper()}"), relation=item_pb2.RELATION_RAISED,
            linked_at=self._stamp(),
        )  # fmt: skip
        kind = agenda_events.AgendaUnlinked if removed else agenda_events.AgendaLinked
        return self._published("agenda", identity, kind(after=after, occurred_at=self._stamp()))

    def _published(self, service: str, aggregate: UUID, message: Message) -> Produced:
        self.now += timedelta(seconds=self._random.randint(1, 60))
        version = self._versions[aggregate] = self._versions.get(aggregate, 0) + 1
        event_id = uuid5(NAMES, f"{aggregate} {version}")
        envelope = Envelope(
            event_id, f"urn:madang:{service}", event_type_of(message), self.now, aggregate, version, event_id, event_id
        )  # fmt: skip
        payload = message.SerializeToString(deterministic=True)
        return Produced(f"madang.{service}.facts.v1", str(aggregate).encode(), payload, to_headers(envelope))

    def proposal(self, identity: UUID) -> Message:
        """Received; then routed, with a day by which it is due; then answered."""
        language, stamp, version = self._words.language(), self._stamp(), self._versions.get(identity, 0)
        after = proposal_pb2.Proposal(
            proposal_id=str(identity), status=proposal_pb2.PROPOSAL_STATUS_RECEIVED, channel=proposal_pb2.CHANNEL_WEB,
            title=self._words.text(5, language), description=self._text(language), requested_at=stamp, themes=self._themes(),
            represented_groups=self._groups(), supports=self._random.randint(0, 500), district_code=self._district(),
        )  # fmt: skip
        if not version:
            return proposals_events.ProposalReceived(after=after, occurred_at=stamp)
        after.status, after.department, after.due_on = proposal_pb2.PROPOSAL_STATUS_ASSIGNED, self._department(), self._due()
        after.routing.add(to_department=after.department, decided_at=stamp)
        if version == 1:
            return proposals_events.ProposalRouted(after=after, occurred_at=stamp)
        after.status = proposal_pb2.PROPOSAL_STATUS_ANSWERED
        after.answer.text.CopyFrom(Text(plain=self._words.text(15, language), language=language))
        after.answer.answered_at.CopyFrom(stamp)
        after.first_answered_at.CopyFrom(stamp)
        return proposals_events.ProposalAnswered(after=after, occurred_at=stamp)

    def voice(self, identity: UUID) -> Message:
        """Relayed; then answered, or taken back."""
        stamp, version = self._stamp(), self._versions.get(identity, 0)
        if version and self._random.random() < TAKEN_BACK / AGAIN * NEW:
            gone = voice_pb2.Voice(voice_id=str(identity), status=voice_pb2.VOICE_STATUS_WITHDRAWN, raised_at=stamp)
            return voices_events.VoiceWithdrawn(after=gone, occurred_at=stamp)
        after = voice_pb2.Voice(
            voice_id=str(identity), status=voice_pb2.VOICE_STATUS_RELAYED, text=self._text(self._words.language()), raised_at=stamp,
            themes=self._themes(), represented_group=self._random.choice(GROUPS), district_code=self._district(),
        )  # fmt: skip
        if not version:
            return voices_events.VoiceRelayed(after=after, occurred_at=stamp)
        after.status = voice_pb2.VOICE_STATUS_ANSWERED
        after.answer.answered_at.CopyFrom(stamp)
        return voices_events.VoiceAnswered(after=after, occurred_at=stamp)

    def council_item(self, identity: UUID) -> Message:
        """Placed; then decided."""
        language, stamp = self._words.language(), self._stamp()
        after = agenda_item_pb2.AgendaItem(
            item_id=str(identity), name=self._words.text(6, language), text=self._text(language), public=True, raised_at=stamp,
            result=agenda_item_pb2.ITEM_RESULT_UNDECIDED, themes=self._themes(), represented_groups=self._groups(),
            district_code=self._district(),
        )  # fmt: skip
        if identity not in self._versions:
            return council_events.ItemPlaced(after=after, occurred_at=stamp)
        after.result = agenda_item_pb2.ITEM_RESULT_ADOPTED
        after.decided_at.CopyFrom(stamp)
        return council_events.ItemDecided(after=after, occurred_at=stamp)

    def innovation(self, identity: UUID) -> Message:
        """Proposed; then owned."""
        language, stamp = self._words.language(), self._stamp()
        after = innovation_agenda_pb2.InnovationAgenda(
            innovation_id=str(identity), title=self._words.text(5, language), summary=self._text(language), proposed_at=stamp,
            phase=innovation_agenda_pb2.PHASE_PROPOSED, innovation_field=self._random.choice(FIELDS), themes=self._themes(),
            represented_groups=self._groups(),
        )  # fmt: skip
        if identity not in self._versions:
            return workshops_events.InnovationProposed(after=after, occurred_at=stamp)
        after.owner = self._department()
        after.owners.add(owner=after.owner, since=stamp)
        return workshops_events.OwnerAssigned(after=after, occurred_at=stamp)

    def _new_id(self, version: int) -> UUID:
        """An identifier of a version (Python 3.11's own UUID knows versions up to 5)."""
        bits = self._random.getrandbits(128) & ~(0xF000 << 64) & ~(0xC000 << 48)
        return UUID(int=bits | version << 76 | 0x8000 << 48)

    def _text(self, language: str) -> Text:
        return Text(plain=self._words.text(self._random.randint(15, 65), language), language=language)

    def _themes(self) -> list[str]:
        return self._random.sample(THEMES, self._random.randint(0, 2))

    def _groups(self) -> list[vocabulary_pb2.RepresentedGroup.ValueType]:
        return self._random.sample(GROUPS, self._random.randint(0, 2))

    def _district(self) -> str:
        """One of the 25; one in three concerns the whole city."""
        return self._random.choice(DISTRICTS) if self._random.random() < 2 / 3 else ""

    def _department(self) -> str:
        return self._random.choice(DEPARTMENTS)

    def _due(self) -> str:
        return (self.now + timedelta(days=self._random.randint(7, 90))).date().isoformat()

    def _stamp(self) -> Timestamp:
        stamp = Timestamp()
        stamp.FromDatetime(self.now)
        return stamp


MAKERS: dict[str, Callable[[Generator, UUID], Message]] = {
    "proposals": Generator.proposal,
    "voices": Generator.voice,
    "council": Generator.council_item,
    "workshops": Generator.innovation,
}
