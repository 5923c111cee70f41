"""Rows of mandates, activities and voices."""

from services.kit.tables import Aggregates
from services.voices.domain import Activity, Mandate, Voice

MANDATES = Aggregates("mandate", Mandate, key="mandate_id", newest="appointed_at")
ACTIVITIES = Aggregates("activity", Activity, key="activity_id", newest="starts_at")
VOICES = Aggregates(
    "voice", Voice, key="voice_id", newest="raised_at", columns={"text": {"plain": "text", "language": "language"}}
)  # fmt: skip
