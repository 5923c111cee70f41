"""What is true of workshops, their series, advice and diffusion cases, without any I/O."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.kit.clock import SEOUL
from services.kit.errors import Kind, Refused
from services.kit.text import Text
from services.kit.vocabulary import InnovationField
from services.workshops.domain import diffusion, workshop
from services.workshops.domain.advice import AdviceNote
from services.workshops.domain.diffusion import AdopterKind, DiffusionCase, DiffusionScope, DiffusionStatus, Recognition
from services.workshops.domain.sector import ParticipantSector
from services.workshops.domain.workshop import (
    MAX_QUARTERS,
    Output,
    OutputKind,
    Session,
    Workshop,
    WorkshopKind,
    WorkshopStatus,
    first_series,
)
from services.workshops.events import AdviceRecorded, CaseDiffused, CaseRecognised, QuarterWithoutWorkshop, WorkshopHeld, WorkshopPlanned

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DISCUSSED = UUID(int=1)
PLANNED = Workshop(UUID(int=9), WorkshopKind.QUARTERLY, WorkshopStatus.PLANNED, "2026-Q4", AT, "시민청")
SESSION = Session(AT, ((ParticipantSector.NGO, 8),), (DISCUSSED,))
CASE = DiffusionCase(
    UUID(int=3), DISCUSSED, InnovationField.JOBS, "이웃 시", AdopterKind.OTHER_CITY, DiffusionScope.EXTERNAL, Text("조례"), AT
)
RECOGNITION = Recognition("올해의 사례", "혁신 모임", AT)
ADVISORY = (ParticipantSector.NGO, ParticipantSector.INDUSTRY, ParticipantSector.PRESS, ParticipantSector.ACADEMIA)


def test_a_planned_workshop_is_held_where_it_was_planned() -> None:
    held = PLANNED.hold(SESSION)
    assert PLANNED.planned(at=AT).fact == WorkshopPlanned(AT)
    assert (held.state.status, held.state.location, held.fact) == (WorkshopStatus.HELD, "시민청", WorkshopHeld(AT))


def test_what_was_held_is_not_held_again() -> None:
    with pytest.raises(Refused) as refused:
        PLANNED.hold(SESSION).state.hold(SESSION)
    assert (refused.value.kind, refused.value.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    assert refused.value.details["allowed"] == "nothing: it is final"
    assert dict(workshop.TRANSITIONS) == {WorkshopStatus.PLANNED: {WorkshopStatus.HELD}}


def test_a_workshop_is_not_held_for_another_quarter_than_its_own() -> None:
    with pytest.raises(Refused) as refused:
        PLANNED.hold(replace(SESSION, quarter="2027-Q1"))
    assert refused.value.code == "QUARTER_MISMATCH"


def test_an_output_is_about_what_was_discussed() -> None:
    session = replace(SESSION, outputs=(Output(OutputKind.PLAN_IMPROVED, DISCUSSED, Text("")),))
    assert PLANNED.hold(session).fact == WorkshopHeld(AT)
    with pytest.raises(Refused) as refused:
        PLANNED.hold(replace(session, outputs=(*session.outputs, Output(OutputKind.AGENDA_FOUND, UUID(int=3), Text("")))))
    assert (refused.value.code, refused.value.violations[0].field) == ("OUTPUT_NOT_DISCUSSED", "outputs[1].innovation_id")


def test_a_quarter_without_a_workshop_is_a_fact_of_the_moment_when_it_ended() -> None:
    series, ends = first_series(AT), datetime(2027, 1, 1, tzinfo=SEOUL)
    assert series.clocks() == {"quarter_ends": ends}
    change = series.end_quarter(held=False)
    assert (change.fact, change.state.quarters_without) == (QuarterWithoutWorkshop(ends, "2026-Q4"), ("2026-Q4",))
    assert change.state.clocks() == {"quarter_ends": datetime(2027, 4, 1, tzinfo=SEOUL)}


def test_a_quarter_with_a_workshop_ends_without_a_word() -> None:
    change = first_series(AT).end_quarter(held=True)
    assert (change.fact, change.state.quarter, change.state.quarters_without) == (None, "2027-Q1", ())


def test_of_very_many_quarters_without_a_workshop_the_newest_are_kept() -> None:
    series = first_series(AT)
    for _ in range(MAX_QUARTERS + 2):
        series = series.end_quarter(held=False).state
    assert (len(series.quarters_without), series.quarters_without[-1], series.quarter) == (MAX_QUARTERS, "2037-Q1", "2037-Q2")


@pytest.mark.parametrize("sector", ParticipantSector)
def test_advice_comes_from_the_four_advisory_sectors(sector: ParticipantSector) -> None:
    note = AdviceNote(UUID(int=4), DISCUSSED, sector, "연구소", Text("좋다"), AT)
    if sector in ADVISORY:
        assert note.recorded(ADVISORY).fact == AdviceRecorded(AT)
        return
    with pytest.raises(Refused, match="ngo, industry, press, academia") as refused:
        note.recorded(ADVISORY)
    assert (refused.value.code, refused.value.violations[0].field) == ("SECTOR_INVALID", "sector")


def test_a_diffusion_case_is_honoured_once() -> None:
    assert CASE.diffused().fact == CaseDiffused(AT)
    honoured = CASE.recognise(RECOGNITION)
    assert (honoured.state.status, honoured.state.recognition) == (DiffusionStatus.RECOGNISED, RECOGNITION)
    assert honoured.fact == CaseRecognised(AT)
    with pytest.raises(Refused) as refused:
        honoured.state.recognise(RECOGNITION)
    assert (refused.value.code, refused.value.details["state"]) == ("TRANSITION_FORBIDDEN", "recognised")
    assert dict(diffusion.TRANSITIONS) == {DiffusionStatus.RECORDED: {DiffusionStatus.RECOGNISED}}
