"""Pairs between the wire and the domain lose nothing, and publish no more than they may."""

from dataclasses import fields, replace
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
from services.voices import events
from services.voices.domain.activity import Activity, ActivityKind, ActivityStatus
from services.voices.domain.mandate import Mandate, MandateStatus
from services.voices.domain.voice import Answer, Consent, Sensitivity, Voice, VoiceStatus
from services.voices.domain.watch import GroupWatch
from services.voices.wire import activity as activity_wire
from services.voices.wire import mandate as mandate_wire
from services.voices.wire import voice as voice_wire
from services.voices.wire import watch as watch_wire

AT = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
MANDATE = Mandate(
    UUID(int=1), RepresentedGroup.FOREIGNERS, date(2026, 1, 1), AT, date(2027, 12, 31), "서울시 외국인주민회의", MandateStatus.DISMISSED,
    AT, 1, "이해 충돌",
)  # fmt: skip
NOMINATED = Mandate(UUID(int=6), RepresentedGroup.WOMEN, date(2026, 1, 1), AT)
WATCH = GroupWatch.begun(RepresentedGroup.WOMEN, at=AT)
ACTIVITY = Activity(
    UUID(int=2), MANDATE.id, ActivityKind.INSPECTION, "현장 방문", AT, AT.replace(hour=11), "대림중앙시장", District("11560"),
    "외국인주민과", 31, ActivityStatus.REPORTED,
)  # fmt: skip
VOICE = Voice(
    UUID(int=3), VoiceStatus.RELAYED, RepresentedGroup.FOREIGNERS, Text("Biển báo chỉ có tiếng Hàn", "vi"), AT, ACTIVITY.id, MANDATE.id,
    ("signs", "language"), Consent.GIVEN, Sensitivity.PUBLIC, District("11560"), AT,
    Answer(Text("Sẽ thêm", "vi"), "외국인주민과", AT), UUID(int=9), "dasan:7",
)  # fmt: skip
BARE = Voice(UUID(int=4), VoiceStatus.CAPTURED, RepresentedGroup.WOMEN, None, AT)
WIRES: dict[Any, tuple[Any, Any]] = {
    **dict.fromkeys(mandate_wire.FACTS, (mandate_wire, MANDATE)),
    **dict.fromkeys(activity_wire.FACTS, (activity_wire, ACTIVITY)),
    **dict.fromkeys(voice_wire.FACTS, (voice_wire, VOICE)),
    **dict.fromkeys(watch_wire.FACTS, (watch_wire, WATCH)),
}
FROM_WIRE: dict[Any, Any] = {
    mandate_pb2.Mandate: mandate_wire.mandate_from_wire,
    activity_pb2.Activity: activity_wire.activity_from_wire,
    voice_pb2.Voice: voice_wire.voice_from_wire,
}


@pytest.mark.parametrize("mandate", [MANDATE, NOMINATED], ids=["full", "bare"])
def test_a_mandate_comes_back_as_it_went(mandate: Mandate) -> None:
    assert mandate_wire.mandate_from_wire(mandate_wire.mandate_to_wire(mandate)) == mandate


@pytest.mark.parametrize("activity", [ACTIVITY, Activity(UUID(int=5), MANDATE.id, ActivityKind.EVENT, "행사", AT)], ids=["full", "bare"])
def test_an_activity_comes_back_as_it_went(activity: Activity) -> None:
    assert activity_wire.activity_from_wire(activity_wire.activity_to_wire(activity)) == activity


@pytest.mark.parametrize("voice", [VOICE, BARE], ids=["full", "bare"])
def test_a_voice_comes_back_as_it_went(voice: Voice) -> None:
    assert voice_wire.voice_from_wire(voice_wire.voice_to_wire(voice)) == voice


@pytest.mark.parametrize("fact", WIRES, ids=lambda fact: fact.__name__)
def test_every_fact_carries_the_whole_state_and_has_a_type(fact: Any) -> None:
    wire, state = WIRES[fact]
    message = wire.event_of(fact(AT, *("왜" for _ in fields(fact)[1:])), state)
    if back := FROM_WIRE.get(type(message.after)):
        assert back(message.after) == state
    assert [getattr(message, item.name) for item in fields(fact)[1:]] == ["왜" for _ in fields(fact)[1:]]
    assert event_type_of(message).startswith("kr.go.seoul.madang.")


def test_every_fact_of_the_contract_is_published() -> None:
    wires: list[Any] = [mandate_wire, activity_wire, voice_wire, watch_wire]
    published = [message for wire in wires for message in wire.FACTS.values()]
    assert {event_type_of(message) for message in published} == set(EventTypes(events_pb))


def test_a_sensitive_voice_travels_without_its_words() -> None:
    message = voice_wire.event_of(events.VoiceRelayed(AT), replace(VOICE, sensitivity=Sensitivity.SENSITIVE))
    assert not message.after.HasField("text")  # type: ignore[attr-defined]
    assert "Biển" not in str(message)


def test_the_wire_has_no_field_for_a_person() -> None:
    fields = [field.name for pb in FROM_WIRE for field in pb.DESCRIPTOR.fields]
    assert not [name for name in fields if "person" in name or "speaker" in name]


def test_an_unknown_code_is_refused_by_name() -> None:
    message = voice_wire.voice_to_wire(VOICE)
    message.status = 99  # type: ignore[assignment]
    with pytest.raises(Refused) as refused:
        voice_wire.voice_from_wire(message)
    assert refused.value.code == "ENUM_UNKNOWN"
    assert "relayed" in refused.value.message
