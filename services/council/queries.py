"""Questions about councils and what belongs to them, answered from rows."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.council.domain.council import Council
from services.council.domain.item import AgendaItem
from services.council.domain.meeting import Meeting, MeetingStatus
from services.council.domain.minutes import PUBLIC, Minutes, MinutesPart, MinutesStatus
from services.council.domain.outcome import ActionItem, ActionStatus, Resolution, ResolutionKind, ResolutionStatus
from services.council.domain.series import MeetingSeries, Slot, SlotState
from services.council.store import council, item, meeting, minutes, outcome, series
from services.kit.actor import Actor, Role, Scope
from services.kit.clock import quarter_span
from services.kit.database import Database
from services.kit.errors import not_found
from services.kit.paging import DEFAULT_SIZE, PageTokens
from services.kit.queries import Page, Queries
from services.kit.write import Written

SEES_ALL = {Role.OPERATOR, Role.AUDITOR}
NOBODYS, LAST = UUID(int=0), UUID(int=2**128 - 1)
MOST_COUNCILS = 50


@dataclass(frozen=True, slots=True)
class MeetingListing:
    """Which meetings, and which page of them."""

    council_id: UUID | None
    quarter: str
    status: MeetingStatus | None
    page: Page


@dataclass(frozen=True, slots=True)
class MinutesListing:
    """Which minutes, and which page of them."""

    meeting_id: UUID | None
    council_id: UUID | None
    page: Page


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


@dataclass(frozen=True, slots=True)
class SlotListing:
    """Which slots, and which page of them."""

    council_id: UUID | None
    quarter: str
    state: SlotState | None
    page: Page


def is_insider(actor: Actor, owner: str) -> bool:
    """Whether somebody sees what a council has not made public."""
    return actor.role in SEES_ALL or (actor.role is Role.SECRETARY and actor.reaches(Scope.COUNCIL, owner))


class CouncilQueries:
    """The questions."""

    def __init__(self, database: Database, tokens: PageTokens) -> None:
        self._database, self._tokens, self._rows = database, tokens, Queries(database, tokens)

    async def council(self, council_id: UUID) -> tuple[Council, Written]:
        """One council with its numbers. Raises Refused: NOT_FOUND."""
        return await self._rows.one(council.COUNCILS, council_id)

    async def councils(self, page: Page) -> tuple[list[Council], str]:
        """A page, newest first, and the token of the next."""
        return await self._rows.page(council.COUNCILS, page, [])

    async def meeting(self, meeting_id: UUID) -> tuple[Meeting, Written]:
        """One meeting with its numbers. Raises Refused: NOT_FOUND."""
        return await self._rows.one(meeting.MEETINGS, meeting_id)

    async def meetings(self, listing: MeetingListing) -> tuple[list[Meeting], str]:
        """A page, latest start first, and the token of the next."""
        begins, ends = quarter_span(listing.quarter) if listing.quarter else (None, None)
        conditions = [
            ("council_id = $", listing.council_id),
            ("starts_at >= $", begins),
            ("starts_at < $", ends),
            ("status = $", listing.status),
        ]
        return await self._rows.page(meeting.MEETINGS, listing.page, conditions)

    async def item(self, item_id: UUID) -> tuple[AgendaItem, Written]:
        """One item with its numbers. Raises Refused: NOT_FOUND."""
        return await self._rows.one(item.ITEMS, item_id)

    async def items(self, meeting_id: UUID, page: Page) -> tuple[list[AgendaItem], str]:
        """A page of a meeting's items in their order, and the token of the next."""
        size, query = page.size or DEFAULT_SIZE, f"items {meeting_id}"
        place = self._tokens.read(page.token, query) or [-1, str(NOBODYS)]
        async with self._database.connection() as connection:
            rows = await connection.fetch(ITEMS, meeting_id, place[0], UUID(place[1]), size + 1)
        found = [item.ITEMS.of(row) for row in rows[:size]]
        return found, self._tokens.sign([found[-1].order, str(found[-1].id)], query) if len(rows) > size else ""

    async def minutes(self, actor: Actor, minutes_id: UUID, edition: int) -> tuple[Minutes, Written]:
        """One edition of minutes (0: the newest). Raises Refused: NOT_FOUND, also for a draft that is not the caller's to see."""
        found, written = await self._rows.one(minutes.MINUTES, minutes_id)
        if not found.is_public and not is_insider(actor, found.owner):
            raise not_found(minutes.MINUTES.kind, minutes_id)
        return (await self._edition(found, edition) if edition and edition != found.edition else found), written

    async def _edition(self, newest: Minutes, edition: int) -> Minutes:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(EDITION, newest.id, edition)
        if row is None:
            raise not_found(minutes.MINUTES.kind, f"{newest.id} in edition {edition}")
        return replace(
            newest, edition=edition, status=MinutesStatus.PUBLISHED if edition == 1 else MinutesStatus.CORRECTED,
            parts={part: row["parts"][part] for part in MinutesPart if part in row["parts"]}, published_at=row["published_at"],
            correction_reason=row["correction_reason"],
        )  # fmt: skip

    async def minutes_page(self, actor: Actor, listing: MinutesListing) -> tuple[list[Minutes], str]:
        """A page of what the caller may see, newest first, and the token of the next."""
        own = actor.scope.get(Scope.COUNCIL, "") if actor.role is Role.SECRETARY else ""
        conditions = [
            ("meeting_id = $", listing.meeting_id),
            ("council_id = $", listing.council_id),
            (VISIBLE, None if actor.role in SEES_ALL else own),
        ]
        return await self._rows.page(minutes.MINUTES, listing.page, conditions)

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

    async def series(self, council_id: UUID | None, page: Page) -> tuple[list[MeetingSeries], str]:
        """A page of series, newest first, and the token of the next."""
        return await self._rows.page(series.SERIES, page, [("council_id = $", council_id)])

    async def slots(self, listing: SlotListing, now: datetime) -> tuple[list[Slot], str]:
        """A page of slots up to the quarter of `now`, latest quarter first, and the token of the next."""
        size, query = listing.page.size or DEFAULT_SIZE, f"slots {listing.council_id} {listing.quarter} {listing.state}"
        place = self._tokens.read(listing.page.token, query) or ["9999-Q4", str(LAST)]
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                SLOTS, now, listing.council_id, listing.quarter or None, listing.state, place[0], UUID(place[1]), size + 1
            )
        found = [Slot(**row) for row in rows[:size]]
        return found, self._tokens.sign([found[-1].quarter, str(found[-1].series_id)], query) if len(rows) > size else ""

    async def meeting_councils(self, actor: Actor) -> list[Council]:
        """The councils that somebody prepares meetings of: a secretary's own, or all that are not former, newest first."""
        if actor.role is Role.SECRETARY:
            return [(await self.council(UUID(actor.scope.get(Scope.COUNCIL, str(NOBODYS)))))[0]]
        return (await self._rows.page(council.COUNCILS, Page(MOST_COUNCILS), [("former = $", False)]))[0]

    async def deferred(self, council_id: UUID) -> list[AgendaItem]:
        """What the last meeting of each type deferred and no meeting has taken up since, in its order."""
        async with self._database.connection() as connection:
            return [item.ITEMS.of(row) for row in await connection.fetch(DEFERRED, council_id)]

    async def open_actions(self, council_id: UUID) -> list[ActionItem]:
        """What is still to be done for a council, most urgent first."""
        async with self._database.connection() as connection:
            return [outcome.ACTIONS.of(row) for row in await connection.fetch(OPEN_ACTIONS, council_id)]

    async def placed(self, council_id: UUID) -> list[AgendaItem]:
        """What stands undecided on a council's agendas."""
        async with self._database.connection() as connection:
            return [item.ITEMS.of(row) for row in await connection.fetch(PLACED, council_id)]


