"""Rows of meetings, and what the rows of everything that belongs to one keep of it."""

from services.council.domain.meeting import Meeting
from services.kit.tables import Aggregates

SITTING = {
    "meeting_id": "meeting_id", "council_id": "council_id", "meeting_name": "meeting_name", "council_name": "council_name",
    "start": "meeting_start",
}  # fmt: skip
MEETINGS = Aggregates(
    "meeting", Meeting, key="meeting_id", newest="starts_at",
    columns={
        "start": "starts_at", "end": "ends_at",
        "attendance": {"people": "attendance", "quorum_needed": "quorum_needed", "quorum_present": "quorum_present"},
    },
)  # fmt: skip
