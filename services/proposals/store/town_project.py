"""Rows of town projects."""

from services.kit.tables import Aggregates
from services.proposals.domain.town_project import TownProject

TOWN_PROJECTS = Aggregates(
    "town_project", TownProject, key="project_id", newest="proposed_at",
    columns={"description": {"plain": "description", "language": "language"}, "grant": "grant_won"},  # GRANT is a word of SQL
)  # fmt: skip
