"""Questions about town projects."""

from dataclasses import dataclass
from uuid import UUID

from services.kit.database import Database
from services.kit.paging import PageTokens
from services.kit.queries import Page, Queries
from services.kit.vocabulary import District
from services.kit.write import Written
from services.proposals.domain.town_project import TownProject, TownProjectStatus, TownProjectType
from services.proposals.store.town_project import TOWN_PROJECTS


@dataclass(frozen=True, slots=True)
class TownProjectListing:
    """Which town projects, and which page of them."""

    page: Page
    status: TownProjectStatus | None = None
    town_project_type: TownProjectType | None = None
    year: int | None = None
    department: str | None = None
    district_code: District | None = None
    overdue: bool | None = None


@dataclass(frozen=True, slots=True)
class TownProjectTotal:
    """The town projects of one kind in one state; amounts in won."""

    town_project_type: TownProjectType
    status: TownProjectStatus
    projects: int
    residents: int
    grant: int
    own_share: int


class TownProjectQueries:
    """The questions about town projects."""

    def __init__(self, database: Database, tokens: PageTokens) -> None:
        self._database, self._rows = database, Queries(database, tokens)

    async def project(self, project_id: UUID) -> tuple[TownProject, Written]:
        """One town project with its numbers. Raises Refused: NOT_FOUND."""
        return await self._rows.one(TOWN_PROJECTS, project_id)

    async def projects(self, listing: TownProjectListing) -> tuple[list[TownProject], str]:
        """A page, newest first, and the token of the next."""
        conditions = [
            ("status = $", listing.status),
            ("town_project_type = $", listing.town_project_type),
            ("year = $", listing.year),
            ("department = $", listing.department),
            ("district_code = $", listing.district_code),
            ("(report_overdue OR settlement_overdue) = $", listing.overdue),
        ]
        return await self._rows.page(TOWN_PROJECTS, listing.page, conditions)

    async def board(self, year: int | None) -> list[TownProjectTotal]:
        """The totals of a year (none: of all), by kind and then along a project's life."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(BOARD, year, list(TownProjectType), list(TownProjectStatus))
        return [TownProjectTotal(TownProjectType(row[0]), TownProjectStatus(row[1]), *row[2:]) for row in map(tuple, rows)]


BOARD = """
    SELECT town_project_type, status, count(*), sum(residents), sum(grant_won)::bigint, sum(own_share)::bigint
    FROM town_project WHERE $1::int IS NULL OR year = $1
    GROUP BY town_project_type, status
    ORDER BY array_position($2::text[], town_project_type), array_position($3::text[], status)"""
