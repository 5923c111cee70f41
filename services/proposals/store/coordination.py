"""Rows of coordination meetings."""

from services.kit.tables import Aggregates
from services.proposals.domain.coordination import CoordinationMeeting

MEETINGS = Aggregates("coordination_meeting", CoordinationMeeting, key="meeting_id", newest="held_at")