VISIBLE = f"(council_id::text = $ OR status IN ({', '.join(repr(str(status)) for status in sorted(PUBLIC))}))"
ITEMS = f"{item.ITEMS.select} WHERE meeting_id = $1 AND (place, item_id) > ($2, $3::uuid) ORDER BY place, item_id LIMIT $4"
EDITION = "SELECT parts, correction_reason, published_at FROM minutes_edition WHERE minutes_id = $1 AND edition = $2"
# A slot's quarters are days in Seoul; of its meetings that was held comes before what is planned.
SLOTS = """
    WITH slot AS (
        SELECT s.series_id, s.council_id, s.council_name, s.meeting_type, to_char(day, 'YYYY"-Q"Q') AS quarter,
               day AT TIME ZONE 'Asia/Seoul' AS begins, (day + interval '3 months') AT TIME ZONE 'Asia/Seoul' AS ends
        FROM meeting_series AS s,
             generate_series(make_timestamp(left(s.first_quarter, 4)::int, 3 * right(s.first_quarter, 1)::int - 2, 1, 0, 0, 0),
                             date_trunc('quarter', $1::timestamptz AT TIME ZONE 'Asia/Seoul'), interval '3 months') AS day
        WHERE ($2::uuid IS NULL OR s.council_id = $2)
    ), filled AS (
        SELECT slot.series_id, slot.council_id, slot.council_name, slot.meeting_type, slot.quarter,
               CASE WHEN m.was_held THEN 'held' WHEN slot.ends > $1 THEN 'open'
                    WHEN m.meeting_id IS NULL THEN 'not_held' ELSE 'unconfirmed' END AS state,
               m.meeting_id, coalesce(m.name, '') AS meeting_name
        FROM slot JOIN meeting_series AS s USING (series_id)
        LEFT JOIN LATERAL (
            SELECT meeting_id, name, status IN ('held', 'closed') AS was_held FROM meeting
            WHERE meeting.council_id = slot.council_id AND meeting.meeting_type = slot.meeting_type
              AND starts_at >= slot.begins AND starts_at < slot.ends
              AND status IN ('held', 'closed', 'scheduled', 'invited')
            ORDER BY status IN ('held', 'closed') DESC, starts_at LIMIT 1
        ) AS m ON true
        WHERE ($3::text IS NULL OR slot.quarter = $3) AND (s.last_quarter = '' OR slot.quarter <= s.last_quarter)
    )
    SELECT * FROM filled WHERE ($4::text IS NULL OR state = $4) AND (quarter, series_id) < ($5, $6)
    ORDER BY quarter DESC, series_id DESC LIMIT $7"""
