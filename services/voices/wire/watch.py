"""Watches and coverage on the wire."""

from google.protobuf.message import Message

from madang.events.voices.v1 import voices_pb2 as events_pb
from madang.voices.v1 import group_watch_pb2, voices_pb2
from services.kit.wire import GROUPS, fact_to_wire
from services.voices import events
from services.voices.domain.watch import GroupWatch
from services.voices.queries import Cell

FACTS: dict[type[events.GroupSilent], type[Message]] = {events.GroupSilent: events_pb.GroupSilent}


def event_of(fact: events.GroupSilent, after: GroupWatch) -> Message:
    """The fact with the watch after it."""
    return fact_to_wire(fact, FACTS[type(fact)], watch_to_wire(after))


def watch_to_wire(watch: GroupWatch) -> group_watch_pb2.GroupWatch:
    """A watch."""
    return group_watch_pb2.GroupWatch(
        watch_id=str(watch.id), represented_group=GROUPS.to_wire(watch.represented_group), quarter=watch.quarter
    )


def cell_to_wire(cell: Cell) -> voices_pb2.CoverageCell:
    """How a group was heard, with the questions that open what was counted."""
    group = GROUPS.to_wire(cell.represented_group)
    return voices_pb2.CoverageCell(
        represented_group=group, quarter=cell.quarter, activities=cell.activities, voices=cell.voices, answered=cell.answered,
        answered_share=cell.answered / cell.voices if cell.voices else 0, median_days=cell.median_days, silent=not cell.voices,
        activities_behind=voices_pb2.ListActivitiesRequest(represented_group=group, quarter=cell.quarter, took_place=True),
        voices_behind=voices_pb2.ListVoicesRequest(represented_group=group, quarter=cell.quarter, only_public=True),
    )  # fmt: skip
