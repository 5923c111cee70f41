"""What is true of partners, their designations and quotas, without any I/O."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.kit.errors import Kind, Refused
from services.kit.write import Change
from services.partners.domain.partner import TRANSITIONS, Partner, PartnerKind, PartnerStatus, Quota, Usage, day_of, partner_id_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LATER = datetime(2027, 6, 1, tzinfo=UTC)
PARTNER = Partner(
    partner_id_of("nanum"), "nanum", "나눔카", PartnerKind.COMPANY, NOW, designated_from=date(2026, 1, 1),
    designated_until=date(2026, 12, 31), programme="sharing_city",
)  # fmt: skip

COMMANDS: dict[PartnerStatus, Callable[[Partner], Change[Partner]]] = {
    PartnerStatus.SUSPENDED: lambda partner: partner.suspend("점검"),
    PartnerStatus.ENDED: lambda partner: partner.end_designation(),
}
TO_ACTIVE: dict[PartnerStatus, Callable[[Partner], Change[Partner]]] = {
    PartnerStatus.ACTIVE: lambda partner: partner.resume(),
    PartnerStatus.SUSPENDED: lambda partner: partner.resume(),
    PartnerStatus.ENDED: lambda partner: partner.updated(replace(partner, designated_until=date(2028, 1, 1)), now=LATER),
}


def command(state: PartnerStatus, wanted: PartnerStatus) -> Callable[[Partner], Change[Partner]]:
    return TO_ACTIVE[state] if wanted is PartnerStatus.ACTIVE else COMMANDS[wanted]


@pytest.mark.parametrize(("state", "wanted"), [(state, wanted) for state, nexts in TRANSITIONS for wanted in nexts])
def test_every_transition_of_the_table_can_be_made(state: PartnerStatus, wanted: PartnerStatus) -> None:
    assert command(state, wanted)(replace(PARTNER, status=state)).state.status is wanted


@pytest.mark.parametrize(
    ("state", "wanted"), [(state, wanted) for state, nexts in TRANSITIONS for wanted in PartnerStatus if wanted not in nexts]
)
def test_every_other_transition_is_refused_with_the_state_and_what_may_follow(state: PartnerStatus, wanted: PartnerStatus) -> None:
    with pytest.raises(Refused) as caught:
        command(state, wanted)(replace(PARTNER, status=state))
    assert (caught.value.kind, caught.value.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")


def test_a_designation_lasts_until_the_end_of_its_last_day_in_seoul() -> None:
    assert PARTNER.clocks() == {"designation_ends": datetime(2026, 12, 31, 15, tzinfo=UTC)}
    assert PARTNER.barred(datetime(2026, 12, 31, 14, 59, tzinfo=UTC)) is None
    assert (PARTNER.barred(datetime(2026, 12, 31, 15, tzinfo=UTC)) or ("",))[0] == "DESIGNATION_ENDED"
    assert not replace(PARTNER, designated_until=None).clocks()
    assert not PARTNER.suspend("점검").state.clocks()


def test_an_ended_designation_is_resumed_only_by_a_later_last_day() -> None:
    ended = PARTNER.end_designation().state
    with pytest.raises(Refused) as caught:
        ended.resume()
    assert caught.value.code == "DESIGNATION_ENDED"
    assert ended.updated(replace(ended, name="나눔"), now=LATER).state.status is PartnerStatus.ENDED


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"designated_from": None}, "DESIGNATION_PERIOD"),
        ({"designated_until": date(2025, 12, 31)}, "DESIGNATION_PERIOD"),
        ({"sources": ("urn:madang:partner:dasan",)}, "SOURCE_INVALID"),
        ({"sources": ("urn:madang:partner:nanum2",)}, "SOURCE_INVALID"),
        ({"sources": ("urn:madang:proposals",)}, "SOURCE_INVALID"),
    ],
)
def test_parts_that_do_not_fit_are_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        replace(PARTNER, **changed).checked()
    assert caught.value.code == code


def test_a_partner_may_send_everything_unless_types_are_named() -> None:
    assert PARTNER.may_send("a")
    assert replace(PARTNER, event_types=("a",)).may_send("a")
    assert not replace(PARTNER, event_types=("a",)).may_send("b")


def test_a_partner_names_its_own_source_and_those_that_it_may() -> None:
    given = replace(PARTNER, sources=("https://nanum.example", "urn:madang:partner:nanum:app")).checked()
    assert all(given.may_name(source) for source in ("urn:madang:partner:nanum", *given.sources))
    assert not given.may_name("https://other.example")


def test_a_partners_own_quota_goes_before_the_settings() -> None:
    assert Quota(10, 100).of(PARTNER) == Quota(10, 100)
    assert Quota(10, 100).of(replace(PARTNER, daily_events=3)) == Quota(3, 100)


def test_a_days_count_ends_with_the_day_in_seoul() -> None:
    assert day_of(datetime(2026, 11, 22, 15, tzinfo=UTC)) == date(2026, 11, 23)
    assert Usage(date(2026, 11, 22), 1, 1).ends_at == datetime(2026, 11, 22, 15, tzinfo=UTC)
