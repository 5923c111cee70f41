"""Rows of watches."""

from services.kit.tables import Aggregates
from services.voices.domain.watch import GroupWatch

WATCHES = Aggregates("group_watch", GroupWatch, key="watch_id", newest="begun_at")
