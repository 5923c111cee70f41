"""The sample keeps what it promises, and every request of it passes the contracts' own rules."""

from collections import Counter
from typing import Any
from uuid import UUID, uuid5

import pytest
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import Message

from madang.council.v1 import minutes_pb2
from madang.events.partners.v1 import partners_pb2
from madang.proposals.v1 import town_project_pb2
from madang.type.v1 import vocabulary_pb2
from madang.workshops.v1 import innovation_agenda_pb2, workshop_pb2
from services.cli.sample import SAMPLE, Step, filled, read, request_of
from services.cli.sample_events import whole
from services.kit import validation
from services.kit.contracts import EventTypes
from services.kit.errors import Refused

FILES = read(SAMPLE)
STEPS = [step for _, steps in FILES for step in steps]
EVENTS: list[dict[str, Any]] = [event for content, _ in FILES for event in content.get("events", [])]
PARTNER_TYPES = EventTypes(partners_pb2)


@pytest.fixture(scope="module")
def ids() -> dict[str, str]:
    return {f"{step.service}.{step.life}": str(uuid5(UUID(int=1), f"{step.service}.{step.life}")) for step in STEPS}


def calls(method: str) -> list[Step]:
    return [step for step in STEPS if step.method == method]


def texts(message: Message) -> list[Any]:
    found: list[Any] = []
    for field, value in message.ListFields():
        for item in value if field.is_repeated else [value]:
            if isinstance(item, Message):
                found += [item] if item.DESCRIPTOR.name == "Text" else texts(item)
    return found


def is_written_in(text: str, language: str) -> bool:
    """Rough, and enough: no Hangul outside Korean, Han without Hangul in Chinese, Vietnamese marks, plain ASCII in English."""
    hangul, han = any("가" <= c <= "힣" for c in text), any("一" <= c <= "鿿" for c in text)
    marks = any(c in "ăâđêôơưàảãạằắầấềếểễộớờợứừựìíùúủòóỏọồốổẹệịụữ" for c in text.lower())
    return {"ko": hangul and not han, "zh-Hans": han and not hangul, "vi": marks and not hangul and not han, "en": text.isascii()}[language]


def refusal(step: Step, ids: dict[str, str]) -> str | None:
    try:
        validation.check(request_of(step, ids))
    except Refused as refused:
        return f"{step}: {refused.message}"
    return None


def test_every_request_passes_its_contract(ids: dict[str, str]) -> None:
    assert [found for step in STEPS if (found := refusal(step, ids))] == []


def test_the_sample_is_as_large_as_it_says(ids: dict[str, str]) -> None:
    count = Counter(step.method for step in STEPS)
    groups = {step.fields["represented_group"] for step in calls("AppointMandate")}
    assert len(groups) == 12 == len(vocabulary_pb2.RepresentedGroup.keys()) - 1
    assert count["CaptureVoice"] == 31
    assert len({step.fields["activity_id"] for step in calls("CaptureVoice")}) == 15
    assert count["CreateCouncil"] + count["ImportCouncil"] == 2
    assert count["ScheduleMeeting"] == 4
    assert count["ProposeInnovation"] == 11
    assert count["SubmitProposal"] + count["ImportProposal"] == 30
    assert count["ImportPlan"] == count["ImportIndex"] == 1
    assert len({step.fields["channel"] for step in calls("SubmitProposal")}) >= 5


def test_every_held_meeting_has_published_minutes_with_all_eight_parts() -> None:
    held = {step.life for step in calls("HoldMeeting")}
    published = {
        step.life if step.fields["minutes_id"] == "$self" else step.fields["minutes_id"].removeprefix("$")
        for step in calls("PublishMinutes")
    }
    assert held == {step.fields["meeting_id"].removeprefix("$") for step in calls("StartMinutes") if step.life in published}
    for life in published:
        parts = {step.fields["part"]["part"] for step in calls("WriteMinutesPart") if step.life == life}
        assert parts == set(minutes_pb2.MinutesPart.keys()) - {"MINUTES_PART_UNSPECIFIED"}


def test_innovation_agendas_stand_in_every_phase() -> None:
    target = Counter(step.life if step.fields["innovation_id"] == "$self" else step.fields["innovation_id"][1:]
                     for step in calls("AdvanceInnovation"))  # fmt: skip
    returned = Counter(step.life for step in calls("ReturnInnovation"))
    assert {target[step.life] - returned[step.life] for step in calls("ProposeInnovation")} == {0, 1, 2, 3, 4, 5}
    assert calls("PauseInnovation")
    assert calls("ShelveInnovation")


