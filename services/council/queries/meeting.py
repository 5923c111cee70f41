"""Questions about meetings, their items and the series that they belong to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.council.domain.item import AgendaItem
from services.council.domain.meeting import Meeting, MeetingStatus
from services.council.domain.series import MeetingSeries, Slot, SlotState
from services.council.queries.reader import Reader
from services.council.store import item, meeting, series
from services.kit.clock import quarter_span
from services.kit.paging import DEFAULT_SIZE
from services.kit.queries import Page
from services.kit.write import Written

NOBODYS, LAST = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class MeetingListing:
    """Which meetings, and which page of them."""

    council_id: UUID | None
    quarter: str
    status: MeetingStatus | None
    page: Page


@dataclass(frozen=True, slots=True)
class SlotListing:
    """Which slots, and which page of them."""

    council_id: UUID | None
    quarter: str
    state: SlotState | None
    page: Page


class MeetingQuestions(Reader):
    """Meetings, items, series."""

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

    async def deferred(self, council_id: UUID) -> list[AgendaItem]:
        """What the last meeting of each type deferred and no meeting has taken up since, in its order."""
        async with self._database.connection() as connection:
            return [item.ITEMS.of(row) for row in await connection.fetch(DEFERRED, council_id)]

    async def placed(self, council_id: UUID) -> list[AgendaItem]:
        """What stands undecided on a council's agendas."""
        async with self._database.connection() as connection:
            return [item.ITEMS.of(row) for row in await connection.fetch(PLACED, council_id)]

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


ITEMS = f"{item.ITEMS.select} WHERE meeting_id = $1 AND (place, item_id) > ($2, $3::uuid) ORDER BY place, item_id LIMIT $4"
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
PLACED = f"{item.ITEMS.select} WHERE council_id = $1 AND result = 'undecided'"
