"""A meeting's file as the commands that a secretary's pages send. Each has a key of its own, so that the same file sends nothing twice."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from madang.council.v1 import agenda_item_pb2, meeting_pb2, minutes_pb2, resolution_pb2
from madang.council.v1 import item_messages_pb2 as items
from madang.council.v1 import meeting_messages_pb2 as meetings
from madang.council.v1 import minutes_messages_pb2 as minutes
from madang.council.v1 import outcome_messages_pb2 as outcomes
from madang.type.v1 import vocabulary_pb2
from madang.type.v1.text_pb2 import Text
from services.importers.meeting_log import Action, Item, MeetingLog, Minutes, People, Quorum
from services.kit.errors import Refused
from services.kit.grpc_errors import refusal_of
from services.kit.ids import derived_id

# How minutes reach each stage after they are written.
STAGES: dict[str, list[tuple[str, Any]]] = {
    "drafting": [],
    "in_review": [("SubmitMinutes", minutes.SubmitMinutesRequest)],
    "approved": [("SubmitMinutes", minutes.SubmitMinutesRequest), ("ApproveMinutes", minutes.ApproveMinutesRequest)],
    "published": [
        ("SubmitMinutes", minutes.SubmitMinutesRequest), ("ApproveMinutes", minutes.ApproveMinutesRequest),
        ("PublishMinutes", minutes.PublishMinutesRequest),
    ],
}  # fmt: skip


@dataclass(slots=True)
class Logged:
    """What a file became: ids, of items by their number."""

    council_id: str
    meeting_id: str = ""
    items: dict[str, str] = field(default_factory=dict)
    resolutions: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    minutes_id: str = ""


class MeetingCommands:
    """Sends the commands of one file to a council's service. Raises Refused with the step that was refused."""

    def __init__(self, stub: Any, log: MeetingLog, council_id: str) -> None:
        self._stub, self._log, self.logged = stub, log, Logged(council_id)

    async def send(self) -> Logged:
        """Send all of them, in the order in which a meeting happens."""
        log, people, quorum = self._log, self._log.people, self._log.quorum
        await self._schedule()
        for order, item in enumerate(log.items, 1):
            await self._place(item, order)
        if people and quorum:
            await self._hold(people, quorum)
        for item in log.items:
            await self._decide(item)
        for number, action in enumerate(log.actions, 1):
            await self._ask_for(action, number)
        if people and quorum:
            await self._do("CloseMeeting", meetings.CloseMeetingRequest(meeting_id=self.logged.meeting_id), "close")
        if log.minutes:
            await self._write(log.minutes)
        return self.logged

    async def _schedule(self) -> None:
        given = self._log.meeting
        kind = meeting_pb2.MeetingType.Value(f"MEETING_TYPE_{given.type.upper()}")
        request = meetings.ScheduleMeetingRequest(
            council_id=self.logged.council_id, name=given.name, meeting_type=kind, start=_stamp(given.start), end=_stamp(given.end),
            location=given.location, origin=f"meetings-log:{self._log.key}",
        )  # fmt: skip
        self.logged.meeting_id = await self._do("ScheduleMeeting", request, "schedule")
        await self._do("InviteMeeting", meetings.InviteMeetingRequest(meeting_id=self.logged.meeting_id), "invite")

    async def _place(self, item: Item, order: int) -> None:
        request = items.AddAgendaItemRequest(
            meeting_id=self.logged.meeting_id, number=item.number, order=order, name=item.name, text=self._text(item.text),
            public=item.public, presenter_role=item.presenter, matters=item.matters, themes=item.themes, district_code=item.district,
            represented_groups=[vocabulary_pb2.RepresentedGroup.Value(f"REPRESENTED_GROUP_{code.upper()}") for code in item.groups],
        )  # fmt: skip
        self.logged.items[item.number] = await self._do("AddAgendaItem", request, f"item {item.number}")

    async def _hold(self, people: People, quorum: Quorum) -> None:
        request = meetings.HoldMeetingRequest(
            meeting_id=self.logged.meeting_id, attendance=len(people.attendees) + len(people.observers), quorum_needed=quorum.needed,
            quorum_present=quorum.present,
        )  # fmt: skip
        await self._do("HoldMeeting", request, "hold")

    async def _decide(self, item: Item) -> None:
        item_id = self.logged.items[item.number]
        if item.result:
            votes = agenda_item_pb2.Votes(yes=item.votes.yes, no=item.votes.no, abstain=item.votes.abstain) if item.votes else None
            request = items.RecordItemResultRequest(
                item_id=item_id, result=agenda_item_pb2.ItemResult.Value(f"ITEM_RESULT_{item.result.upper()}"), votes=votes,
                result_original=item.result_words, resolution_text=self._text(item.decided),
            )  # fmt: skip
            await self._do("RecordItemResult", request, f"result {item.number}")
        if item.resolution:
            kind = resolution_pb2.ResolutionKind.Value(f"RESOLUTION_KIND_{item.resolution.kind.upper()}")
            adopt = outcomes.AdoptResolutionRequest(
                meeting_id=self.logged.meeting_id, item_id=item_id, kind=kind, text=self._text(item.resolution.text)
            )
            self.logged.resolutions.append(await self._do("AdoptResolution", adopt, f"resolution {item.number}"))

    async def _ask_for(self, action: Action, number: int) -> None:
        request = outcomes.OpenActionItemRequest(
            meeting_id=self.logged.meeting_id, item_id=self.logged.items.get(action.item, ""), task=self._text(action.task),
            department=action.department, due_on=action.due.isoformat(),
        )  # fmt: skip
        self.logged.actions.append(await self._do("OpenActionItem", request, f"action {number}"))

    async def _write(self, given: Minutes) -> None:
        start = minutes.StartMinutesRequest(meeting_id=self.logged.meeting_id, language=self._log.language)
        self.logged.minutes_id = await self._do("StartMinutes", start, "minutes")
        for part, words in self._log.parts.items():
            written = minutes_pb2.WrittenPart(part=minutes_pb2.MinutesPart.Value(f"MINUTES_PART_{part.upper()}"), text=self._text(words))
            request = minutes.WriteMinutesPartRequest(minutes_id=self.logged.minutes_id, part=written)
            await self._do("WriteMinutesPart", request, f"part {part}")
        for method, stage in STAGES[given.stage]:
            await self._do(method, stage(minutes_id=self.logged.minutes_id), method)

    async def _do(self, method: str, request: Any, step: str) -> str:
        """Send one command with the key of its step; answers the id of what it wrote."""
        request.request_id = str(derived_id("meetings log", self.logged.council_id, self._log.key, step))
        try:
            return str((await getattr(self._stub, method)(request)).written.id)
        except grpc.aio.AioRpcError as error:
            refused = refusal_of(error)
            if refused is None:
                raise
            raise _of_step(step, refused) from None

    def _text(self, words: str) -> Text | None:
        return Text(plain=words, language=self._log.language) if words else None


def _of_step(step: str, refused: Refused) -> Refused:
    """The refusal, with the step of the file that it is about."""
    why = "it was logged with other words before" if refused.code == "IDEMPOTENCY_MISMATCH" else refused.message
    return Refused(refused.kind, refused.code, f"{step}: {why}", violations=refused.violations, details=refused.details)


def _stamp(moment: datetime | None) -> Timestamp | None:
    if moment is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp
