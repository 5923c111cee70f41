"""Rows of meetings, and what the rows of everything that belongs to one keep of it."""

from typing import Any

from services.council.domain.meeting import Attendance, Meeting, MeetingStatus, MeetingType, Sitting
from services.kit.clock import quarter_of
from services.kit.database import Row
from services.kit.tables import Aggregates

SITTING = ("meeting_id", "council_id", "meeting_name", "council_name", "meeting_start")


def meeting_of(row: Row) -> Meeting:
    """The meeting in a row."""
    there = Attendance(row["attendance"], row["quorum_needed"], row["quorum_present"]) if row["attendance"] is not None else None
    return Meeting(
        row["meeting_id"], row["council_id"], row["council_name"], row["name"], MeetingType(row["meeting_type"]), row["starts_at"],
        row["ends_at"], row["location"], MeetingStatus(row["status"]), there, row["cancellation_reason"], row["origin"],
    )  # fmt: skip


def sitting_of(row: Row) -> Sitting:
    """The meeting that a row belongs to."""
    return Sitting(*(row[column] for column in SITTING))


def sitting_values(sitting: Sitting) -> tuple[Any, ...]:
    """What a row keeps of its meeting, in the order of SITTING."""
    return sitting.meeting_id, sitting.council_id, sitting.meeting_name, sitting.council_name, sitting.start


def _meeting_values(state: Meeting) -> tuple[Any, ...]:
    there = state.attendance
    return (
        state.id, state.council_id, state.council_name, state.name, state.meeting_type, state.start, state.end,
        state.location, state.status, there.people if there else None, there.quorum_needed if there else None,
        there.quorum_present if there else None, state.cancellation_reason, state.origin, quarter_of(state.start),
    )  # fmt: skip


MEETINGS = Aggregates(
    "meeting",
    (
        "meeting_id", "council_id", "council_name", "name", "meeting_type", "starts_at", "ends_at", "location", "status", "attendance",
        "quorum_needed", "quorum_present", "cancellation_reason", "origin", "quarter",
    ),
    "starts_at",
    of=meeting_of,
    values=_meeting_values,
)  # fmt: skip