DEFERRED = f"""
    WITH latest AS (
        SELECT DISTINCT ON (meeting_type) meeting_id FROM meeting
        WHERE council_id = $1 AND status IN ('held', 'closed') ORDER BY meeting_type, starts_at DESC
    )
    {item.ITEMS.select} WHERE council_id = $1 AND result = 'deferred' AND meeting_id IN (SELECT meeting_id FROM latest)
    AND NOT EXISTS (SELECT FROM agenda_item AS later WHERE later.carried_from = agenda_item.item_id)
    ORDER BY meeting_start, place, item_id"""
OPEN_ACTIONS = f"{outcome.ACTIONS.select} WHERE council_id = $1 AND status <> 'done' ORDER BY due_on, action_id LIMIT 100"
PLACED = f"{item.ITEMS.select} WHERE council_id = $1 AND result = 'undecided'"
CITY_REPLIES = """
    SELECT count(*) AS adopted, count(*) FILTER (WHERE status = 'city_reply_due') AS awaiting,
           count(*) FILTER (WHERE status = 'replied') AS replied, count(*) FILTER (WHERE reply_late) AS late,
           percentile_cont(0.5) WITHIN GROUP (
               ORDER BY extract(epoch FROM (reply ->> 'replied_at')::timestamptz - meeting_start)::float8 / 86400
           ) FILTER (WHERE status = 'replied') AS median_days
    FROM resolution WHERE kind = 'policy_proposal' AND ($1::uuid IS NULL OR council_id = $1)"""
