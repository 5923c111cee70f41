"""Saved views: what they show, and what happened to it since."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2, view_pb2, view_pb2_grpc
from services.agenda.queries import view
from services.kit.errors import Kind
from services.kit.ids import agenda_id_of
from tests.integration.agenda.carried import Carried


class Asked:
    """The methods of views."""

    def __init__(self, agenda: Carried) -> None:
        self._agenda = agenda
        self._stub: Any = view_pb2_grpc.ViewServiceStub(agenda.served.channel)

    async def ask(self, method: str, request: Any, role: str = "innovation_officer") -> Any:
        return await getattr(self._stub, method)(request, metadata=self._agenda.served.caller(role))

    async def refusal(self, method: str, request: Any) -> Any:
        return await self._agenda.served.refusal(self.ask(method, request))

    async def save(self, name: str, etag: int = 0, **filters: Any) -> Any:
        request = view_pb2.SaveViewRequest(request_id=str(uuid4()), name=name, filter=pb.ListItemsRequest(**filters), etag=etag)
        return (await self.ask("SaveView", request)).written

    async def changes(self, name: str, since: Timestamp) -> dict[str, str]:
        """The kind of change of each item's title."""
        reply = await self.ask("ListChanges", view_pb2.ListChangesRequest(name=name, since=since))
        return {change.item.title: view_pb2.ViewChangeKind.Name(change.kind).removeprefix("VIEW_CHANGE_KIND_") for change in reply.changes}


@pytest.fixture
def views(agenda: Carried) -> Asked:
    return Asked(agenda)


def now_of(agenda: Carried) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(agenda.log.now + timedelta(milliseconds=1))
    return stamp


async def test_a_view_shows_what_its_list_would(agenda: Carried, views: Asked) -> None:
    for number in range(3):
        agenda.log.proposal(title=f"그늘막 {number}", themes=["더위"])
    agenda.log.proposal(title="가로등")
    await agenda.carry()
    await views.save("더위", theme="더위", sort="oldest", page_size=1)
    shown = await views.ask("GetView", view_pb2.GetViewRequest(name="더위", page_size=2))
    assert ([item.title for item in shown.items], shown.total.value) == (["그늘막 0", "그늘막 1"], 3)
    rest = await views.ask("GetView", view_pb2.GetViewRequest(name="더위", page_size=2, page_token=shown.next_page_token))
    assert [item.title for item in rest.items] == ["그늘막 2"]
    assert (shown.view.filter.theme, shown.view.filter.page_size) == ("더위", 0)


async def test_saving_again_replaces_the_filters_unless_somebody_else_did(views: Asked) -> None:
    first = await views.save("담당", owner="공원과")
    second = await views.save("담당", etag=first.revision, owner="주택과")
    assert (second.id, second.revision, second.version) == (first.id, 2, 0)
    refused = await views.refusal("SaveView", view_pb2.SaveViewRequest(name="담당", filter=pb.ListItemsRequest(), etag=1))
    assert (refused.kind, refused.code) == (Kind.CONFLICT, "VERSION_CONFLICT")
    names = [view.name for view in (await views.ask("ListViews", view_pb2.ListViewsRequest(), role="auditor")).views]
    assert names == sorted(names)
    assert "담당" in names


async def test_a_view_that_was_removed_is_seen_by_nobody_and_its_name_is_free(views: Asked) -> None:
    await views.save("한때", owner="공원과")
    stale = await views.refusal("RemoveView", view_pb2.RemoveViewRequest(name="한때", etag=7))
    removed = (await views.ask("RemoveView", view_pb2.RemoveViewRequest(request_id="once", name="한때", etag=1))).written
    again = (await views.ask("RemoveView", view_pb2.RemoveViewRequest(request_id="once", name="한때", etag=1))).written
    assert (stale.code, removed.revision, removed.version, again) == ("VERSION_CONFLICT", 2, 0, removed)
    assert "한때" not in {view.name for view in (await views.ask("ListViews", view_pb2.ListViewsRequest())).views}
    gone = {
        "GetView": view_pb2.GetViewRequest(name="한때"), "RemoveView": view_pb2.RemoveViewRequest(name="한때"),
        "ListChanges": view_pb2.ListChangesRequest(name="한때", since=Timestamp(seconds=1_700_000_000)),
    }  # fmt: skip
    assert {(await views.refusal(method, request)).code for method, request in gone.items()} == {"NOT_FOUND"}
    assert (await views.save("한때", owner="주택과")).revision == 3
    shown = await views.ask("GetView", view_pb2.GetViewRequest(name="한때"))
    assert shown.view.filter.owner == "주택과"


