"""Saved views."""

from services.agenda.domain.view import View
from services.kit.tables import Aggregates

VIEWS = Aggregates("agenda_view", View, key="view_id", newest="saved_at")
