"""Rows of activities."""

from services.kit.tables import Aggregates
from services.voices.domain.activity import Activity

ACTIVITIES = Aggregates("activity", Activity, key="activity_id", newest="starts_at")
