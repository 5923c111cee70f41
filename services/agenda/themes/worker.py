"""The themes process: `apply_batch` on what the log brings, and with every heartbeat a look whether a window is to be judged."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from services.agenda.domain.rising import Rule
from services.agenda.projection.freshness import Snapshot, applied_at, left
from services.agenda.projection.log_worker import LogWorker
from services.agenda.settings import AgendaSettings
from services.agenda.store.theme import THEMES
from services.agenda.themes.apply import CONSUMER, apply_batch
from services.agenda.themes.judge import Judge
from services.agenda.wire.theme import theme_event
from services.kit.clock import SystemClock
from services.kit.database import Connection, Database
from services.kit.envelope import Record
from services.kit.offsets import Place
from services.kit.write import Log, Write

JUDGE_S = 1.0  # the heart must go on beating


def open_themes(settings: AgendaSettings) -> Database:
    """The agenda's database with the counts in front: offsets are their own, aggregates and outbox the agenda's."""
    return Database(settings.database_url, name=CONSUMER, settings={"search_path": "themes, agenda, public"})


def build(settings: AgendaSettings) -> LogWorker:
    """The process; several may run."""
    return LogWorker(settings, CONSUMER, lambda: open_themes(settings), Emerging(judge_of(settings)))


def judge_of(settings: AgendaSettings) -> Judge:
    """Who judges. What emerges is sent by the relay of the server's process, which looks twice a second."""
    log = Log(open_themes(settings), service="agenda", wake=lambda: None)
    rule = Rule(settings.agenda_theme_least_sources, settings.agenda_theme_rise)
    return Judge(Write(log, THEMES, theme_event), SystemClock(), rule, timedelta(milliseconds=settings.agenda_theme_quiet_ms))


class Emerging:
    """Counts words, and judges windows that have come to rest."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    async def begin(self, connection: Connection) -> None:
        """Nothing to learn."""

    def is_held(self, topic: str) -> bool:  # noqa: ARG002 - what cannot be read counts for nothing, so that no topic has to be held
        """Never."""
        return False

    async def apply(self, database: Database, records: Sequence[Any]) -> Sequence[Record]:
        """Count a batch."""
        async with database.connection() as connection:
            return await apply_batch(connection, records)

    async def beat(self, connection: Connection, snapshots: Sequence[Snapshot], applied: Mapping[Place, int]) -> int:
        """Judge the windows that wait, if everything that stood in the log when they came to rest is counted, for a moment at most."""
        as_of, until = applied_at(snapshots, applied), time.monotonic() + JUDGE_S
        while as_of and time.monotonic() < until and await self._judge.judge_one(connection, as_of):
            pass
        return left(snapshots[-1].ends, applied)
