"""What is true of town projects, without any I/O, and what of them the wire shows."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from madang.proposals.v1 import town_project_pb2
from services.kit.clock import end_of, korea
from services.kit.contracts import event_type_of
from services.kit.errors import Kind, Refused
from services.kit.text import Text
from services.kit.vocabulary import District
from services.kit.write import Change
from services.proposals import events
from services.proposals.domain.town_project import (
    TRANSITIONS,
    Agreement,
    Application,
    Inspection,
    ReviewerSector,
    ReviewSheet,
    Score,
    Settlement,
    TownProject,
    TownProjectStatus,
    TownProjectType,
    TownRules,
)
from services.proposals.wire import town_project as wire

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
RULES = TownRules(residents=3, own_share_percent=10, settlement_days=20)
PEOPLE = ("person:1", "person:2", "person:3")
SHEETS = (
    ReviewSheet(ReviewerSector.RESIDENT, (Score("public_benefit", 90), Score("feasibility", 81)), "person:8"),
    ReviewSheet(ReviewerSector.EXPERT, (Score("feasibility", 70), Score("public_benefit", 80)), "person:9"),
)
IDEA = TownProject(UUID(int=1), TownProjectStatus.IDEA, TownProjectType.ENERGY, "햇빛발전소", Text("지붕에", "ko"), 2026, AT)
APPLIED = replace(IDEA, sheets=SHEETS, budget=1_000, grant=900, own_share=100)

COMMANDS: dict[TownProjectStatus, Callable[[TownProject], Change[TownProject]]] = {
    TownProjectStatus.COUNSELLING: lambda p: p.counsel("person:7", "마을공동체담당관", at=AT),
    TownProjectStatus.APPLIED: lambda p: p.apply(Application(PEOPLE, 1_000, 900, 100), RULES, at=AT),
    TownProjectStatus.INSPECTED: lambda p: p.inspect(Inspection(Text("가능"), date(2026, 3, 1)), at=AT),
    TownProjectStatus.REVIEWED: lambda p: p.review(SHEETS, at=AT),
    TownProjectStatus.SELECTED: lambda p: p.select(at=AT),
    TownProjectStatus.NOT_SELECTED: lambda p: p.reject(Text("예산"), at=AT),
    TownProjectStatus.AGREED: lambda p: p.agree(Agreement(800, date(2026, 4, 1), date(2026, 10, 31)), at=AT),
    TownProjectStatus.RUNNING: lambda p: p.start(at=AT),
    TownProjectStatus.REPORTED: lambda p: p.tell(Text("했습니다"), RULES, at=AT, calendar=korea()),
    TownProjectStatus.SETTLED: lambda p: p.settle(Settlement(850, 100, 50, AT)),
    TownProjectStatus.CONTINUED: lambda p: p.carry_on(at=AT),
    TownProjectStatus.ENDED: lambda p: p.end(at=AT),
}


def refusal(function: Callable[[], Any]) -> Refused:
    with pytest.raises(Refused) as refused:
        function()
    return refused.value


@pytest.mark.parametrize(("state", "after"), [(state, after) for state, nexts in TRANSITIONS for after in sorted(nexts)])
def test_an_allowed_transition_is_made(state: TownProjectStatus, after: TownProjectStatus) -> None:
    assert COMMANDS[after](replace(APPLIED, status=state)).state.status is after


@pytest.mark.parametrize(
    ("state", "after"), [(state, after) for state in TownProjectStatus for after in COMMANDS if after not in TRANSITIONS.after(state)]
)
def test_a_forbidden_transition_names_where_it_is_and_where_it_may_go(state: TownProjectStatus, after: TownProjectStatus) -> None:
    refused = refusal(lambda: COMMANDS[after](replace(APPLIED, status=state)))
    assert (refused.kind, refused.code, refused.details["state"]) == (Kind.STATE, "TRANSITION_FORBIDDEN", state)


@pytest.mark.parametrize(
    ("application", "code"),
    [
        (Application(PEOPLE[:2], 1_000, 900, 100), "RESIDENTS_TOO_FEW"),
        (Application((*PEOPLE, "person:1"), 1_000, 900, 100), "RESIDENT_TWICE"),
        (Application(("person:1", "person:1", "person:2"), 1_000, 900, 100), "RESIDENT_TWICE"),
        (Application(PEOPLE, 1_000, 800, 100), "BUDGET_MISMATCH"),
        (Application(PEOPLE, 1_000, 901, 99), "OWN_SHARE_TOO_SMALL"),
    ],
)
def test_an_application_keeps_the_rules_of_the_call(application: Application, code: str) -> None:
    counselled = replace(IDEA, status=TownProjectStatus.COUNSELLING)
    refused = refusal(lambda: counselled.apply(application, RULES, at=AT))
    assert (refused.kind, refused.code) == (Kind.INVALID, code)


def test_the_rules_of_the_call_are_those_of_the_year() -> None:
    counselled = replace(IDEA, status=TownProjectStatus.COUNSELLING)
    assert refusal(lambda: counselled.apply(Application(PEOPLE, 1_000, 900, 100), TownRules(4, 10, 20), at=AT)).code == "RESIDENTS_TOO_FEW"
    assert counselled.apply(Application(PEOPLE, 1_000, 1_000, 0), TownRules(3, 0, 20), at=AT).state.residents == 3


def test_an_inspection_is_recorded_when_it_was_made() -> None:
    applied = replace(APPLIED, status=TownProjectStatus.APPLIED)
    assert refusal(lambda: applied.inspect(Inspection(Text("가능"), date(2026, 3, 3)), at=AT)).code == "INSPECTION_IN_FUTURE"


def test_the_score_is_the_mean_of_the_reviewers_however_many_criteria_they_had() -> None:
    assert replace(IDEA, sheets=SHEETS).average_score == pytest.approx(80.25)
    assert IDEA.average_score == 0


@pytest.mark.parametrize(
    ("sheets", "code"),
    [
        ((SHEETS[0], replace(SHEETS[1], reviewer_ref="person:8")), "REVIEWER_TWICE"),
        ((SHEETS[0], replace(SHEETS[1], scores=(Score("feasibility", 70),))), "CRITERIA_DIFFER"),
        ((replace(SHEETS[0], scores=(Score("feasibility", 70), Score("feasibility", 80))),), "CRITERIA_DIFFER"),
    ],
)
def test_reviewers_score_the_same_criteria_once_each(sheets: tuple[ReviewSheet, ...], code: str) -> None:
    inspected = replace(IDEA, status=TownProjectStatus.INSPECTED)
    assert refusal(lambda: inspected.review(sheets, at=AT)).code == code


def test_what_nobody_scored_can_be_rejected_and_not_selected() -> None:
    reviewed = replace(IDEA, status=TownProjectStatus.INSPECTED).review((), at=AT).state
    refused = refusal(lambda: reviewed.select(at=AT))
    assert (refused.kind, refused.code) == (Kind.STATE, "SCORE_REQUIRED")
    assert reviewed.reject(Text("예산"), at=AT).state.rejection_reason == Text("예산")


def test_a_smaller_grant_makes_a_smaller_budget_and_a_larger_one_is_refused() -> None:
    selected = replace(APPLIED, status=TownProjectStatus.SELECTED)
    agreed = COMMANDS[TownProjectStatus.AGREED](selected).state
    assert (agreed.grant, agreed.own_share, agreed.budget) == (800, 100, 900)
    wide = Agreement(901, date(2026, 4, 1), date(2026, 10, 31))
    assert refusal(lambda: selected.agree(wide, at=AT)).code == "GRANT_TOO_LARGE"
    turned = Agreement(900, date(2026, 4, 2), date(2026, 4, 1))
    assert refusal(lambda: selected.agree(turned, at=AT)).code == "PERIOD_INVALID"


@pytest.mark.parametrize(("spent", "own", "returned"), [(850, 100, 49), (850, 100, 51), (901, 100, 0), (0, 0, 0), (900, 101, 0)])
def test_a_settlement_adds_up_to_the_grant_and_keeps_within_the_own_share(spent: int, own: int, returned: int) -> None:
    reported = replace(APPLIED, status=TownProjectStatus.REPORTED)
    assert refusal(lambda: reported.settle(Settlement(spent, own, returned, AT))).code == "SETTLEMENT_MISMATCH"


def test_the_report_is_due_when_the_period_is_over_and_the_settlement_some_working_days_after_the_report() -> None:
    agreement = Agreement(900, date(2026, 4, 1), date(2026, 10, 31))
    running = replace(APPLIED, status=TownProjectStatus.RUNNING, agreement=agreement)
    assert running.clocks() == {"town_report_due": end_of(date(2026, 10, 31))}
    late = running.miss_report(at=AT).state
    assert (late.report_overdue, late.clocks()) == (True, {})
    reported = COMMANDS[TownProjectStatus.REPORTED](late).state
    assert (reported.report_overdue, reported.settlement_due_on) == (False, korea().after(AT, 20))
    assert reported.clocks() == {"town_settlement_due": end_of(korea().after(AT, 20))}
    assert reported.miss_settlement(at=AT).state.clocks() == {}
    assert COMMANDS[TownProjectStatus.SETTLED](reported).state.clocks() == {}


# -- the wire ---------------------------------------------------------------------------------------------------------------------

FULL = TownProject(
    UUID(int=7), TownProjectStatus.SETTLED, TownProjectType.MEDIA, "마을 라디오", Text("골목 소식", "ko"), 2026, AT, District("11440"),
    "마을공동체담당관", UUID(int=6), 3, 1_000, 900, 100, Inspection(Text("조용함", "ko"), date(2026, 3, 1)),
    tuple(replace(sheet, reviewer_ref="") for sheet in SHEETS), Text("이유", "ko"), Agreement(900, date(2026, 4, 1), date(2026, 10, 31)),
    Text("방송 40회", "ko"), True, date(2026, 12, 1), Settlement(850, 100, 50, AT), True,
)  # fmt: skip


@pytest.mark.parametrize("project", [FULL, IDEA], ids=["full", "bare"])
def test_a_town_project_comes_back_as_it_went(project: TownProject) -> None:
    assert wire.project_from_wire(wire.project_to_wire(project)) == project


@pytest.mark.parametrize(
    "fact", [fact(AT, *("town_report_due" for _ in fields(fact)[1:])) for fact in wire.FACTS], ids=lambda fact: type(fact).__name__
)
def test_every_fact_carries_the_whole_public_state_and_has_a_type(fact: events.TownProjectFact) -> None:
    message = wire.event_of(fact, FULL)
    assert wire.project_from_wire(message.after) == FULL  # type: ignore[attr-defined]
    assert event_type_of(message).startswith("kr.go.seoul.madang.town-project.")


def test_nobody_is_named_in_what_is_published() -> None:
    known = replace(FULL, sheets=SHEETS, proposer_ref="person:0", resident_refs=PEOPLE, counsellor_ref="person:7")
    assert b"person:" not in wire.event_of(events.TownProjectEnded(AT), known).SerializeToString()
    assert not any("ref" in field.name.split("_") for field in town_project_pb2.TownProject.DESCRIPTOR.fields)
    assert "person:" not in repr(known)
