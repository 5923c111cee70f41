"""Pairs between the wire and the domain lose nothing, and publish no more than they may."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from madang.events.voices.v1 import voices_pb2 as events_pb
from madang.voices.v1 import activity_pb2, mandate_pb2, voice_pb2
from services.kit.contracts import EventTypes, event_type_of
from services.kit.errors import Refused
from services.kit.text import Text
from services.kit.vocabulary import District, RepresentedGroup
from services.voices import events, wire
from services.voices.domain import Activity, ActivityKind, ActivityStatus, Consent, Mandate, Sensitivity, Voice, VoiceStatus

AT = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
MANDATE = Mandate(UUID(int=1), RepresentedGroup.FOREIGNERS, date(2026, 1, 1), AT, date(2027, 12, 31), "서울시 외국인주민회의")
ACTIVITY = Activity(
    UUID(int=2), MANDATE.id, ActivityKind.INSPECTION, "현장 방문", AT, AT.replace(hour=11), "대림중앙시장", District("11560"),
    "외국인주민과", 31, ActivityStatus.REPORTED,
)  # fmt: skip
VOICE = Voice(
    UUID(int=3), VoiceStatus.RELAYED, RepresentedGroup.FOREIGNERS, Text("Biển báo chỉ có tiếng Hàn", "vi"), AT, ACTIVITY.id, MANDATE.id,
    ("signs", "language"), Consent.GIVEN, Sensitivity.PUBLIC, District("11560"), "dasan:7",
)  # fmt: skip
BARE = Voice(UUID(int=4), VoiceStatus.CAPTURED, RepresentedGroup.WOMEN, None, AT)
STATES: dict[events.VoicesFact, Mandate | Activity | Voice] = {
    events.MandateAppointed(AT): MANDATE,
    events.ActivityPlanned(AT): ACTIVITY,
    events.ActivityReported(AT): ACTIVITY,
    events.ActivityCancelled(AT, "태풍"): ACTIVITY,
    events.VoiceRelayed(AT): VOICE,
    events.VoiceWithdrawn(AT): replace(VOICE, text=None),
}
FROM_WIRE: dict[Any, Any] = {
    mandate_pb2.Mandate: wire.mandate_from_wire,
    activity_pb2.Activity: wire.activity_from_wire,
    voice_pb2.Voice: wire.voice_from_wire,
}


def test_a_mandate_comes_back_as_it_went() -> None:
    assert wire.mandate_from_wire(wire.mandate_to_wire(MANDATE)) == MANDATE


@pytest.mark.parametrize("activity", [ACTIVITY, Activity(UUID(int=5), MANDATE.id, ActivityKind.EVENT, "행사", AT)], ids=["full", "bare"])
def test_an_activity_comes_back_as_it_went(activity: Activity) -> None:
    assert wire.activity_from_wire(wire.activity_to_wire(activity)) == activity


@pytest.mark.parametrize("voice", [VOICE, BARE], ids=["full", "bare"])
def test_a_voice_comes_back_as_it_went(voice: Voice) -> None:
    assert wire.voice_from_wire(wire.voice_to_wire(voice)) == voice


@pytest.mark.parametrize("fact", STATES, ids=lambda fact: type(fact).__name__)
def test_every_fact_carries_the_whole_state_and_has_a_type(fact: events.VoicesFact) -> None:
    message = wire.event_of(fact, STATES[fact])
    assert FROM_WIRE[type(message.after)](message.after) == STATES[fact]  # type: ignore[attr-defined]
    assert event_type_of(message).startswith("kr.go.seoul.madang.")


def test_every_fact_of_the_contract_is_published() -> None:
    assert {event_type_of(message) for message in wire.FACTS.values()} == set(EventTypes(events_pb))


def test_a_reason_travels_with_its_fact() -> None:
    assert wire.event_of(events.ActivityCancelled(AT, "태풍"), ACTIVITY).reason == "태풍"  # type: ignore[attr-defined]


def test_a_sensitive_voice_travels_without_its_words() -> None:
    message = wire.event_of(events.VoiceRelayed(AT), replace(VOICE, sensitivity=Sensitivity.SENSITIVE))
    assert not message.after.HasField("text")  # type: ignore[attr-defined]
    assert "Biển" not in str(message)


def test_the_wire_has_no_field_for_a_person() -> None:
    fields = [field.name for pb in FROM_WIRE for field in pb.DESCRIPTOR.fields]
    assert not [name for name in fields if "person" in name or "speaker" in name]


def test_an_unknown_code_is_refused_by_name() -> None:
    message = wire.voice_to_wire(VOICE)
    message.status = 99  # type: ignore[assignment]
    with pytest.raises(Refused) as refused:
        wire.voice_from_wire(message)
    assert refused.value.code == "ENUM_UNKNOWN"
    assert "relayed" in refused.value.message
