"""Minutes over real gRPC and a real database: suggestions, private words, identity numbers, editions, translations, their clock."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import grpc
import pytest
from google.protobuf.json_format import ParseDict

from madang.council.v1 import council_service_pb2_grpc, minutes_pb2
from madang.council.v1 import minutes_messages_pb2 as pb
from madang.council.v1 import suggestion_pb2 as suggestions
from madang.council.v1 import translation_messages_pb2 as messages
from madang.council.v1 import translation_pb2 as translations
from madang.council.v1.council_messages_pb2 import CreateCouncilRequest
from madang.type.v1.text_pb2 import Text
from services.council.domain.minutes import Minutes
from services.council.service.minutes import MinutesDesk
from services.council.store.minutes import MINUTES
from services.council.wire import minutes as wire
from services.kit.clock import end_of
from services.kit.database import Database
from services.kit.errors import Kind
from services.kit.scheduler import Scheduler
from services.kit.write import Log, Write
from tests.integration.council.conftest import NOW, Desk
from tests.serving import MovedClock, serving

SPEECHES, DECISIONS = minutes_pb2.MINUTES_PART_SPEECHES, minutes_pb2.MINUTES_PART_DECISIONS
CLOSED = minutes_pb2.DISCLOSURE_LEVEL_CLOSED
SECRET = "김하나"
GAP = "[비공개: 제9조제1항제6호]"


async def facts_of(desk: Desk, identity: str) -> list[str]:
    rows = await desk.rows("SELECT type FROM outbox WHERE aggregateid = $1 ORDER BY sequence", UUID(identity))
    return [".".join(row["type"].split(".")[4:6]) for row in rows]


async def write(desk: Desk, minutes_id: str, words: str, part: Any = SPEECHES, spans: Any = ()) -> None:
    written = minutes_pb2.WrittenPart(part=part, text=Text(plain=words, language="ko"), spans=spans)
    await desk.stub.WriteMinutesPart(pb.WriteMinutesPartRequest(minutes_id=minutes_id, part=written), metadata=desk.secretary)


def span_of(words: str, secret: str = SECRET) -> minutes_pb2.PrivateSpan:
    start = words.index(secret)
    return minutes_pb2.PrivateSpan(start=start, end=start + len(secret), level=CLOSED, clause=6)


async def reviewed(desk: Desk) -> str:
    minutes_id = await desk.draft(await desk.held())
    await desk.stub.SubmitMinutes(pb.SubmitMinutesRequest(minutes_id=minutes_id), metadata=desk.secretary)
    return minutes_id


async def suggest(desk: Desk, minutes_id: str, words: str = "더 나은 글", metadata: Any = None, by_ref: str = "") -> str:
    request = suggestions.SuggestMinutesPartRequest(
        request_id=str(uuid4()), minutes_id=minutes_id, part=SPEECHES, text=Text(plain=words), by_ref=by_ref
    )
    return str((await desk.stub.SuggestMinutesPart(request, metadata=metadata or desk.secretary)).written.id)


def words_of(minutes: minutes_pb2.Minutes, part: Any = SPEECHES) -> str:
    return next(item.text.plain for item in minutes.parts if item.part == part)


async def shown(desk: Desk, minutes_id: str, metadata: Any = None, edition: int = 0) -> minutes_pb2.Minutes:
    answer = await desk.stub.GetMinutes(pb.GetMinutesRequest(minutes_id=minutes_id, edition=edition), metadata=metadata)
    return cast("minutes_pb2.Minutes", answer.minutes)


async def test_private_words_are_in_no_published_byte_and_no_strangers_answer(desk: Desk) -> None:
    minutes_id = await desk.draft(await desk.held())
    words = f"위원 {SECRET}: 병원 통역이 필요하다"
    await write(desk, minutes_id, words, spans=[span_of(words)])
    await desk.publish(await desk.approve(minutes_id))
    correct = pb.CorrectMinutesRequest(
        minutes_id=minutes_id, reason="오기",
        parts=[minutes_pb2.WrittenPart(part=DECISIONS, text=Text(plain=f"{SECRET} 위촉"), spans=[span_of(f"{SECRET} 위촉")])],
    )  # fmt: skip
    await desk.stub.CorrectMinutes(correct, metadata=desk.secretary)
    for stranger in (None, desk.served.caller("citizen"), desk.served.caller("officer")):
        for edition in (0, 1):
            seen = await shown(desk, minutes_id, stranger, edition)
            assert SECRET.encode() not in seen.SerializeToString()
            assert words_of(seen) == f"위원 {GAP}: 병원 통역이 필요하다"
            assert not any(part.spans for part in seen.parts)
        compared = await desk.stub.CompareEditions(pb.CompareEditionsRequest(minutes_id=minutes_id), metadata=stranger)
        assert SECRET.encode() not in compared.SerializeToString()
    whole = await shown(desk, minutes_id, desk.secretary)
    assert (words_of(whole), words_of(whole, DECISIONS)) == (words, f"{SECRET} 위촉")
    payloads = await desk.rows("SELECT payload FROM outbox WHERE aggregateid = $1", UUID(minutes_id))
    assert len(payloads) == 3
    assert not [row for row in payloads if SECRET.encode() in row["payload"]]
    assert sum(GAP.encode() in row["payload"] for row in payloads) == 2


async def test_spans_that_cannot_be_are_refused(desk: Desk) -> None:
    minutes_id = await desk.draft(await desk.held())
    beyond = minutes_pb2.PrivateSpan(start=0, end=99, level=CLOSED, clause=6)
    mark = pb.MarkPrivateSpansRequest(minutes_id=minutes_id, part=SPEECHES, spans=[beyond])
    assert (await desk.served.refusal(desk.stub.MarkPrivateSpans(mark, metadata=desk.secretary))).code == "SPAN_INVALID"
    mark.spans[0].clause = 9
    assert (await desk.served.refusal(desk.stub.MarkPrivateSpans(mark, metadata=desk.secretary))).code == "RANGE_INVALID"


async def test_an_identity_number_is_found_at_publication_and_can_be_masked_then(desk: Desk) -> None:
    minutes_id = await desk.draft(await desk.held())
    await write(desk, minutes_id, "번호 900101-1234567, 또 880808-2345678")
    await desk.approve(minutes_id)
    publish = pb.PublishMinutesRequest(minutes_id=minutes_id)
    refused = await desk.served.refusal(desk.stub.PublishMinutes(publish, metadata=desk.secretary))
    assert (refused.kind, refused.code, len(refused.violations)) == (Kind.STATE, "PERSONAL_NUMBER_FOUND", 2)
    mask = pb.MaskPersonalNumberRequest(minutes_id=minutes_id, part=SPEECHES, position=3)
    await desk.stub.MaskPersonalNumber(mask, metadata=desk.secretary)
    assert (await desk.served.refusal(desk.stub.MaskPersonalNumber(mask, metadata=desk.secretary))).code == "PERSONAL_NUMBER_MISSING"
    second = minutes_pb2.PrivateSpan(start=21, end=35, level=CLOSED, clause=6)
    mark = pb.MarkPrivateSpansRequest(minutes_id=minutes_id, part=SPEECHES, spans=[second])
    await desk.stub.MarkPrivateSpans(mark, metadata=desk.secretary)
    await desk.publish(minutes_id)
    assert words_of(await shown(desk, minutes_id)) == f"번호 ******-*******, 또 {GAP}"


async def test_minutes_are_not_approved_while_suggestions_are_open(desk: Desk) -> None:
    minutes_id = await reviewed(desk)
    english = suggestions.SuggestMinutesPartRequest(minutes_id=minutes_id, part=SPEECHES, text=Text(plain="words", language="en"))
    assert (await desk.served.refusal(desk.stub.SuggestMinutesPart(english, metadata=desk.secretary))).code == "LANGUAGE_INVALID"
    first, second = await suggest(desk, minutes_id), await suggest(desk, minutes_id, "다른 글")
    approve = pb.ApproveMinutesRequest(minutes_id=minutes_id)
    refused = await desk.served.refusal(desk.stub.ApproveMinutes(approve, metadata=desk.secretary))
    assert (refused.code, refused.details["count"]) == ("SUGGESTIONS_OPEN", "2")
    await desk.stub.AcceptSuggestion(suggestions.AcceptSuggestionRequest(suggestion_id=first), metadata=desk.secretary)
    assert words_of(await shown(desk, minutes_id, desk.secretary)) == "더 나은 글"
    accept = suggestions.AcceptSuggestionRequest(suggestion_id=second)
    assert (await desk.served.refusal(desk.stub.AcceptSuggestion(accept, metadata=desk.secretary))).code == "PART_CHANGED"
    decline = suggestions.DeclineSuggestionRequest(suggestion_id=second, reason="이미 고침")
    await desk.stub.DeclineSuggestion(decline, metadata=desk.secretary)
    assert (await desk.served.refusal(desk.stub.DeclineSuggestion(decline, metadata=desk.secretary))).code == "TRANSITION_FORBIDDEN"
    await desk.stub.ApproveMinutes(approve, metadata=desk.secretary)
    assert [await facts_of(desk, identity) for identity in (first, second)] == [[], []]
    late = await desk.served.refusal(
        desk.stub.SuggestMinutesPart(
            suggestions.SuggestMinutesPartRequest(minutes_id=minutes_id, part=SPEECHES, text=Text(plain="늦은 글")), metadata=desk.secretary
        )
    )
    assert late.code == "SUGGESTIONS_CLOSED"


async def test_no_suggestion_slips_past_an_approval_that_is_under_way(desk: Desk) -> None:
    minutes_id = await reviewed(desk)
    approve = pb.ApproveMinutesRequest(minutes_id=minutes_id)
    answers = await asyncio.gather(
        *(suggest(desk, minutes_id) for _ in range(4)), desk.stub.ApproveMinutes(approve, metadata=desk.secretary), return_exceptions=True
    )
    made = [answer for answer in answers[:-1] if isinstance(answer, str)]
    kept = await desk.rows("SELECT suggestion_id FROM suggestion WHERE minutes_id = $1", UUID(minutes_id))
    assert len(kept) == len(made)
    assert bool(made) == isinstance(answers[-1], grpc.aio.AioRpcError)


async def test_a_member_reads_minutes_in_review_with_their_gaps_and_suggests(desk: Desk) -> None:
    member, citizen = desk.served.caller("citizen", subject="person-4711"), desk.served.caller("citizen", subject="person-1")
    minutes_id = await desk.draft(await desk.held())
    words = f"위원 {SECRET}: 찬성"
    await write(desk, minutes_id, words, spans=[span_of(words)])
    read = pb.GetMinutesRequest(minutes_id=minutes_id)
    assert (await desk.served.refusal(desk.stub.GetMinutes(read, metadata=member))).code == "NOT_FOUND"
    await desk.stub.SubmitMinutes(pb.SubmitMinutesRequest(minutes_id=minutes_id), metadata=desk.secretary)
    assert words_of(await shown(desk, minutes_id, member)) == f"위원 {GAP}: 찬성"
    assert (await desk.served.refusal(desk.stub.GetMinutes(read, metadata=citizen))).code == "NOT_FOUND"
    suggestion_id = await suggest(desk, minutes_id, metadata=member)
    stranger = suggestions.SuggestMinutesPartRequest(minutes_id=minutes_id, part=SPEECHES, text=Text(plain="글"))
    assert (await desk.served.refusal(desk.stub.SuggestMinutesPart(stranger, metadata=citizen))).code == "NOT_FOUND"
    accept = suggestions.AcceptSuggestionRequest(suggestion_id=suggestion_id)
    assert (await desk.served.refusal(desk.stub.AcceptSuggestion(accept, metadata=desk.secretary))).code == "SPANS_NEEDED"
    accept.text.plain = f"{SECRET}: 반대"
    accept.spans.append(span_of(accept.text.plain))
    await desk.stub.AcceptSuggestion(accept, metadata=desk.secretary)
    assert words_of(await shown(desk, minutes_id, member)) == f"{GAP}: 반대"


async def test_suggestions_are_listed_inside_and_without_whoever_made_them(desk: Desk, open_desk: Callable[[], Awaitable[Desk]]) -> None:
    minutes_id = await reviewed(desk)
    suggestion_id = await suggest(desk, minutes_id, by_ref="person-0815")
    mine = await desk.stub.ListSuggestions(suggestions.ListSuggestionsRequest(), metadata=desk.secretary)
    assert [item.suggestion_id for item in mine.suggestions] == [suggestion_id]
    assert b"person" not in mine.SerializeToString()
    other = (await open_desk()).secretary
    assert not (await desk.stub.ListSuggestions(suggestions.ListSuggestionsRequest(minutes_id=minutes_id), metadata=other)).suggestions
    decline = suggestions.DeclineSuggestionRequest(suggestion_id=suggestion_id, reason="?")
    assert (await desk.served.refusal(desk.stub.DeclineSuggestion(decline, metadata=other))).code == "NOT_FOUND"
    accepted = suggestions.ListSuggestionsRequest(minutes_id=minutes_id, status=suggestions.SUGGESTION_STATUS_ACCEPTED)
    assert not (await desk.stub.ListSuggestions(accepted, metadata=desk.served.caller("auditor"))).suggestions


async def test_two_editions_are_compared_part_by_part(desk: Desk) -> None:
    minutes_id = await desk.publish(await desk.approve(await desk.draft(await desk.held())))
    alone = pb.CompareEditionsRequest(minutes_id=minutes_id)
    assert (await desk.served.refusal(desk.stub.CompareEditions(alone))).code == "NOT_FOUND"
    for words in ("찬성 11", "찬성 12"):
        part = minutes_pb2.WrittenPart(part=DECISIONS, text=Text(plain=words))
        await desk.stub.CorrectMinutes(
            pb.CorrectMinutesRequest(minutes_id=minutes_id, parts=[part], reason="오기"), metadata=desk.secretary
        )
    newest = await desk.stub.CompareEditions(alone)
    whole = await desk.stub.CompareEditions(pb.CompareEditionsRequest(minutes_id=minutes_id, from_edition=1, to_edition=3))
    assert (newest.from_edition, newest.to_edition, newest.correction_reason) == (2, 3, "오기")
    for compared, earlier in ((newest, "찬성 11"), (whole, "글 8")):
        [changed] = [part for part in compared.parts if part.changed]
        assert (changed.part, changed.earlier.plain, changed.later.plain) == (DECISIONS, earlier, "찬성 12")
        assert len(compared.parts) == 8


async def translate(desk: Desk, minutes_id: str, spans: Any = ()) -> str:
    start = messages.StartTranslationRequest(minutes_id=minutes_id, language="vi", machine=True)
    translation_id = str((await desk.stub.StartTranslation(start, metadata=desk.secretary)).written.id)
    for part in list(minutes_pb2.MinutesPart.values())[1:]:
        written = minutes_pb2.WrittenPart(part=part, text=Text(plain=f"bí mật {part}"), spans=spans if part == SPEECHES else ())
        request = messages.WriteTranslationPartRequest(translation_id=translation_id, part=written)
        await desk.stub.WriteTranslationPart(request, metadata=desk.secretary)
    return translation_id


async def test_a_translation_lives_beside_its_minutes_and_says_when_they_changed(desk: Desk) -> None:
    minutes_id = await desk.draft(await desk.held())
    words = f"{SECRET}: 찬성"
    await write(desk, minutes_id, words, spans=[span_of(words)])
    await desk.publish(await desk.approve(minutes_id))
    translation_id = await translate(desk, minutes_id, [minutes_pb2.PrivateSpan(start=0, end=6, level=CLOSED, clause=6)])
    listing = messages.ListTranslationsRequest(minutes_id=minutes_id)
    assert not (await desk.stub.ListTranslations(listing)).translations
    unseen = await desk.served.refusal(desk.stub.GetTranslation(messages.GetTranslationRequest(translation_id=translation_id)))
    assert (unseen.code, await facts_of(desk, translation_id)) == ("NOT_FOUND", [])
    await desk.stub.ReviewTranslation(messages.ReviewTranslationRequest(translation_id=translation_id), metadata=desk.secretary)
    await desk.stub.MakeTranslationOfficial(messages.MakeTranslationOfficialRequest(translation_id=translation_id), metadata=desk.secretary)
    assert await facts_of(desk, translation_id) == ["translation.published", "translation.updated"]
    [standing] = (await desk.stub.ListTranslations(listing)).translations
    assert (standing.behind, standing.status) == (False, translations.TRANSLATION_STATUS_OFFICIAL)
    part = minutes_pb2.WrittenPart(part=DECISIONS, text=Text(plain="찬성 11"))
    await desk.stub.CorrectMinutes(pb.CorrectMinutesRequest(minutes_id=minutes_id, parts=[part], reason="오기"), metadata=desk.secretary)
    [standing] = (await desk.stub.ListTranslations(listing)).translations
    assert (standing.behind, list(standing.changed_parts)) == (True, [DECISIONS])
    read = (await desk.stub.GetTranslation(messages.GetTranslationRequest(translation_id=translation_id))).translation
    speech = next(item for item in read.parts if item.part == SPEECHES)
    assert speech.text.plain.startswith("[Không công khai: ")
    payloads = await desk.rows("SELECT payload FROM outbox WHERE aggregateid = $1", UUID(translation_id))
    assert not [row for row in payloads if f"bí mật {SPEECHES}".encode() in row["payload"]]


async def test_the_refusals_of_translations(desk: Desk) -> None:
    draft = await desk.draft(await desk.held())
    start = messages.StartTranslationRequest(minutes_id=draft, language="vi")
    assert (await desk.served.refusal(desk.stub.StartTranslation(start, metadata=desk.secretary))).code == "MINUTES_NOT_PUBLIC"
    await desk.publish(await desk.approve(draft))
    made = (await desk.stub.StartTranslation(start, metadata=desk.secretary)).written.id
    assert (await desk.served.refusal(desk.stub.StartTranslation(start, metadata=desk.secretary))).code == "ALREADY_EXISTS"
    review = messages.ReviewTranslationRequest(translation_id=made)
    assert (await desk.served.refusal(desk.stub.ReviewTranslation(review, metadata=desk.secretary))).code == "TRANSLATION_INCOMPLETE"


async def test_a_retry_of_each_new_command_has_no_second_effect(desk: Desk) -> None:
    minutes_id, key = await reviewed(desk), str(uuid4())
    request = suggestions.SuggestMinutesPartRequest(request_id=key, minutes_id=minutes_id, part=SPEECHES, text=Text(plain="글"))
    once, again = [(await desk.stub.SuggestMinutesPart(request, metadata=desk.secretary)).written for _ in range(2)]
    assert once == again
    accept = suggestions.AcceptSuggestionRequest(request_id=key, suggestion_id=once.id)
    once, again = [(await desk.stub.AcceptSuggestion(accept, metadata=desk.secretary)).written for _ in range(2)]
    assert once == again


async def test_the_words_of_a_closed_item_do_not_become_public(desk: Desk) -> None:
    meeting_id, words = await desk.held(), "통역 활동비를 시간당 2만 원으로 올린다"
    await desk.place(meeting_id, public=False, name="단가", text=Text(plain=words, language="ko"))
    minutes_id = await desk.draft(meeting_id)
    await write(desk, minutes_id, f"간사: {words}")
    await desk.approve(minutes_id)
    publish = pb.PublishMinutesRequest(minutes_id=minutes_id)
    assert (await desk.served.refusal(desk.stub.PublishMinutes(publish, metadata=desk.secretary))).code == "CLOSED_ITEM_SHOWN"
    mark = pb.MarkPrivateSpansRequest(minutes_id=minutes_id, part=SPEECHES, spans=[span_of(f"간사: {words}", words)])
    await desk.stub.MarkPrivateSpans(mark, metadata=desk.secretary)
    await desk.stub.PublishMinutes(publish, metadata=desk.secretary)
    assert words_of(await shown(desk, minutes_id)) == f"간사: {GAP}"


async def test_every_number_of_promptness_opens_the_records_behind_it(desk: Desk) -> None:
    ask = pb.GetPromptnessRequest(council_id=desk.council_id)
    assert [item.value for item in (await desk.stub.GetPromptness(ask)).measures] == [0, 0]
    ids = {await desk.publish(await desk.approve(await desk.draft(await desk.held()))) for _ in range(3)}
    await desk.draft(await desk.held())
    # Published two, five and seven days after their meetings; the last one was late, and was corrected since.
    for minutes_id, days in zip(sorted(ids), (2, 5, 7), strict=True):
        await desk.rows(
            "UPDATE minutes_edition SET published_at = $2 WHERE minutes_id = $1", UUID(minutes_id), NOW + timedelta(days=days - 2)
        )
    await desk.rows("UPDATE minutes SET late = true, status = 'corrected' WHERE minutes_id = $1", UUID(max(ids)))
    measures = (await desk.stub.GetPromptness(ask)).measures
    assert [round(item.value, 3) for item in measures] == [3, 1, 4.667, 5]
    for measure, behind in zip(measures, [ids, {max(ids)}, ids, ids], strict=True):
        listing = ParseDict(json.loads(measure.records), pb.ListMinutesRequest())
        for reader in (None, desk.secretary):
            assert {item.minutes_id for item in (await desk.stub.ListMinutes(listing, metadata=reader)).minutes} == behind
    assert (await desk.stub.GetPromptness(pb.GetPromptnessRequest())).measures[0].value >= 3


@pytest.fixture(scope="module")
def clock() -> MovedClock:
    return MovedClock(NOW)


async def test_late_minutes_are_told_once_over_a_year_by_two_schedulers(
    fresh_database: Callable[[str], Awaitable[str]], tmp_path: Path, clock: MovedClock
) -> None:
    async with serving("council", await fresh_database("council"), tmp_path, clock=clock, agenda_address="127.0.0.1:1") as served:
        stub = council_service_pb2_grpc.CouncilServiceStub(served.channel)
        formed = CreateCouncilRequest(name="외국인주민 대표자회의", term_start="2026-01-01", term_end="2028-12-31")
        desk = Desk(served, stub, (await stub.CreateCouncil(formed, metadata=served.caller())).written.id)
        open_, published = await desk.draft(await desk.held()), await desk.publish(await desk.approve(await desk.draft(await desk.held())))
        assert (await shown(desk, open_, desk.secretary)).due_on == "2026-11-25"
        database = Database(served.dsn, name="test")
        await database.open()
        log = Log(database, service="council", wake=lambda: None)
        table = Write(log, MINUTES, wire.event_of, clocks=Minutes.clocks)
        rings = MinutesDesk(None, table, clock, None, 5, None, None).rings  # type: ignore[arg-type]
        two = [Scheduler(database, clock, rings, wake=lambda: None) for _ in range(2)]
        for days in range(0, 366, 5):
            for scheduler in two:
                await scheduler.ring(NOW + timedelta(days=days))
        assert await facts_of(desk, open_) == ["minutes.late"]
        assert "minutes.late" not in await facts_of(desk, published)
        [row] = await desk.rows("SELECT payload FROM outbox WHERE type LIKE '%minutes.late%'")
        late = wire.FACTS[next(fact for fact in wire.FACTS if fact.__name__ == "MinutesLate")].FromString(row["payload"])
        assert late.occurred_at.ToDatetime(UTC) == end_of(date(2026, 11, 25)).astimezone(UTC) == datetime(2026, 11, 25, 15, tzinfo=UTC)
        assert not late.after.parts
        found = (await stub.ListMinutes(pb.ListMinutesRequest(late=True), metadata=desk.secretary)).minutes
        assert [item.minutes_id for item in found] == [open_]
        await desk.publish(await desk.approve(open_))
        assert (await shown(desk, open_)).late
        await database.close()
