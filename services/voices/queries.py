"""Questions about mandates, activities and voices, answered from rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.actor import Actor, Role, Scope
from services.kit.clock import last_quarters, quarter_span
from services.kit.database import Database, Row
from services.kit.errors import not_found
from services.kit.paging import PageTokens
from services.kit.queries import Page, Queries
from services.kit.vocabulary import RepresentedGroup
from services.kit.write import Written
from services.voices.domain.activity import TOOK_PLACE, Activity, ActivityStatus
from services.voices.domain.mandate import NOT_PUBLIC, Mandate
from services.voices.domain.voice import Voice, VoiceStatus
from services.voices.store.activity import ACTIVITIES
from services.voices.store.mandate import MANDATES
from services.voices.store.voice import HEARD, VOICES


@dataclass(frozen=True, slots=True)
class MandateListing:
    """Which mandates, and which page of them."""

    page: Page
    represented_group: RepresentedGroup | None


@dataclass(frozen=True, slots=True)
class ActivityListing:
    """Which activities, and which page of them."""

    page: Page
    mandate_id: UUID | None
    status: ActivityStatus | None
    represented_group: RepresentedGroup | None
    quarter: str
    took_place: bool


@dataclass(frozen=True, slots=True)
class VoiceListing:
    """Which voices, and which page of them."""

    page: Page
    status: VoiceStatus | None
    represented_group: RepresentedGroup | None
    activity_id: UUID | None
    quarter: str
    only_public: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """How one group was heard in one quarter; `median_days` from voice to answer, none while nothing is answered."""

    represented_group: RepresentedGroup
    quarter: str
    activities: int
    voices: int
    answered: int
    median_days: float | None


class VoiceQueries:
    """The questions."""

    def __init__(self, database: Database, tokens: PageTokens) -> None:
        self._database, self._queries = database, Queries(database, tokens)

    async def mandate(self, mandate_id: UUID, actor: Actor) -> tuple[Mandate, Written]:
        """One mandate with its numbers. Raises Refused: NOT_FOUND, also for a nomination that is not the caller's to see."""
        mandate, written = await self._queries.one(MANDATES, mandate_id)
        if not mandate.is_public and actor.role not in SEES_NOMINATIONS:
            raise not_found("mandate", mandate_id)
        return mandate, written

    async def mandates(self, listing: MandateListing, actor: Actor) -> tuple[list[Mandate], str]:
        """A page of mandates, newest first, and the token of the next."""
        hidden = None if actor.role in SEES_NOMINATIONS else list(NOT_PUBLIC)
        conditions = [("represented_group = $", listing.represented_group), ("status <> ALL ($)", hidden)]
        return await self._queries.page(MANDATES, listing.page, conditions)

    async def activity(self, activity_id: UUID) -> tuple[Activity, Written]:
        """One activity with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(ACTIVITIES, activity_id)

    async def activities(self, listing: ActivityListing) -> tuple[list[Activity], str]:
        """A page of activities, newest first, and the token of the next."""
        begins, ends = quarter_span(listing.quarter) if listing.quarter else (None, None)
        conditions = [
            ("mandate_id = $", listing.mandate_id),
            ("status = $", listing.status),
            (OF_GROUP, listing.represented_group),
            ("starts_at >= $", begins),
            ("starts_at < $", ends),
            ("status = ANY ($)", list(TOOK_PLACE) if listing.took_place else None),
        ]
        return await self._queries.page(ACTIVITIES, listing.page, conditions)

    async def voice(self, voice_id: UUID, actor: Actor) -> tuple[Voice, Written]:
        """One voice as the caller may see it, with its numbers. Raises Refused: NOT_FOUND, also where the caller may not see it."""
        found, written = await self._queries.one(VOICES, voice_id)
        voice = found.seen_by(actor)
        if voice is None:
            raise not_found("voice", voice_id)
        return voice, written

    async def voices(self, listing: VoiceListing, actor: Actor) -> tuple[list[Voice], str]:
        """A page of voices as the caller may see them, newest first, and the token of the next."""
        begins, ends = quarter_span(listing.quarter) if listing.quarter else (None, None)
        conditions = [
            (VISIBLE, _mandate_seen(actor)),
            (f"({HEARD}) = $", listing.only_public or None),
            ("raised_at >= $", begins),
            ("raised_at < $", ends),
            ("status = $", listing.status),
            ("represented_group = $", listing.represented_group),
            ("activity_id = $", listing.activity_id),
        ]
        voices, token = await self._queries.page(VOICES, listing.page, conditions)
        return [seen for voice in voices if (seen := voice.seen_by(actor))], token

    async def coverage(self, quarter: str, now: datetime) -> list[Cell]:
        """Every group in one quarter, or in the current one and the three before it. Raises Refused: QUARTER_INVALID."""
        quarters = [quarter] if quarter else last_quarters(now, QUARTERS)
        async with self._database.connection() as connection:
            found = [await connection.fetch(COVERAGE, *quarter_span(each)) for each in quarters]
        counted = {(row["represented_group"], each): row for each, rows in zip(quarters, found, strict=True) for row in rows}
        return [_cell(group, each, counted.get((group, each))) for each in quarters for group in RepresentedGroup]


def _cell(group: RepresentedGroup, quarter: str, row: Row | None) -> Cell:
    if row is None:
        return Cell(group, quarter, 0, 0, 0, None)
    return Cell(group, quarter, row["activities"], row["voices"], row["answered"], row["median_days"])


QUARTERS = 4
SEES_NOMINATIONS = {Role.INNOVATION_OFFICER, Role.OPERATOR, Role.AUDITOR}
VISIBLE = "(relayed_at IS NOT NULL OR mandate_id::text = $)"
OF_GROUP = "mandate_id IN (SELECT mandate_id FROM mandate WHERE represented_group = $)"
COVERAGE = f"""
    WITH heard AS (
        SELECT represented_group, count(*) AS voices, count(answered_at) AS answered,
               round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - raised_at) / 86400)
                   FILTER (WHERE answered_at IS NOT NULL))::numeric, 1)::float8 AS median_days
        FROM voice WHERE raised_at >= $1 AND raised_at < $2 AND {HEARD} GROUP BY represented_group),
    done AS (
        SELECT mandate.represented_group, count(*) AS activities
        FROM activity JOIN mandate USING (mandate_id)
        WHERE activity.starts_at >= $1 AND activity.starts_at < $2 AND activity.status IN ('held', 'reported')
        GROUP BY mandate.represented_group)
    SELECT represented_group, coalesce(voices, 0) AS voices, coalesce(answered, 0) AS answered, median_days,
           coalesce(activities, 0) AS activities
    FROM heard FULL JOIN done USING (represented_group)"""


def _mandate_seen(actor: Actor) -> str | None:
    """The mandate of which a caller sees every voice, empty for none; none where the caller sees all."""
    if actor.role is Role.OPERATOR:
        return None
    return actor.scope.get(Scope.MANDATE, "") if actor.role is Role.AIDE else ""
