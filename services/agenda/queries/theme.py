"""Questions about themes: what emerged, out of the agenda's own rows; evidence and counts, out of the projections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.agenda.domain.link import Service
from services.agenda.domain.rising import windows_before
from services.agenda.domain.theme import Theme, ThemeStatus
from services.agenda.store.theme import THEMES
from services.kit.database import Database, Row
from services.kit.paging import PageTokens
from services.kit.queries import Page, Queries
from services.kit.write import Written


@dataclass(frozen=True, slots=True)
class ThemeListing:
    """Which themes, and which page of them."""

    page: Page
    window: date | None
    status: ThemeStatus | None
    service: Service | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A theme, the store's rows of its evidence, and how often its word is counted by window and service."""

    theme: Theme
    sources: Sequence[Row]
    counts: Sequence[Row]


class ThemeQueries:
    """The questions; `own` leads to what is authoritative."""

    def __init__(self, own: Database, tokens: PageTokens) -> None:
        self._own, self._rows = own, Queries(own, tokens)

    async def page(self, listing: ThemeListing) -> tuple[list[Theme], str]:
        """A page of themes. Raises Refused: PAGE_TOKEN_INVALID."""
        return await self._rows.page(
            THEMES, listing.page,
            [("first_day = $", listing.window), ("status = $", listing.status),
             ("counts @> jsonb_build_array(jsonb_build_object('service', $::text))", listing.service)],
        )  # fmt: skip

    async def theme(self, theme_id: UUID) -> tuple[Shown, Written]:
        """One theme. Raises Refused: NOT_FOUND."""
        theme, written = await self._rows.one(THEMES, theme_id)
        async with self._own.connection() as connection:
            sources = await connection.fetch(SOURCES, [each.agenda_id for each in theme.evidence])
            counts = await connection.fetch(COUNTS, theme.word, windows_before(theme.window)[0])
        return Shown(theme, sources, counts), written


SOURCES = """
    SELECT agenda_id, title, source_status, own_raised_at, part_of
    FROM store.agenda_item WHERE agenda_id = ANY ($1::uuid[]) AND NOT gone"""
COUNTS = """
    SELECT window_start, service, sources FROM themes.theme_window
    WHERE word = $1 AND window_start >= $2 ORDER BY window_start, service"""
