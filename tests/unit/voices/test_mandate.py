"""What is true of mandates, without any I/O."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.kit.errors import Kind, Refused
from services.voices.domain import mandate as mandates
from services.voices.domain.mandate import MandateStatus
from services.voices.events import (
    MandateAppointed,
    MandateDismissed,
)
from tests.unit.voices.test_domain import AT, MANDATE, refusal

MANDATE_COMMANDS = {
    MandateStatus.SCREENED: lambda m: m.screen(),
    MandateStatus.APPOINTED: lambda m: m.appoint(at=AT),
    MandateStatus.ACTIVE: lambda m: m.begin(at=AT),
    MandateStatus.RENEWED: lambda m: m.renew(date(2027, 12, 31), limit=1, at=AT),
    MandateStatus.ENDED: lambda m: m.end(at=AT),
    MandateStatus.DISMISSED: lambda m: m.dismiss("이해 충돌", at=AT),
}


@pytest.mark.parametrize("after", MANDATE_COMMANDS)
@pytest.mark.parametrize("state", MandateStatus)
def test_a_mandate_moves_only_where_the_table_says(state: MandateStatus, after: MandateStatus) -> None:
    standing = replace(MANDATE, status=state)
    if after in mandates.TRANSITIONS.after(state):
        assert MANDATE_COMMANDS[after](standing).state.status is after
    else:
        with pytest.raises(Refused) as refused:
            MANDATE_COMMANDS[after](standing)
        assert refusal(refused) == (Kind.STATE, "TRANSITION_FORBIDDEN")
        assert (refused.value.details["state"], refused.value.details["wanted"]) == (state, after)


def test_a_mandate_is_renewed_as_often_as_the_city_allows() -> None:
    once = MANDATE.renew(date(2027, 12, 31), limit=1, at=AT).state
    assert (once.end_date, once.renewals) == (date(2027, 12, 31), 1)
    with pytest.raises(Refused) as refused:
        once.renew(date(2028, 12, 31), limit=1, at=AT)
    assert refused.value.code == "RENEWALS_EXHAUSTED"
    assert once.renew(date(2028, 12, 31), limit=2, at=AT).state.renewals == 2


def test_a_renewed_mandate_ends_later_than_it_did() -> None:
    with pytest.raises(Refused) as refused:
        MANDATE.renew(date(2026, 6, 30), limit=1, at=AT)
    assert refused.value.code == "TIME_RANGE"


def test_a_nomination_is_nobodys_business_before_the_appointment() -> None:
    nominated = replace(MANDATE, status=MandateStatus.NOMINATED)
    assert (nominated.nominated().fact, nominated.screen().fact) == (None, None)
    assert not nominated.is_public
    assert nominated.screen().state.appoint(at=AT).fact == MandateAppointed(AT)


def test_a_dismissal_says_why() -> None:
    change = MANDATE.dismiss("이해 충돌", at=AT)
    assert (change.state.dismissal_reason, change.fact) == ("이해 충돌", MandateDismissed(AT, "이해 충돌"))


def test_a_mandate_begins_with_its_first_day_in_seoul_and_ends_with_its_last() -> None:
    appointed = replace(MANDATE, status=MandateStatus.APPOINTED, appointed_at=datetime(2025, 12, 1, tzinfo=UTC))
    assert appointed.clocks() == {"mandate_begins": datetime(2025, 12, 31, 15, tzinfo=UTC)}
    assert replace(appointed, appointed_at=AT).clocks() == {"mandate_begins": AT}  # never before the appointment
    assert MANDATE.clocks() == {"mandate_ends": datetime(2026, 12, 31, 15, tzinfo=UTC)}
    assert replace(MANDATE, end_date=None).clocks() == {}
    assert replace(MANDATE, status=MandateStatus.ENDED).clocks() == {}


def test_a_mandate_ends_on_or_after_its_first_day() -> None:
    assert replace(MANDATE, end_date=MANDATE.start_date).appointed(at=AT).fact == MandateAppointed(AT)
    with pytest.raises(Refused) as refused:
        replace(MANDATE, end_date=date(2025, 12, 31)).appointed(at=AT)
    assert refusal(refused) == (Kind.INVALID, "TIME_RANGE")
