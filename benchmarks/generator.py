"""A log of facts as it would come: four kinds of sources, items, links, and everything that goes wrong on the way. Seeded.

Of all records 10 % come twice, 10 % before their turn, 5 % are old versions that come again; 1 % of voices are taken back.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
from services.kit.contracts import event_type_of
from services.kit.envelope import Envelope, to_headers
from services.kit.ids import derived_id

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
NAMES = UUID("00000000-0000-4000-8000-000000000000")
MIX = {"proposals": 0.5, "voices": 0.2, "council": 0.2, "workshops": 0.1}
TWICE, EARLY, STALE, TAKEN_BACK = 0.10, 0.10, 0.05, 0.01
GROUPS = [number for number in vocabulary_pb2.RepresentedGroup.values() if number]


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
        self._now = BEGIN
        self._versions: dict[UUID, int] = {}
        self._sources: list[tuple[str, UUID]] = []

    def sources(self, count: int) -> Iterator[Produced]:
        """Sources only, one event each."""
        for _ in range(count):
            yield self._source(*self._new_source())

    def log(self, count: int) -> list[Produced]:
        """So many records, with links, newer versions and all that goes wrong."""
        clean: list[Produced] = []
        while len(clean) < count * (1 - TWICE - STALE):
            clean += self._step()
        return self._disturbed(clean, count)

    def _step(self) -> Iterator[Produced]:
        chance = self._random.random()
        if chance < 0.72 or len(self._sources) < 10:
            yield self._source(*self._new_source())
        elif chance < 0.94:
            yield self._source(*self._sources[-self._random.randint(1, min(500, len(self._sources)))])
        else:
            yield from self._item()

    def _disturbed(self, clean: list[Produced], count: int) -> list[Produced]:
        """Records twice, earlier than their turn, and old ones again."""
        places = [(float(place), record) for place, record in enumerate(clean)]
        for number in self._random.sample(range(len(places)), int(len(places) * EARLY)):
            place, record = places[number]
            places[number] = (place - self._random.uniform(0, 200), record)
        again = self._random.choices(range(len(clean)), k=max(0, count - len(clean)))
        twice = int(len(again) * TWICE / (TWICE + STALE))
        places += [(number + self._random.uniform(0, 3), clean[number]) for number in again[:twice]]
        places += [(number + self._random.uniform(1_000, 5_000), clean[number]) for number in again[twice:]]
        return [record for _, record in sorted(places, key=lambda item: item[0])]

    def _new_source(self) -> tuple[str, UUID]:
        service = self._random.choices(list(MIX), list(MIX.values()))[0]
        source = (service, self._new_id(4))
        self._sources.append(source)
        return source

    def _source(self, service: str, identity: UUID) -> Produced:
        return self._published(service, identity, MAKERS[service](self, identity))

    def _item(self) -> Iterator[Produced]:
        """An item that officers open, with links to some recent sources; one in twenty is unlinked again."""
        identity, language = self._new_id(7), self._words.language()
        after = item_pb2.AgendaDecision(
            agenda_id=str(identity), title=self._words.text(5, language), summary=self._words.text(20, language), language=language,
            status=item_pb2.AGENDA_STATUS_OPEN, opened_at=self._stamp(), themes=self._themes(),
        )  # fmt: skip
        yield self._published("agenda", identity, agenda_events.AgendaItemOpened(after=after, occurred_at=self._stamp()))
        for service, source_id in self._random.sample(self._sources[-500:], self._random.randint(1, 4)):
            yield self._link(identity, service, source_id, removed=False)
            if self._random.random() < 0.05:
                yield self._link(identity, service, source_id, removed=True)

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
        self._now += timedelta(seconds=self._random.randint(1, 60))
        version = self._versions[aggregate] = self._versions.get(aggregate, 0) + 1
        event_id = uuid5(NAMES, f"{aggregate} {version}")
        envelope = Envelope(
            event_id, f"urn:madang:{service}", event_type_of(message), self._now, aggregate, version, event_id, event_id
        )  # fmt: skip
        payload = message.SerializeToString(deterministic=True)
        return Produced(f"madang.{service}.facts.v1", str(aggregate).encode(), payload, to_headers(envelope))

    def proposal(self, identity: UUID) -> Message:
        language = self._words.language()
        after = proposal_pb2.Proposal(
            proposal_id=str(identity), status=proposal_pb2.PROPOSAL_STATUS_RECEIVED, channel=proposal_pb2.CHANNEL_WEB,
            title=self._words.text(5, language), description=self._text(language), requested_at=self._stamp(), themes=self._themes(),
            represented_groups=self._groups(), supports=self._random.randint(0, 500), department="버스정책과",
        )  # fmt: skip
        return proposals_events.ProposalReceived(after=after, occurred_at=self._stamp())

    def voice(self, identity: UUID) -> Message:
        if identity in self._versions and self._random.random() < TAKEN_BACK / 0.05:
            gone = voice_pb2.Voice(voice_id=str(identity), status=voice_pb2.VOICE_STATUS_WITHDRAWN, raised_at=self._stamp())
            return voices_events.VoiceWithdrawn(after=gone, occurred_at=self._stamp())
        after = voice_pb2.Voice(
            voice_id=str(identity), status=voice_pb2.VOICE_STATUS_RELAYED, text=self._text(self._words.language()), raised_at=self._stamp(),
            themes=self._themes(), represented_group=self._random.choice(GROUPS),
        )  # fmt: skip
        return voices_events.VoiceRelayed(after=after, occurred_at=self._stamp())

    def council_item(self, identity: UUID) -> Message:
        language = self._words.language()
        after = agenda_item_pb2.AgendaItem(
            item_id=str(identity), name=self._words.text(6, language), text=self._text(language), public=True, raised_at=self._stamp(),
            result=agenda_item_pb2.ITEM_RESULT_UNDECIDED, themes=self._themes(), represented_groups=self._groups(),
        )  # fmt: skip
        return council_events.ItemPlaced(after=after, occurred_at=self._stamp())

    def innovation(self, identity: UUID) -> Message:
        language = self._words.language()
        after = innovation_agenda_pb2.InnovationAgenda(
            innovation_id=str(identity), title=self._words.text(5, language), summary=self._text(language), proposed_at=self._stamp(),
            phase=innovation_agenda_pb2.PHASE_PROPOSED, innovation_field=vocabulary_pb2.INNOVATION_FIELD_JOBS, themes=self._themes(),
        )  # fmt: skip
        return workshops_events.InnovationProposed(after=after, occurred_at=self._stamp())

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

    def _stamp(self) -> Timestamp:
        stamp = Timestamp()
        stamp.FromDatetime(self._now)
        return stamp


MAKERS: dict[str, Callable[[Generator, UUID], Message]] = {
    "proposals": Generator.proposal,
    "voices": Generator.voice,
    "council": Generator.council_item,
    "workshops": Generator.innovation,
}
