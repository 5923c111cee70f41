"""Themes."""

from services.agenda.domain.theme import Theme
from services.kit.tables import Aggregates

THEMES = Aggregates("theme", Theme, key="theme_id", newest="raised_at", columns={"window": "first_day"})
