"""What is true of minutes, suggestions for them and translations of them, without any I/O."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.council.domain import suggestion, translation
from services.council.domain.meeting import Sitting
from services.council.domain.minutes import Minutes, MinutesPart, MinutesStatus
from services.council.domain.passage import DisclosureLevel, Passage, Span
from services.council.domain.suggestion import Suggestion, SuggestionStatus, check_settled
from services.council.domain.translation import Translation, TranslationStatus
from services.council.events import MinutesLate, MinutesPublished, TranslationPublished, TranslationUpdated
from services.kit.clock import end_of
from services.kit.errors import Kind, Refused
from services.kit.text import Text

AT = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
DUE = date(2026, 11, 25)
SITTING = Sitting(UUID(int=1), UUID(int=2), "제4차 전체회의", "외국인주민 대표자회의", AT)
WORDS = {part: Passage(Text(f"{part}의 글", "ko")) for part in MinutesPart}
DRAFT = Minutes(UUID(int=3), SITTING, "ko", AT, parts=WORDS, due_on=DUE)
REVIEWED = replace(DRAFT, status=MinutesStatus.IN_REVIEW)
APPROVED = replace(DRAFT, status=MinutesStatus.APPROVED)
PUBLIC = replace(DRAFT, status=MinutesStatus.PUBLISHED, edition=1)
SPEECHES = MinutesPart.SPEECHES
SPAN = Span(0, 2, DisclosureLevel.CLOSED, 6)
NUMBERED = Passage(Text("번호 900101-1234567", "ko"))
SUGGESTION = Suggestion(UUID(int=4), DRAFT.id, SITTING.council_id, SPEECHES, Text("더 나은 글", "ko"), AT, DRAFT.passage(SPEECHES).digest)
EMPTY = Translation(UUID(int=5), DRAFT.id, SITTING, "vi", AT)


def translated(source: Minutes = PUBLIC, status: TranslationStatus = TranslationStatus.DRAFT) -> Translation:
    made = EMPTY
    for part in MinutesPart:
        made = made.write(part, Passage(Text(f"lời {part}", "vi"), source.passage(part).spans), source, at=AT).state
    return replace(made, status=status)


CASES: list[tuple[Any, ...]] = [
    (
        suggestion.TRANSITIONS, SuggestionStatus,
        {SuggestionStatus.ACCEPTED: lambda s: s.accept(at=AT), SuggestionStatus.DECLINED: lambda s: s.decline("이미 있음", at=AT)},
        lambda status: replace(SUGGESTION, status=status),
    ),
    (
        translation.TRANSITIONS, TranslationStatus,
        {
            TranslationStatus.REVIEWED: lambda t: t.review(PUBLIC, at=AT),
            TranslationStatus.OFFICIAL: lambda t: t.make_official(PUBLIC, at=AT),
        },
        lambda status: translated(status=status),
    ),
]  # fmt: skip
ALL = [
    (table, make, command, state, after)
    for table, states, commands, make in CASES
    for state in states
    for after, command in commands.items()
]


@pytest.mark.parametrize(("table", "make", "command", "state", "after"), ALL, ids=lambda value: value if isinstance(value, str) else "")
def test_a_transition_is_made_where_it_is_allowed_and_otherwise_says_where_it_may_go(
    table: Any, make: Any, command: Any, state: Any, after: Any
) -> None:
    if after in table.after(state):
        assert command(make(state)).state.status == after
        return
    with pytest.raises(Refused) as refused:
        command(make(state))
    assert (refused.value.kind, refused.value.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    assert refused.value.details["allowed"] == (", ".join(sorted(table.after(state))) or "nothing: it is final")


def refusal(function: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        function()
    return refused.value


@pytest.mark.parametrize("status", MinutesStatus)
def test_the_clock_runs_until_minutes_are_public(status: MinutesStatus) -> None:
    runs = {} if status in {MinutesStatus.PUBLISHED, MinutesStatus.CORRECTED} else {"minutes_due": end_of(DUE)}
    assert replace(DRAFT, status=status).clocks() == runs


def test_minutes_are_late_once() -> None:
    change = DRAFT.miss_deadline(at=end_of(DUE))
    assert (change.state.late, change.state.clocks(), change.fact) == (True, {}, MinutesLate(end_of(DUE)))


@pytest.mark.parametrize(("at", "late"), [(AT, False), (end_of(DUE), True)])
def test_what_is_published_after_its_day_is_late_even_before_the_clock_rings(at: datetime, late: bool) -> None:
    change = APPROVED.publish(at=at)
    assert (change.state.late, change.fact) == (late, MinutesPublished(at))


def test_rewriting_a_part_drops_its_private_spans_unless_they_are_given_anew() -> None:
    marked = DRAFT.mark(SPEECHES, (SPAN,)).state
    assert marked.passage(SPEECHES).spans == (SPAN,)
    assert marked.write(SPEECHES, Passage(Text("새 글"))).state.passage(SPEECHES).spans == ()
    assert marked.write(SPEECHES, Passage(Text("새 글"), (SPAN,))).state.passage(SPEECHES).spans == (SPAN,)


@pytest.mark.parametrize("minutes", [DRAFT, REVIEWED, APPROVED], ids=lambda minutes: minutes.status)
def test_spans_and_masks_publish_nothing_and_stay_possible_until_publication(minutes: Minutes) -> None:
    numbered = replace(minutes, parts={**WORDS, SPEECHES: NUMBERED})
    assert numbered.mark(SPEECHES, (SPAN,)).fact is None
    assert numbered.mask(SPEECHES, 3).fact is None


def test_public_minutes_are_marked_and_masked_by_a_correction_only() -> None:
    assert refusal(lambda: PUBLIC.mark(SPEECHES, (SPAN,))).code == "MINUTES_FINAL"
    assert refusal(lambda: PUBLIC.mask(SPEECHES, 3)).code == "MINUTES_FINAL"


@pytest.mark.parametrize("part", MinutesPart)
def test_an_identity_number_is_found_at_publication_by_part_and_position_and_never_told(part: MinutesPart) -> None:
    numbered = replace(APPROVED, parts={**WORDS, part: NUMBERED})
    refused = refusal(lambda: numbered.publish(at=AT))
    assert (refused.kind, refused.code) == (Kind.STATE, "PERSONAL_NUMBER_FOUND")
    assert [(violation.field, violation.message) for violation in refused.violations] == [
        (part, f"an identity number begins at 3 of the part {part}")
    ]
    assert "MaskPersonalNumber" in refused.message
    assert "900101" not in refused.message


def test_a_masked_or_private_number_may_be_published() -> None:
    numbered = replace(APPROVED, parts={**WORDS, SPEECHES: NUMBERED})
    assert numbered.mask(SPEECHES, 3).state.publish(at=AT).state.is_public
    assert numbered.mark(SPEECHES, (Span(3, 17, DisclosureLevel.CLOSED, 6),)).state.publish(at=AT).state.is_public


def test_a_correction_brings_no_identity_number_either() -> None:
    assert refusal(lambda: PUBLIC.correct({SPEECHES: NUMBERED}, "오기", at=AT)).code == "PERSONAL_NUMBER_FOUND"
    assert refusal(lambda: PUBLIC.correct({}, "900101-1234567을 지움", at=AT)).violations[0].field == "reason"


@pytest.mark.parametrize("status", set(MinutesStatus) - {MinutesStatus.IN_REVIEW})
def test_suggestions_are_taken_in_review_only(status: MinutesStatus) -> None:
    REVIEWED.check_reviewed()
    assert refusal(replace(DRAFT, status=status).check_reviewed).code == "SUGGESTIONS_CLOSED"


def test_a_suggestion_becomes_its_parts_words() -> None:
    assert SUGGESTION.words_for(REVIEWED, None) == Passage(Text("더 나은 글", "ko"))


def test_a_suggestion_does_not_undo_what_was_written_since() -> None:
    rewritten = REVIEWED.write(SPEECHES, Passage(Text("그 사이의 글"))).state
    assert refusal(lambda: SUGGESTION.words_for(rewritten, None)).code == "PART_CHANGED"
    both = Passage(Text("둘 다"))
    assert SUGGESTION.words_for(rewritten, both) == both


def test_a_suggestion_does_not_show_what_is_private() -> None:
    marked = REVIEWED.mark(SPEECHES, (SPAN,)).state
    assert refusal(lambda: SUGGESTION.words_for(marked, None)).code == "SPANS_NEEDED"


def test_unsettled_suggestions_are_counted() -> None:
    check_settled(0)
    refused = refusal(lambda: check_settled(3))
    assert (refused.code, refused.details["count"]) == ("SUGGESTIONS_OPEN", "3")


def test_suggestions_are_no_facts_and_print_without_the_person() -> None:
    assert [SUGGESTION.made().fact, SUGGESTION.accept(at=AT).fact, SUGGESTION.decline("?", at=AT).fact] == [None] * 3
    assert "person-1" not in repr(replace(SUGGESTION, by_ref="person-1"))


@pytest.mark.parametrize("status", set(MinutesStatus) - {MinutesStatus.PUBLISHED, MinutesStatus.CORRECTED})
def test_only_public_minutes_are_translated(status: MinutesStatus) -> None:
    assert refusal(lambda: EMPTY.started(replace(DRAFT, status=status))).code == "MINUTES_NOT_PUBLIC"
    assert EMPTY.started(PUBLIC).fact is None


def test_minutes_are_not_translated_into_their_own_language() -> None:
    assert refusal(lambda: replace(EMPTY, language="ko").started(PUBLIC)).code == "LANGUAGE_INVALID"
    assert refusal(lambda: EMPTY.write(SPEECHES, Passage(Text("글", "ko")), PUBLIC, at=AT)).code == "LANGUAGE_INVALID"


def test_a_translation_is_a_fact_from_its_review_on() -> None:
    drafted = translated()
    reviewed = drafted.review(PUBLIC, at=AT)
    official = reviewed.state.make_official(PUBLIC, at=AT)
    rewritten = reviewed.state.write(SPEECHES, Passage(Text("lời mới")), PUBLIC, at=AT)
    assert drafted.write(SPEECHES, Passage(Text("lời mới")), PUBLIC, at=AT).fact is None
    assert [reviewed.fact, official.fact, rewritten.fact] == [TranslationPublished(AT), TranslationUpdated(AT), TranslationUpdated(AT)]


@pytest.mark.parametrize("part", MinutesPart)
def test_a_part_that_is_not_translated_is_named(part: MinutesPart) -> None:
    gap = translated().write(part, Passage(Text(" ")), PUBLIC, at=AT).state
    refused = refusal(lambda: gap.review(PUBLIC, at=AT))
    assert (refused.code, [violation.field for violation in refused.violations]) == ("TRANSLATION_INCOMPLETE", [part])


def test_a_correction_leaves_the_translations_of_its_parts_behind() -> None:
    reviewed = translated().review(PUBLIC, at=AT).state
    corrected = PUBLIC.correct({SPEECHES: Passage(Text("고친 글"))}, "오기", at=AT).state
    assert (reviewed.changed_parts(PUBLIC), reviewed.changed_parts(corrected)) == ([], [SPEECHES])
    refused = refusal(lambda: reviewed.make_official(corrected, at=AT))
    assert (refused.code, [violation.field for violation in refused.violations]) == ("TRANSLATION_BEHIND", [SPEECHES])
    caught_up = reviewed.write(SPEECHES, Passage(Text("lời mới")), corrected, at=AT).state
    assert (caught_up.changed_parts(corrected), caught_up.parts[SPEECHES].source_edition) == ([], 2)


def test_a_translation_closes_what_its_original_closes() -> None:
    closed = replace(PUBLIC, parts={**WORDS, SPEECHES: Passage(Text("비밀의 글", "ko"), (SPAN,))})
    translated(closed).review(closed, at=AT)
    shown = translated(closed).write(SPEECHES, Passage(Text("bí mật")), closed, at=AT).state
    refused = refusal(lambda: shown.review(closed, at=AT))
    assert (refused.code, [violation.field for violation in refused.violations]) == ("GAPS_DIFFER", [SPEECHES])


def test_a_translation_brings_no_identity_number() -> None:
    numbered = translated().write(SPEECHES, Passage(Text("số 900101-1234567")), PUBLIC, at=AT).state
    assert refusal(lambda: numbered.review(PUBLIC, at=AT)).code == "PERSONAL_NUMBER_FOUND"


def test_the_words_of_a_closed_item_are_found_at_publication_until_they_are_private() -> None:
    closed = "통역 활동비를 시간당 2만 원으로 올린다"
    told = replace(APPROVED, parts={**WORDS, SPEECHES: Passage(Text(f"간사: {closed}.", "ko"))})
    refused = refusal(lambda: told.publish([closed], at=AT))
    assert (refused.code, [violation.field for violation in refused.violations]) == ("CLOSED_ITEM_SHOWN", [SPEECHES])
    private = told.mark(SPEECHES, (Span(4, 4 + len(closed), DisclosureLevel.CLOSED, 5),)).state
    assert private.publish([closed], at=AT).state.passage(SPEECHES).public.text.plain == "간사: [비공개: 제9조제1항제5호]."


def test_a_word_or_two_of_a_closed_item_say_nothing() -> None:
    assert APPROVED.publish(["의 글", ""], at=AT).state.is_public
