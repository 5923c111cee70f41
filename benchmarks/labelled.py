"""Pairs of texts that say the same, or only seem to: `data/suggestions.jsonl`, a matter a line, written for this.

Of each matter: what somebody asks (`asked`), the same from elsewhere in other words (`same`), and another matter that shares words with it,
or the same of another district (`other`). With the `same` of a matter far away (`far`) each gives one pair that belongs together and two
that do not.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from benchmarks.generator import Produced
from benchmarks.words import DATA
from madang.council.v1 import agenda_item_pb2
from madang.events.council.v1 import council_pb2 as council_events
from madang.events.proposals.v1 import proposals_pb2 as proposals_events
from madang.events.voices.v1 import voices_pb2 as voices_events
from madang.proposals.v1 import proposal_pb2
from madang.type.v1 import vocabulary_pb2
from madang.type.v1.text_pb2 import Text
from madang.voices.v1 import voice_pb2
from services.kit.contracts import event_type_of
from services.kit.envelope import Envelope, to_headers
from services.kit.ids import agenda_id_of, derived_id

PARTS, FAR = ("asked", "same", "other"), 40
AT = Timestamp()
AT.FromDatetime(datetime(2026, 1, 5, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Said:
    """A text, who says it, and where."""

    source_id: UUID
    service: str
    title: str
    text: str
    group: str
    district: str

    @property
    def agenda_id(self) -> UUID:
        """Its row in the store."""
        return agenda_id_of(self.service, self.source_id)

    @property
    def whole(self) -> str:
        """Title and text."""
        return f"{self.title}\n{self.text}".strip()

    @property
    def tags(self) -> Sequence[str]:
        """As the store has them."""
        return [f"{kind}:{value}" for kind, value in (("group", self.group), ("district", self.district)) if value]

    @property
    def groups(self) -> list[Any]:
        """The groups that it speaks for."""
        return [vocabulary_pb2.RepresentedGroup.Value(f"REPRESENTED_GROUP_{self.group.upper()}")] if self.group else []


@dataclass(frozen=True, slots=True)
class Matter:
    """What is asked, the same in other words, and what is not the same."""

    asked: Said
    same: Said
    other: Said


@cache
def matters() -> Sequence[Matter]:
    """All of them, in order."""
    lines = (DATA / "suggestions.jsonl").read_text(encoding="utf-8").splitlines()
    return [Matter(*(_said(number, part, fields) for part, fields in zip(PARTS, map(json.loads(line).get, PARTS), strict=True)))
            for number, line in enumerate(lines)]  # fmt: skip


def pairs(half: int) -> Iterator[tuple[Said, Said, bool]]:
    """Three pairs of every second matter, from the first or the second on, and whether they belong together."""
    all_of_them = matters()
    for number in range(half, len(all_of_them), 2):
        matter, far = all_of_them[number], all_of_them[(number + FAR) % len(all_of_them)]
        yield from [(matter.asked, matter.same, True), (matter.asked, matter.other, False), (matter.asked, far.same, False)]


def facts() -> Iterator[Produced]:
    """All texts as records of their topics."""
    for matter in matters():
        for said in (matter.asked, matter.same, matter.other):
            message, envelope_id = MAKERS[said.service](said), derived_id("labelled", str(said.source_id))
            envelope = Envelope(
                envelope_id, f"urn:madang:{said.service}", event_type_of(message), AT.ToDatetime(UTC), said.source_id, 1, envelope_id,
                envelope_id,
            )  # fmt: skip
            topic, payload = f"madang.{said.service}.facts.v1", message.SerializeToString(deterministic=True)
            yield Produced(topic, str(said.source_id).encode(), payload, to_headers(envelope))


def _said(number: int, part: str, fields: dict[str, str]) -> Said:
    identity = derived_id("labelled", str(number), part)
    return Said(identity, fields["service"], fields.get("title", ""), fields["text"], fields["group"], fields["district"])


def _voice(said: Said) -> Message:
    group: Any = said.groups[0] if said.groups else None
    after = voice_pb2.Voice(
        voice_id=str(said.source_id), status=voice_pb2.VOICE_STATUS_RELAYED, text=Text(plain=said.text, language="ko"), raised_at=AT,
        district_code=said.district, represented_group=group,
    )  # fmt: skip
    return voices_events.VoiceRelayed(after=after, occurred_at=AT)


def _proposal(said: Said) -> Message:
    after = proposal_pb2.Proposal(
        proposal_id=str(said.source_id), status=proposal_pb2.PROPOSAL_STATUS_RECEIVED, channel=proposal_pb2.CHANNEL_WEB, title=said.title,
        description=Text(plain=said.text, language="ko"), requested_at=AT, represented_groups=said.groups, district_code=said.district,
    )  # fmt: skip
    return proposals_events.ProposalReceived(after=after, occurred_at=AT)


def _council_item(said: Said) -> Message:
    after = agenda_item_pb2.AgendaItem(
        item_id=str(said.source_id), name=said.title, text=Text(plain=said.text, language="ko"), public=True, raised_at=AT,
        result=agenda_item_pb2.ITEM_RESULT_UNDECIDED, represented_groups=said.groups, district_code=said.district,
    )  # fmt: skip
    return council_events.ItemPlaced(after=after, occurred_at=AT)


MAKERS = {"voices": _voice, "proposals": _proposal, "council": _council_item}
