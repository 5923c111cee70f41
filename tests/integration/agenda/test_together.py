"""Merge, split and undo: no voice is lost, whatever officers do one after the other, and every old id leads on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2
from services.agenda.domain.item import AgendaItem
from services.agenda.domain.link import Service
from services.agenda.service.item import Agenda, Opening, Source
from services.agenda.service.together import Splitting, Together
from services.agenda.store.item import ITEMS
from services.agenda.store.link import LINKS
from services.agenda.wire.item import item_event
from services.agenda.wire.link import link_event
from services.kit.actor import Call
from services.kit.clock import SystemClock
from services.kit.database import Database
from services.kit.errors import Kind, Refused
from services.kit.ids import agenda_id_of, new_id
from services.kit.text import Text
from services.kit.write import Log, Target, Write
from tests.integration.agenda.carried import PROPOSALS, Carried


def ref(source: UUID) -> pb.SourceRef:
    return pb.SourceRef(service=PROPOSALS, source_id=str(source))


async def sources_of(agenda: Carried, agenda_id: str) -> set[str]:
    return {source.source_id for source in (await agenda.item(agenda_id)).sources}


async def listed(agenda: Carried) -> set[str]:
    page = await agenda.ask("ListItems", pb.ListItemsRequest(page_size=500))
    return {item.agenda_id for item in page.items}


async def test_a_merged_item_leads_to_the_other_and_its_story_stands_there(agenda: Carried) -> None:
    first, second, shared = [await agenda.proposal() for _ in range(3)]
    one, two = await agenda.open(first, shared), await agenda.open(second, shared)
    await agenda.ask("MergeItem", pb.MergeItemRequest(agenda_id=one, into=two, reason="같은 일"))
    await agenda.carry()
    assert await sources_of(agenda, two) == {str(first), str(second), str(shared)}
    found = await agenda.ask("GetItem", pb.GetItemRequest(agenda_id=one))
    assert (found.item.agenda_id, found.redirected_from) == (two, one)
    assert one not in await listed(agenda)
    steps = (await agenda.ask("GetTimeline", pb.GetTimelineRequest(agenda_id=two))).steps
    assert ("kr.go.seoul.madang.agenda-item.merged.v1", "같은 일") in {(step.type, step.reason) for step in steps}
    refused = await agenda.refusal("AssignOwner", pb.AssignOwnerRequest(agenda_id=one, owner="과"))
    assert (refused.kind, refused.code, refused.details["merged_into"]) == (Kind.STATE, "ITEM_MERGED", two)
    for request in (pb.MergeItemRequest(agenda_id=one, into=two), pb.MergeItemRequest(agenda_id=two, into=one)):
        assert (await agenda.refusal("MergeItem", request)).code == "ITEM_MERGED"
    assert (await agenda.refusal("LinkSource", pb.LinkSourceRequest(agenda_id=one, source=ref(second)))).code == "ITEM_MERGED"


async def test_an_undone_merge_brings_back_what_the_other_still_has(agenda: Carried) -> None:
    moved, shared, gone, own = [await agenda.proposal() for _ in range(4)]
    one, two = await agenda.open(moved, shared, gone), await agenda.open(own, shared)
    await agenda.ask("MergeItem", pb.MergeItemRequest(agenda_id=one, into=two))
    await agenda.ask("UnlinkSource", pb.UnlinkSourceRequest(agenda_id=two, service=PROPOSALS, source_id=str(gone)))
    await agenda.ask("UndoItem", pb.UndoItemRequest(agenda_id=one, reason="다른 일이었다"))
    await agenda.carry()
    assert await sources_of(agenda, one) == {str(moved), str(shared)}
    assert await sources_of(agenda, two) == {str(own), str(shared)}
    assert (await agenda.item(agenda_id_of("proposals", gone))).status == item_pb2.AGENDA_STATUS_CANDIDATE
    assert {one, two} <= await listed(agenda)
    assert (await agenda.refusal("UndoItem", pb.UndoItemRequest(agenda_id=one))).code == "NOTHING_TO_UNDO"


async def test_undoing_one_merge_leaves_what_another_one_came_with(agenda: Carried) -> None:
    shared, own = await agenda.proposal(), await agenda.proposal()
    one, two, into = await agenda.open(shared), await agenda.open(shared), await agenda.open(own)
    for merged in (one, two):
        await agenda.ask("MergeItem", pb.MergeItemRequest(agenda_id=merged, into=into))
    await agenda.ask("UndoItem", pb.UndoItemRequest(agenda_id=one))
    await agenda.carry()
    assert await sources_of(agenda, into) == {str(own), str(shared)}
    await agenda.ask("UndoItem", pb.UndoItemRequest(agenda_id=two))
    await agenda.carry()
    assert await sources_of(agenda, one) == await sources_of(agenda, two) == {str(shared)}


async def test_sources_become_an_item_of_their_own_and_go_back(agenda: Carried) -> None:
    one, two, three = [await agenda.proposal(title=title) for title in ("그늘막", "가로등", "횡단보도")]
    item = await agenda.open(one, two, three)
    reply = await agenda.ask("SplitItem", pb.SplitItemRequest(agenda_id=item, sources=[ref(two)], reason="다른 일"))
    await agenda.carry()
    new = await agenda.item(reply.written.id)
    assert (new.title, new.split_from, new.status) == ("가로등", item, item_pb2.AGENDA_STATUS_OPEN)
    assert await sources_of(agenda, item) == {str(one), str(three)}
    refused = await agenda.refusal("SplitItem", pb.SplitItemRequest(agenda_id=item, sources=[ref(one), ref(three)]))
    assert refused.code == "SPLIT_TAKES_ALL"
    assert (await agenda.refusal("SplitItem", pb.SplitItemRequest(agenda_id=item, sources=[ref(two)]))).code == "NOT_LINKED"
    await agenda.ask("UndoItem", pb.UndoItemRequest(agenda_id=new.agenda_id))
    await agenda.carry()
    assert await sources_of(agenda, new.agenda_id) == {str(one), str(two), str(three)} == await sources_of(agenda, item)


async def test_sources_without_a_title_become_an_item_only_with_one(agenda: Carried) -> None:
    silent, other = await agenda.proposal(title=""), await agenda.proposal()
    item = await agenda.open(silent, other, title="정류장")
    request = pb.SplitItemRequest(agenda_id=item, sources=[ref(silent)], reason="다른 일")
    refused = await agenda.refusal("SplitItem", request)
    assert (refused.code, refused.violations[0].field) == ("TITLE_REQUIRED", "title")
    request.title = "가로등"
    reply = await agenda.ask("SplitItem", request)
    await agenda.carry()
    assert (await agenda.item(reply.written.id)).title == "가로등"


async def test_a_later_merge_is_undone_first(agenda: Carried) -> None:
    one, two, three = [await agenda.open(await agenda.proposal()) for _ in range(3)]
    await agenda.ask("MergeItem", pb.MergeItemRequest(agenda_id=one, into=two))
    await agenda.ask("MergeItem", pb.MergeItemRequest(agenda_id=two, into=three))
    assert (await agenda.refusal("UndoItem", pb.UndoItemRequest(agenda_id=one))).code == "ITEM_MERGED"
    await agenda.carry()
    assert (await agenda.ask("GetItem", pb.GetItemRequest(agenda_id=one))).item.agenda_id == three
    for item in (two, one):
        await agenda.ask("UndoItem", pb.UndoItemRequest(agenda_id=item))
    await agenda.carry()
    assert [len(await sources_of(agenda, item)) for item in (one, two, three)] == [1, 1, 1]


async def test_items_that_were_each_merged_into_the_other_in_what_is_known_so_far_lead_to_an_end(agenda: Carried) -> None:
    one, two = new_id(), new_id()
    for item, into in ((one, two), (two, one)):
        agenda.log.item(item, merged_into=str(into))
    await agenda.carry()
    async with asyncio.timeout(5):
        assert (await agenda.item(one)).agenda_id == str(two)
        assert (await agenda.item(two)).agenda_id == str(one)


class Office:
    """Officers on a database of their own; sources are only named."""

    def __init__(self, dsn: str) -> None:
        self.database = Database(dsn, name="test", size=2)
        log = Log(self.database, service="agenda", wake=lambda: None)
        items, links = Write(log, ITEMS, item_event, clocks=AgendaItem.clocks), Write(log, LINKS, link_event)
        self.agenda, self.together = Agenda(items, links, self, SystemClock()), Together(items, links, self, SystemClock())
        self.items: list[UUID] = []

    async def title(self, service: Service, source_id: UUID) -> str:
        return f"{service} {source_id}"

    async def begin(self, items: int, sources: list[UUID]) -> None:
        """Items that have some of the sources each, every source in at least one."""
        async with self.database.connection() as connection:
            await connection.execute("TRUNCATE agenda_item, source_link, aggregate, outbox, clock CASCADE")
        self.items = [new_id() for _ in range(items)]
        for number, item in enumerate(self.items):
            mine = [Source(Service.VOICES, source) for place, source in enumerate(sources) if place % items == number or place == 0]
            await self.agenda.open(Call.own("test"), Opening(item, "제목", Text("", "ko"), (), None, mine))

    async def act(self, kind: str, one: int, two: int, source: UUID) -> None:
        """One act of an officer; what is refused changes nothing."""
        item, other = self.items[one % len(self.items)], self.items[two % len(self.items)]
        target, call, new = Target(item, 0), Call.own("test"), new_id()
        with suppress(Refused):
            match kind:
                case "merge":
                    await self.together.merge(call, target, other, "")
                case "split":
                    await self.together.split(call, target, Splitting(new, "새 의제", Text("", "ko"), [Source(Service.VOICES, source)], ""))
                    self.items.append(new)
                case "undo":
                    await self.together.undo(call, target, "")
                case "link":
                    await self.agenda.link(call, item, Source(Service.VOICES, source), 1.0)

    async def held(self) -> tuple[set[UUID], set[UUID]]:
        """The sources of items that stand for themselves, and those of merged items, of which there must be none."""
        async with self.database.connection() as connection:
            rows = await connection.fetch(HELD)
        return {row["source_id"] for row in rows if row["stands"]}, {row["source_id"] for row in rows if not row["stands"]}


HELD = """
    SELECT l.source_id, i.merged_into IS NULL AS stands FROM source_link AS l JOIN agenda_item AS i USING (agenda_id) WHERE NOT l.removed"""
SOURCES = [UUID(int=number + 1, version=4) for number in range(5)]
KINDS = ["merge", "merge", "split", "undo", "undo", "link"]
ACTS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 6), st.integers(0, 6), st.sampled_from(SOURCES)), min_size=1, max_size=14)


@pytest.fixture(scope="module")
async def office(fresh_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Office]:
    made = Office(await fresh_database("agenda"))
    await made.database.open()
    yield made
    await made.database.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
async def test_no_sequence_of_merges_splits_and_undos_loses_a_voice(office: Office, acts: list[tuple[str, int, int, UUID]]) -> None:
    await office.begin(3, SOURCES)
    for act in acts:
        await office.act(*act)
        assert await office.held() == (set(SOURCES), set()), act


async def test_officers_who_act_at_once_lose_no_voice(office: Office) -> None:
    for seed in range(10):
        await office.begin(3, SOURCES)
        one, two, three = office.items
        ways = [(one, two), (two, one), (two, three), (three, one)]
        acts: list[Any] = [office.together.merge(Call.own("test"), Target(item, 0), into, "") for item, into in ways]
        acts.append(office.agenda.link(Call.own("test"), one, Source(Service.VOICES, SOURCES[seed % 5]), 0.5))
        answers = await asyncio.gather(*acts, return_exceptions=True)
        assert all(not isinstance(answer, BaseException) or isinstance(answer, Refused) for answer in answers), answers
        assert await office.held() == (set(SOURCES), set())


async def test_one_key_merges_once(agenda: Carried) -> None:
    one, two = [await agenda.open(await agenda.proposal()) for _ in range(2)]
    request = pb.MergeItemRequest(request_id=str(uuid4()), agenda_id=one, into=two)
    replies = [await agenda.ask("MergeItem", request) for _ in range(2)]
    assert replies[0] == replies[1]
