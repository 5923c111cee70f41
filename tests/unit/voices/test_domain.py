"""What is true of mandates, activities and voices, without any I/O."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.kit.actor import ANYBODY, Actor, Role
from services.kit.errors import Kind, Refused
from services.kit.standing import AgendaAnswer, Standing
from services.kit.text import Text
from services.kit.vocabulary import District, RepresentedGroup
from services.voices.domain import activity as activities
from services.voices.domain import voice as voices
from services.voices.domain.activity import Activity, ActivityKind, ActivityStatus
from services.voices.domain.mandate import Mandate, MandateStatus
from services.voices.domain.voice import Answer, Consent, Heard, Sensitivity, Voice, VoiceStatus
from services.voices.domain.watch import GroupWatch
from services.voices.events import (
    ActivityCancelled,
    ActivityHeld,
    ActivityReported,
    GroupSilent,
    VoiceAnswered,
    VoiceClosed,
    VoiceLinked,
    VoiceMarkedDuplicate,
    VoiceRelayed,
    VoiceWithdrawn,
)

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORDS = Text("시장 아케이드에 비가 샌다", "ko")
MANDATE = Mandate(
    UUID(int=1), RepresentedGroup.TRADITIONAL_MERCHANTS, date(2026, 1, 1), AT, date(2026, 12, 31), status=MandateStatus.ACTIVE,
    person_ref="person-1",
)  # fmt: skip
ACTIVITY = Activity(UUID(int=2), MANDATE.id, ActivityKind.MEETING, "상인 간담회", AT, district_code=District("11110"))
VOICE = Voice(
    UUID(int=3), VoiceStatus.CAPTURED, MANDATE.represented_group, WORDS, AT, ACTIVITY.id, MANDATE.id, ("market",), Consent.GIVEN,
    Sensitivity.PUBLIC,
)  # fmt: skip

ORIGINAL = replace(VOICE, id=UUID(int=33))

VOICE_COMMANDS = {
    VoiceStatus.REVIEWED: lambda v: v.review(("roof",), Sensitivity.SENSITIVE, None),
    VoiceStatus.RELAYED: lambda v: v.relay(at=AT),
    VoiceStatus.WITHHELD: lambda v: v.withhold(),
    VoiceStatus.WITHDRAWN: lambda v: v.withdraw(at=AT),
    VoiceStatus.DUPLICATE: lambda v: v.mark_duplicate(ORIGINAL, at=AT),
}
ANSWER = AgendaAnswer((Text("고칩니다", "ko"), Text("Sẽ sửa", "vi")), "상권활성화과", AT)
ITEM = UUID(int=77)
# How the agenda stands when a voice goes one step further.
FOLLOWED = {
    (VoiceStatus.RELAYED, VoiceStatus.LINKED): Standing((ITEM,), is_closed=False, answer=None),
    (VoiceStatus.LINKED, VoiceStatus.ANSWERED): Standing((ITEM,), is_closed=False, answer=ANSWER),
    (VoiceStatus.ANSWERED, VoiceStatus.ANSWERED): Standing((ITEM,), is_closed=True, answer=ANSWER),
    (VoiceStatus.ANSWERED, VoiceStatus.CLOSED): Standing((ITEM,), is_closed=True, answer=None),
}
# A report is how the city learns that an activity was held, so that both are one command.
ACTIVITY_COMMANDS = {
    ActivityStatus.HELD: lambda a: a.report(31, at=AT),
    ActivityStatus.CANCELLED: lambda a: a.cancel("태풍", at=AT),
}


def refusal(error: pytest.ExceptionInfo[Refused]) -> tuple[Kind, str]:
    return error.value.kind, error.value.code


@pytest.mark.parametrize(("state", "after"), [(state, after) for state, nexts in voices.TRANSITIONS for after in sorted(nexts)])
def test_an_allowed_transition_of_a_voice_is_made(state: VoiceStatus, after: VoiceStatus) -> None:
    standing = replace(VOICE, status=state)
    change = VOICE_COMMANDS[after](standing) if after in VOICE_COMMANDS else standing.follow(FOLLOWED[state, after], at=AT)
    assert change is not None
    assert change.state.status is after


@pytest.mark.parametrize(
    ("state", "after"),
    [(state, after) for state in VoiceStatus for after in VOICE_COMMANDS if after not in voices.TRANSITIONS.after(state)],
)
def test_a_forbidden_transition_of_a_voice_names_where_it_may_go(state: VoiceStatus, after: VoiceStatus) -> None:
    with pytest.raises(Refused) as refused:
        VOICE_COMMANDS[after](replace(VOICE, status=state))
    assert refusal(refused) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    assert refused.value.details == {
        "state": state, "wanted": after, "allowed": ", ".join(sorted(voices.TRANSITIONS.after(state))) or "nothing: it is final",
    }  # fmt: skip


ASLEEP = [state for state in VoiceStatus if state not in {before for before, _ in FOLLOWED}]


@pytest.mark.parametrize("state", ASLEEP)
def test_a_voice_that_may_not_go_on_refuses_nothing_and_stays(state: VoiceStatus) -> None:
    assert replace(VOICE, status=state).follow(Standing((ITEM,), is_closed=True, answer=ANSWER), at=AT) is None


def test_a_voice_follows_its_items_step_by_step_and_then_rests() -> None:
    voice, standing = replace(VOICE, status=VoiceStatus.RELAYED), Standing((ITEM,), is_closed=True, answer=ANSWER)
    facts = []
    while change := voice.follow(standing, at=AT):
        voice = change.state
        facts.append(change.fact)
    assert facts == [VoiceLinked(AT), VoiceAnswered(AT), VoiceClosed(AT)]
    assert voice.answer == Answer(Text("고칩니다", "ko"), "상권활성화과", AT)


def test_an_answer_comes_in_the_language_of_the_voice_also_where_its_words_are_hidden() -> None:
    voice = replace(VOICE, status=VoiceStatus.LINKED, text=Text("dột", "vi"), sensitivity=Sensitivity.SENSITIVE)
    change = voice.follow(Standing((ITEM,), is_closed=False, answer=ANSWER), at=AT)
    assert change is not None
    assert change.state.answer == Answer(Text("Sẽ sửa", "vi"), "상권활성화과", AT)


def test_a_duplicate_is_a_fact_only_where_the_voice_was_public() -> None:
    public = replace(VOICE, status=VoiceStatus.RELAYED, relayed_at=AT).mark_duplicate(replace(ORIGINAL, relayed_at=AT), at=AT)
    assert (public.fact, public.state.duplicate_of) == (VoiceMarkedDuplicate(AT), ORIGINAL.id)
    assert VOICE.mark_duplicate(ORIGINAL, at=AT).fact is None


@pytest.mark.parametrize(
    ("original", "code"),
    [(VOICE, "DUPLICATE_OF_ITSELF"), (replace(ORIGINAL, status=VoiceStatus.DUPLICATE, duplicate_of=VOICE.id), "DUPLICATE_CHAIN")],
)
def test_duplicates_form_no_circle_and_no_chain(original: Voice, code: str) -> None:
    with pytest.raises(Refused) as refused:
        VOICE.mark_duplicate(original, at=AT)
    assert refused.value.code == code


def test_a_published_voice_gives_no_draft_away() -> None:
    with pytest.raises(Refused) as refused:
        replace(VOICE, status=VoiceStatus.RELAYED, relayed_at=AT).mark_duplicate(ORIGINAL, at=AT)
    assert refused.value.code == "ORIGINAL_NOT_PUBLIC"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (MandateStatus.NOMINATED, "MANDATE_NOT_APPOINTED"),
        (MandateStatus.SCREENED, "MANDATE_NOT_APPOINTED"),
        (MandateStatus.ENDED, "MANDATE_OVER"),
        (MandateStatus.DISMISSED, "MANDATE_OVER"),
    ],
)
def test_nothing_is_heard_in_a_mandate_that_has_not_begun_or_is_over(status: MandateStatus, code: str) -> None:
    with pytest.raises(Refused) as refused:
        Heard(WORDS).captured(VOICE.id, None, replace(MANDATE, status=status), at=AT)
    assert refusal(refused) == (Kind.STATE, code)


def test_a_quarter_without_a_voice_is_a_fact_and_one_with_voices_is_none() -> None:
    watch = GroupWatch.begun(RepresentedGroup.TOURISM, at=AT)
    end = watch.clocks()["quarter_end"]
    assert (watch.quarter, end) == ("2026-Q4", datetime(2026, 12, 31, 15, tzinfo=UTC))
    silent, heard = watch.settle(0, at=end), watch.settle(3, at=end)
    assert (silent.fact, heard.fact) == (GroupSilent(end, "2026-Q4"), None)
    assert silent.state == heard.state == replace(watch, quarter="2027-Q1")


def test_a_held_activity_is_reported_later() -> None:
    held = ACTIVITY.hold(at=AT)
    assert (held.state.status, held.fact) == (ActivityStatus.HELD, ActivityHeld(AT))
    assert held.state.report(31, at=AT).state.status is ActivityStatus.REPORTED


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
    assert activities.TRANSITIONS.after(ActivityStatus.HELD) == {ActivityStatus.REPORTED}


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


def test_an_activity_ends_after_it_begins() -> None:
    with pytest.raises(Refused) as refused:
        replace(ACTIVITY, ends_at=AT).planned(at=AT)
    assert refusal(refused) == (Kind.INVALID, "TIME_RANGE")


def test_a_person_is_not_even_printed() -> None:
    assert "person-1" not in repr(MANDATE)
