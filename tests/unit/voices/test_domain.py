"""What is true of mandates, activities and voices, without any I/O."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.kit.actor import ANYBODY, Actor, Role
from services.kit.errors import Kind, Refused
from services.kit.text import Text
from services.kit.vocabulary import District, RepresentedGroup
from services.voices.domain import (
    ACTIVITY_TRANSITIONS,
    VOICE_TRANSITIONS,
    Activity,
    ActivityKind,
    ActivityStatus,
    Consent,
    Heard,
    Mandate,
    Sensitivity,
    Voice,
    VoiceStatus,
)
from services.voices.events import ActivityCancelled, ActivityReported, MandateAppointed, VoiceRelayed, VoiceWithdrawn

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORDS = Text("시장 아케이드에 비가 샌다", "ko")
MANDATE = Mandate(UUID(int=1), RepresentedGroup.TRADITIONAL_MERCHANTS, date(2026, 1, 1), AT, person_ref="person-1")
ACTIVITY = Activity(UUID(int=2), MANDATE.id, ActivityKind.MEETING, "상인 간담회", AT, district_code=District("11110"))
VOICE = Voice(
    UUID(int=3), VoiceStatus.CAPTURED, MANDATE.represented_group, WORDS, AT, ACTIVITY.id, MANDATE.id, ("market",), Consent.GIVEN,
    Sensitivity.PUBLIC,
)  # fmt: skip

VOICE_COMMANDS = {
    VoiceStatus.REVIEWED: lambda v: v.review(("roof",), Sensitivity.SENSITIVE, None),
    VoiceStatus.RELAYED: lambda v: v.relay(at=AT),
    VoiceStatus.WITHHELD: lambda v: v.withhold(),
    VoiceStatus.WITHDRAWN: lambda v: v.withdraw(at=AT),
}
# A report is how the city learns that an activity was held, so that both are one command.
ACTIVITY_COMMANDS = {
    ActivityStatus.HELD: lambda a: a.report(31, at=AT),
    ActivityStatus.CANCELLED: lambda a: a.cancel("태풍", at=AT),
}


def refusal(error: pytest.ExceptionInfo[Refused]) -> tuple[Kind, str]:
    return error.value.kind, error.value.code


@pytest.mark.parametrize(("state", "after"), [(state, after) for state, nexts in VOICE_TRANSITIONS for after in sorted(nexts)])
def test_an_allowed_transition_of_a_voice_is_made(state: VoiceStatus, after: VoiceStatus) -> None:
    assert VOICE_COMMANDS[after](replace(VOICE, status=state)).state.status is after


@pytest.mark.parametrize(
    ("state", "after"), [(state, after) for state in VoiceStatus for after in VOICE_COMMANDS if after not in VOICE_TRANSITIONS.after(state)]
)
def test_a_forbidden_transition_of_a_voice_names_where_it_may_go(state: VoiceStatus, after: VoiceStatus) -> None:
    with pytest.raises(Refused) as refused:
        VOICE_COMMANDS[after](replace(VOICE, status=state))
    assert refusal(refused) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    assert refused.value.details == {
        "state": state, "wanted": after, "allowed": ", ".join(sorted(VOICE_TRANSITIONS.after(state))) or "nothing: it is final",
    }  # fmt: skip


def test_a_planned_activity_is_held_and_reported_at_once() -> None:
    change = ACTIVITY.report(31, at=AT)
    assert (change.state.status, change.state.attendee_count, change.fact) == (ActivityStatus.REPORTED, 31, ActivityReported(AT))


def test_a_planned_activity_can_be_called_off() -> None:
    change = ACTIVITY.cancel("태풍", at=AT)
    assert (change.state.status, change.fact) == (ActivityStatus.CANCELLED, ActivityCancelled(AT, "태풍"))


@pytest.mark.parametrize("wanted", ACTIVITY_COMMANDS)
@pytest.mark.parametrize("state", [ActivityStatus.REPORTED, ActivityStatus.CANCELLED])
def test_an_activity_that_is_over_stays_as_it_is(state: ActivityStatus, wanted: ActivityStatus) -> None:
    with pytest.raises(Refused) as refused:
        ACTIVITY_COMMANDS[wanted](replace(ACTIVITY, status=state))
    assert refusal(refused) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    assert refused.value.details == {"state": state, "wanted": wanted, "allowed": "nothing: it is final"}


def test_what_was_held_can_only_be_reported() -> None:
    assert ACTIVITY_TRANSITIONS.after(ActivityStatus.HELD) == {ActivityStatus.REPORTED}


def test_capturing_and_reviewing_publish_nothing() -> None:
    captured = Heard(WORDS, ACTIVITY.id).captured(VOICE.id, ACTIVITY, MANDATE, at=AT)
    reviewed = captured.state.review((), Sensitivity.PUBLIC, Consent.GIVEN)
    assert (captured.fact, reviewed.fact, reviewed.state.relay(at=AT).fact) == (None, None, VoiceRelayed(AT))


@pytest.mark.parametrize("consent", [None, Consent.REFUSED, Consent.TAKEN_BACK])
def test_a_voice_without_consent_can_never_be_relayed(consent: Consent | None) -> None:
    with pytest.raises(Refused) as refused:
        replace(VOICE, status=VoiceStatus.REVIEWED, consent=consent).relay(at=AT)
    assert refusal(refused) == (Kind.STATE, "CONSENT_MISSING")


def test_consent_that_was_asked_at_the_review_replaces_the_one_before() -> None:
    assert VOICE.review((), Sensitivity.PUBLIC, Consent.REFUSED).state.consent is Consent.REFUSED
    assert VOICE.review((), Sensitivity.PUBLIC, None).state.consent is Consent.GIVEN


@pytest.mark.parametrize(("before", "after"), [(Consent.GIVEN, Consent.TAKEN_BACK), (Consent.REFUSED, Consent.REFUSED), (None, None)])
def test_a_withheld_voice_has_no_consent_and_no_fact(before: Consent | None, after: Consent | None) -> None:
    change = replace(VOICE, status=VoiceStatus.REVIEWED, consent=before).withhold()
    assert (change.state.consent, change.fact) == (after, None)


def test_a_withdrawn_voice_has_lost_its_words() -> None:
    change = replace(VOICE, status=VoiceStatus.RELAYED).withdraw(at=AT)
    assert (change.state.text, change.state.consent, change.fact) == (None, Consent.TAKEN_BACK, VoiceWithdrawn(AT))


@pytest.mark.parametrize(("sensitivity", "text"), [(Sensitivity.PUBLIC, WORDS), (Sensitivity.SENSITIVE, None), (None, None)])
def test_only_words_judged_public_are_published(sensitivity: Sensitivity | None, text: Text | None) -> None:
    assert replace(VOICE, sensitivity=sensitivity).published().text == text


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OPERATOR, Role.AIDE}])
@pytest.mark.parametrize("status", [VoiceStatus.CAPTURED, VoiceStatus.REVIEWED, VoiceStatus.WITHHELD])
def test_what_was_never_published_is_nobody_elses_to_see(status: VoiceStatus, role: Role) -> None:
    assert replace(VOICE, status=status).seen_by(Actor(role, "somebody", {"mandate": VOICE.owner})) is None


@pytest.mark.parametrize("status", VoiceStatus)
def test_an_aide_sees_the_voices_of_her_own_mandate_whole_and_of_others_what_is_public(status: VoiceStatus) -> None:
    voice = replace(VOICE, status=status, sensitivity=Sensitivity.SENSITIVE)
    assert voice.seen_by(Actor(Role.AIDE, "aide", {"mandate": str(MANDATE.id)})) == voice
    assert voice.seen_by(Actor(Role.AIDE, "aide", {"mandate": str(UUID(int=9))})) == voice.seen_by(ANYBODY)


@pytest.mark.parametrize("scope", [{}, {"mandate": str(MANDATE.id)}], ids=["unbound", "bound"])
def test_a_voice_of_no_mandate_is_the_operators_alone(scope: dict[str, str]) -> None:
    partners = replace(VOICE, mandate_id=None, activity_id=None)
    assert partners.seen_by(Actor(Role.AIDE, "aide", scope)) is None
    assert partners.seen_by(Actor(Role.OPERATOR, "operator")) == partners


def test_a_voice_belongs_to_the_mandate_that_heard_it() -> None:
    voice = Heard(WORDS, ACTIVITY.id).captured(VOICE.id, ACTIVITY, MANDATE, at=AT + timedelta(days=1)).state
    assert (voice.mandate_id, voice.represented_group) == (MANDATE.id, MANDATE.represented_group)
    assert (voice.district_code, voice.raised_at) == (ACTIVITY.district_code, ACTIVITY.starts_at)


def test_a_voice_of_no_mandate_has_the_group_it_names() -> None:
    voice = Heard(WORDS, represented_group=RepresentedGroup.WOMEN).captured(VOICE.id, None, None, at=AT).state
    assert (voice.mandate_id, voice.represented_group, voice.raised_at) == (None, RepresentedGroup.WOMEN, AT)


def test_a_voice_of_no_mandate_must_name_its_group() -> None:
    with pytest.raises(Refused) as refused:
        Heard(WORDS).captured(VOICE.id, None, None, at=AT)
    assert refusal(refused) == (Kind.INVALID, "GROUP_REQUIRED")


def test_a_voice_cannot_speak_for_another_group_than_its_mandate() -> None:
    with pytest.raises(Refused) as refused:
        Heard(WORDS, represented_group=RepresentedGroup.WOMEN).captured(VOICE.id, None, MANDATE, at=AT)
    assert refusal(refused) == (Kind.INVALID, "GROUP_MISMATCH")


def test_nothing_is_heard_in_a_cancelled_activity() -> None:
    with pytest.raises(Refused) as refused:
        Heard(WORDS, ACTIVITY.id).captured(VOICE.id, replace(ACTIVITY, status=ActivityStatus.CANCELLED), MANDATE, at=AT)
    assert refusal(refused) == (Kind.STATE, "ACTIVITY_CANCELLED")


def test_a_mandate_ends_on_or_after_its_first_day() -> None:
    assert replace(MANDATE, end_date=MANDATE.start_date).appointed().fact == MandateAppointed(AT)
    with pytest.raises(Refused) as refused:
        replace(MANDATE, end_date=date(2025, 12, 31)).appointed()
    assert refusal(refused) == (Kind.INVALID, "TIME_RANGE")


def test_an_activity_ends_after_it_begins() -> None:
    with pytest.raises(Refused) as refused:
        replace(ACTIVITY, ends_at=AT).planned(at=AT)
    assert refusal(refused) == (Kind.INVALID, "TIME_RANGE")


def test_a_person_is_not_even_printed() -> None:
    assert "person-1" not in repr(MANDATE)
