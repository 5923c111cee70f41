"""Questions about resolutions and action items."""

from dataclasses import dataclass
from uuid import UUID

from services.council.domain.outcome import ActionItem, ActionStatus, Resolution, ResolutionKind, ResolutionStatus
from services.council.queries.reader import Reader
from services.council.store import outcome
from services.kit.queries import Page


@dataclass(frozen=True, slots=True)
class ResolutionListing:
    """Which resolutions, and which page of them."""

    meeting_id: UUID | None
    council_id: UUID | None
    kind: ResolutionKind | None
    status: ResolutionStatus | None
    late: bool
    page: Page


@dataclass(frozen=True, slots=True)
class CityReplies:
    """How many policy proposals there are, how many of them wait for a reply, have one, came or are late; and the median of days."""

    adopted: int
    awaiting: int
    replied: int
    late: int
    median_days: float | None


@dataclass(frozen=True, slots=True)
class ActionListing:
    """Which action items, and which page of them."""

    meeting_id: UUID | None
    council_id: UUID | None
    department: str | None
    status: ActionStatus | None
    overdue: bool
    page: Page


class OutcomeQuestions(Reader):
    """Resolutions, action items."""

    async def resolutions(self, listing: ResolutionListing) -> tuple[list[Resolution], str]:
        """A page of resolutions, newest first, and the token of the next."""
        conditions = [
            ("meeting_id = $", listing.meeting_id),
            ("council_id = $", listing.council_id),
            ("kind = $", listing.kind),
            ("status = $", listing.status),
            ("reply_late = $", listing.late or None),
        ]
        return await self._rows.page(outcome.RESOLUTIONS, listing.page, conditions)

    async def city_replies(self, council_id: UUID | None) -> CityReplies:
        """How the city deals with policy proposals, of one council or of all."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(CITY_REPLIES, council_id)
        assert row is not None, "a count always has a row"
        return CityReplies(**row)

    async def actions(self, listing: ActionListing) -> tuple[list[ActionItem], str]:
        """A page of action items, newest first, and the token of the next."""
        conditions = [
            ("meeting_id = $", listing.meeting_id),
            ("council_id = $", listing.council_id),
            ("department = $", listing.department),
            ("status = $", listing.status),
            ("(overdue AND status <> 'done') = $", listing.overdue or None),
        ]
        return await self._rows.page(outcome.ACTIONS, listing.page, conditions)

    async def open_actions(self, council_id: UUID) -> list[ActionItem]:
        """What is still to be done for a council, most urgent first."""
        async with self._database.connection() as connection:
            return [outcome.ACTIONS.of(row) for row in await connection.fetch(OPEN_ACTIONS, council_id)]


OPEN_ACTIONS = f"{outcome.ACTIONS.select} WHERE council_id = $1 AND status <> 'done' ORDER BY due_on, action_id LIMIT 100"
CITY_REPLIES = """
    SELECT count(*) AS adopted, count(*) FILTER (WHERE status = 'city_reply_due') AS awaiting,
           count(*) FILTER (WHERE status = 'replied') AS replied, count(*) FILTER (WHERE reply_late) AS late,
           percentile_cont(0.5) WITHIN GROUP (
               ORDER BY extract(epoch FROM (reply ->> 'replied_at')::timestamptz - meeting_start)::float8 / 86400
           ) FILTER (WHERE status = 'replied') AS median_days
    FROM resolution WHERE kind = 'policy_proposal' AND ($1::uuid IS NULL OR council_id = $1)"""
