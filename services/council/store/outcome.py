"""Rows of resolutions and action items."""

from services.council.domain.outcome import ActionItem, Resolution
from services.council.store.meeting import SITTING
from services.kit.tables import Aggregates

RESOLUTIONS = Aggregates(
    "resolution", Resolution, key="resolution_id", newest="meeting_start",
    columns={"sitting": SITTING, "text": {"plain": "text", "language": "language"}},
)  # fmt: skip
ACTIONS = Aggregates(
    "action_item", ActionItem, key="action_id", newest="meeting_start",
    columns={"sitting": SITTING, "task": {"plain": "task", "language": "language"}},
)  # fmt: skip
