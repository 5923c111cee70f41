"""Which words rise in a window: judged once it has come to rest, in one transaction with the themes that emerge and their facts."""

import asyncio
from datetime import date, datetime, timedelta

import structlog

from services.agenda.domain.link import Service
from services.agenda.domain.rising import Counted, Rule, risen, windows_before
from services.agenda.domain.theme import Theme, ThemeSource
from services.agenda.themes import statements as rows
from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.write import Write

log = structlog.get_logger()


class Judge:
    """Lets themes emerge. Several may judge at once: a window is one's at a time, and a theme's id follows from its word and window."""

    def __init__(self, themes: Write[Theme], clock: Clock, rule: Rule, quiet: timedelta) -> None:
        self._themes, self._clock, self._rule, self._quiet = themes, clock, rule, quiet

    async def judge_one(self, connection: Connection, as_of: datetime) -> date | None:
        """Judge the first window that waits for it, given up to when the log is applied; answers which, none where none does."""
        async with connection.transaction():
            window = await rows.take_due(connection, self._quiet, as_of)
            if window:
                await self.judge(connection, window)
        return window

    async def judge(self, connection: Connection, window: date) -> None:
        """Inside a transaction: let every theme of a window emerge that has not yet."""
        for theme in await self._risen(connection, window):
            if not await self._themes.find(connection, theme.id):
                await self._themes.insert(connection, Call.own("themes"), [theme.emerged(at=self._clock.now())])
                log.info("a theme emerged", theme=str(theme.id), window=str(window), sources=theme.sources)

    async def _risen(self, connection: Connection, window: date) -> list[Theme]:
        words, windows = await rows.frequent(connection, window, self._rule.least), windows_before(window)
        if not words:
            return []
        counts = await rows.counts_of(connection, windows, words)
        counted = [
            Counted(ThemeSource(Service(row["service"]), row["source_id"], row["agenda_id"]), frozenset(row["words"]), row["raised_at"])
            for row in await rows.sources_of(connection, window, words)
        ]
        before = {word: [counts.get((word, each), 0) for each in windows] for word in words}
        known = await rows.known_words(connection, window)
        everything, all_before = await rows.all_sources(connection, [window]), await rows.all_sources(connection, windows)
        return await asyncio.to_thread(risen, self._rule, window, counted, everything, before, all_before, known)  # the heart beats on