def test_the_workshops_show_every_kind_of_output_and_innovations_every_discovery_source() -> None:
    outputs = {output["kind"] for step in calls("HoldWorkshop") for output in step.fields["outputs"]}
    assert outputs == set(workshop_pb2.OutputKind.keys()) - {"OUTPUT_KIND_UNSPECIFIED"}
    sources = {step.fields["discovery_source"] for step in calls("ProposeInnovation")}
    assert sources == set(innovation_agenda_pb2.DiscoverySource.keys()) - {"DISCOVERY_SOURCE_UNSPECIFIED"}
    assert {step.fields["diffusion_scope"] for step in calls("RecordDiffusion")} == {"DIFFUSION_SCOPE_INTERNAL", "DIFFUSION_SCOPE_EXTERNAL"}


def test_town_projects_stand_in_every_state() -> None:
    standing = {
        "ProposeTownProject": "IDEA", "CounselTownProject": "COUNSELLING", "ApplyTownProject": "APPLIED", "InspectTownProject": "INSPECTED",
        "ReviewTownProject": "REVIEWED", "SelectTownProject": "SELECTED", "RejectTownProject": "NOT_SELECTED", "AgreeTownProject": "AGREED",
        "StartTownProject": "RUNNING", "ReportTownProject": "REPORTED", "SettleTownProject": "SETTLED", "ContinueTownProject": "CONTINUED",
        "EndTownProject": "ENDED",
    }  # fmt: skip
    last = {step.life: standing[step.method] for step in STEPS if step.method in standing}
    assert {f"TOWN_PROJECT_STATUS_{state}" for state in last.values()} == set(town_project_pb2.TownProjectStatus.keys()[1:])
    assert (
        len({step.fields["town_project_type"] for step in calls("ProposeTownProject")}) == len(town_project_pb2.TownProjectType.keys()) - 1
    )


def test_every_text_is_in_the_one_language_that_it_says(ids: dict[str, str]) -> None:
    said = [text for step in STEPS for text in texts(request_of(step, ids))]
    assert [text.plain for text in said if not is_written_in(text.plain, text.language)] == []
    languages = Counter(text.language for text in said)
    assert set(languages) == {"ko", "en", "zh-Hans", "vi"}
    assert languages["ko"] > len(said) / 2


def test_one_item_has_sources_in_all_four_services(ids: dict[str, str]) -> None:
    opened = next(step for step in calls("OpenItem") if step.life == "er-guidance")
    linked = [step for step in calls("LinkSource") if step.fields["agenda_id"] == "$er-guidance"]
    services = {source["service"] for source in opened.fields["sources"]} | {step.fields["source"]["service"] for step in linked}
    assert services == set(vocabulary_pb2.SourceService.keys()) - {"SOURCE_SERVICE_UNSPECIFIED", "SOURCE_SERVICE_THEMES"}


def test_three_of_ten_partner_events_are_there_to_be_refused(ids: dict[str, str]) -> None:
    assert len(EVENTS) == 10 == len({event["id"] for event in EVENTS})
    assert len({event["expect"] for event in EVENTS} - {"accepted"}) == 3


def test_every_accepted_partner_event_is_of_a_known_type_and_passes_its_contract(ids: dict[str, str]) -> None:
    for event in EVENTS:
        if event["expect"] == "accepted":
            sent = whole("dasan", filled(event, "", "", ids))
            validation.check(ParseDict(sent["data"], PARTNER_TYPES[sent["type"]]()))
            assert "expect" not in sent


def test_a_reference_to_a_life_that_did_not_begin_is_an_error_of_the_sample() -> None:
    with pytest.raises(KeyError, match=r"proposals\.nobody"):
        filled({"source_id": "$proposals.nobody"}, "agenda", "item", {})


def test_a_field_that_the_contract_does_not_know_is_an_error_of_the_sample() -> None:
    with pytest.raises(ParseError, match="colour"):
        request_of(Step("proposals", "x", 1, "StartProposal", {"colour": "red"}, "operator"), {})


def test_a_step_has_the_same_key_in_every_run(ids: dict[str, str]) -> None:
    keys = [request_of(step, ids).request_id for step in STEPS if "request_id" in request_of(step, ids).DESCRIPTOR.fields_by_name]
    assert len(keys) == len(set(keys))
    assert max(map(len, keys)) <= 200