@pytest.mark.parametrize(
    ("method", "request_", "code"),
    [
        ("SaveView", view_pb2.SaveViewRequest(name="두 낱말", filter=pb.ListItemsRequest()), "VIEW_NAME_INVALID"),
        ("SaveView", view_pb2.SaveViewRequest(name="차례", filter=pb.ListItemsRequest(sort="이름")), "SORT_UNKNOWN"),
        (
            "SaveView",
            view_pb2.SaveViewRequest(name="긴-글", filter=pb.ListItemsRequest(query=" ".join(map(chr, range(0xAC00, 0xAC40))))),
            "FILTER_TOO_COMPLEX",
        ),
        ("SaveView", view_pb2.SaveViewRequest(name="꼬리표", filter=pb.ListItemsRequest(tags=["더위"])), "TAG_INVALID"),
        ("GetView", view_pb2.GetViewRequest(name="없음"), "NOT_FOUND"),
        ("RemoveView", view_pb2.RemoveViewRequest(name="없음"), "NOT_FOUND"),
        ("ListChanges", view_pb2.ListChangesRequest(name="없음", since=Timestamp(seconds=1_700_000_000)), "NOT_FOUND"),
    ],
)
async def test_what_cannot_be_is_refused(views: Asked, method: str, request_: Any, code: str) -> None:
    assert (await views.refusal(method, request_)).code == code


async def test_changes_say_what_came_changed_and_left(agenda: Carried, views: Asked) -> None:
    log = agenda.log
    stays, changes, leaves = [log.proposal(title=title, themes=["길"]) for title in ("그대로", "바뀐다", "나간다")]
    await agenda.carry()
    await views.save("길", theme="길")
    since = now_of(agenda)
    assert await views.changes("길", since) == {}
    log.proposal(changes, title="바뀌었다", themes=["길"])
    log.proposal(leaves, title="나갔다", themes=["집"])
    log.proposal(title="들어왔다", themes=["길"])
    await agenda.carry()
    assert await views.changes("길", since) == {"바뀌었다": "CHANGED", "나간다": "LEFT", "들어왔다": "ENTERED"}
    assert await views.changes("길", now_of(agenda)) == {}
    log.proposal(stays, title="그대로", themes=["집"])
    log.proposal(stays, title="그대로", themes=["길"])
    await agenda.carry()
    assert (await views.changes("길", since))["그대로"] == "CHANGED"


async def test_what_becomes_part_of_an_item_leaves_and_the_item_comes(agenda: Carried, views: Asked) -> None:
    source = agenda.log.proposal(title="다리", themes=["강"])
    await agenda.carry()
    await views.save("강", theme="강")
    since = Timestamp()
    since.FromDatetime(datetime.now(UTC))
    item = await agenda.open(source, title="다리와 길")
    assert await views.changes("강", since) == {"다리": "LEFT", "다리와 길": "ENTERED"}
    assert (await agenda.item(agenda_id_of("proposals", source))).part_of == item


async def test_a_view_of_what_is_overdue_changes_with_the_day(agenda: Carried, views: Asked) -> None:
    due = f"{datetime.now(UTC) + timedelta(days=-1):%Y-%m-%d}"
    agenda.log.item(title="늦었다", due_on=due, status=item_pb2.AGENDA_STATUS_OPEN)
    await agenda.carry()
    await views.save("늦은-일", overdue=True)
    since = Timestamp()
    since.FromDatetime(datetime.now(UTC) - timedelta(days=3))
    assert await views.changes("늦은-일", since) == {"늦었다": "ENTERED"}


async def test_what_is_not_among_the_newest_is_compared_too(agenda: Carried, views: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    due = f"{agenda.log.now - timedelta(days=2):%Y-%m-%d}"
    late = {title: agenda.log.item(title=title, due_on=due, owner="늦음과") for title in ("하나", "둘", "셋", "넷")}
    await agenda.carry()
    await views.save("늦음과", overdue=True, owner="늦음과")
    monkeypatch.setattr(view, "MOST", 1)
    since = now_of(agenda)
    agenda.log.item(late["하나"], title="하나", due_on=due, owner="늦음과", summary="길이 끊겼다")
    await agenda.carry()
    assert await views.changes("늦음과", since) == {"하나": "CHANGED"}
    monkeypatch.setattr(view, "COMPARED", 3)
    question = view_pb2.ListChangesRequest(name="늦음과", since=since)
    assert (await views.refusal("ListChanges", question)).code == "VIEW_TOO_LARGE"


async def test_a_source_leaves_a_view_with_what_becomes_of_its_item(agenda: Carried, views: Asked) -> None:
    source = agenda.log.proposal(title="우물", themes=["우물"])
    item = agenda.log.item(title="우물을 메운다")
    agenda.log.link(item, source)
    await agenda.carry()
    await views.save("우물", theme="우물", records=pb.RECORDS_SOURCES, not_reached=pb.MILESTONE_DECIDED)
    since = now_of(agenda)
    decided = {"status": item_pb2.AGENDA_STATUS_DECIDED, "decided_at": agenda.log.at()}
    agenda.log.item(item, title="우물을 메운다", **decided)
    await agenda.carry()
    assert await views.changes("우물", since) == {"우물": "LEFT"}
