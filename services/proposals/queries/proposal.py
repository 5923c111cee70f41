"""Questions about proposals, coordination meetings and the knowledge base."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit.clock import SEOUL
from services.kit.database import Database
from services.kit.paging import PageTokens
from services.kit.queries import Page, Queries
from services.kit.text import Text
from services.kit.write import Written
from services.proposals.clients import AgendaClient
from services.proposals.domain.coordination import CoordinationMeeting
from services.proposals.domain.knowledge import KnowledgeEntry, KnowledgeStatus
from services.proposals.domain.parts import OPEN, CaseKind, Channel, FlagStatus, Status
from services.proposals.domain.proposal import Proposal
from services.proposals.domain.similarity import likeness, rarest_words
from services.proposals.store.coordination import MEETINGS
from services.proposals.store.knowledge import ENTRIES
from services.proposals.store.proposal import PROPOSALS

MOST_SIMILAR, LEAST_LIKENESS = 20, 0.2


@dataclass(frozen=True, slots=True)
class Listing:
    """Which proposals, and which page of them; a mark that is false does not count."""

    page: Page
    status: Status | None
    department: str | None
    channel: Channel | None = None
    case_kind: CaseKind | None = None
    service_code: str | None = None
    received_in: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer that may fit, where it comes from, and how alike the questions are."""

    knowledge_id: UUID | None
    proposal_id: UUID | None
    question: str
    answer: Text
    score: float


@dataclass(frozen=True, slots=True)
class Handling:
    """How the cases received in a period were handled: counts and sums, of which every share and average is made."""

    period: str
    received: int
    answered: int
    days: float
    at_once: int
    was_late: int
    bounced: int
    bounces: int
    rated: int
    satisfaction: int


class ProposalQueries:
    """The questions."""

    def __init__(self, database: Database, tokens: PageTokens, agenda: AgendaClient) -> None:
        self._database, self._rows, self._agenda = database, Queries(database, tokens), agenda

    async def proposal(self, proposal_id: UUID) -> tuple[Proposal, Written]:
        """One proposal with its numbers. Raises Refused: NOT_FOUND."""
        return await self._rows.one(PROPOSALS, proposal_id)

    async def proposals(self, listing: Listing) -> tuple[list[Proposal], str]:
        """A page, newest first, and the token of the next."""
        begins, ends = period_span(listing.received_in) if listing.received_in else (None, None)
        conditions = [
            ("status = $", listing.status),
            ("department = $", listing.department),
            ("channel = $", listing.channel),
            ("case_kind = $", listing.case_kind),
            ("service_code = $", listing.service_code),
            ("requested_at >= $", begins),
            ("requested_at < $", ends),
            *((f"{MARKS[mark]} AND $", True) for mark in listing.marks),
        ]
        return await self._rows.page(PROPOSALS, listing.page, conditions)

    async def flagged(self, page: Page, status: FlagStatus | None) -> tuple[list[Proposal], str]:
        """A page of flagged proposals, newest first, and the token of the next."""
        return await self._rows.page(PROPOSALS, page, [("flag IS NOT NULL AND $", True), ("flag ->> 'status' = $", status)])

    async def meeting(self, meeting_id: UUID) -> tuple[CoordinationMeeting, Written]:
        """One coordination meeting with its numbers. Raises Refused: NOT_FOUND."""
        return await self._rows.one(MEETINGS, meeting_id)

    async def meetings(self, page: Page) -> tuple[list[CoordinationMeeting], str]:
        """A page of coordination meetings, newest first, and the token of the next."""
        return await self._rows.page(MEETINGS, page, [])

    async def knowledge(self, page: Page, status: KnowledgeStatus | None, service_code: str | None) -> tuple[list[KnowledgeEntry], str]:
        """A page of the knowledge base, newest first, and the token of the next."""
        return await self._rows.page(ENTRIES, page, [("status = $", status), ("service_code = $", service_code)])

    async def suggestions(self, proposal_id: UUID | None, text: str) -> list[Suggestion]:
        """Answers to the questions most like a case's title, or like a text. Raises Refused: NOT_FOUND."""
        asked = (await self.proposal(proposal_id))[0].title if proposal_id else text
        async with self._database.transaction() as connection:
            # How alike two titles must be at least for the index to name them: sentences that ask for one thing share a sixth and more.
            await connection.execute("SET LOCAL pg_trgm.similarity_threshold = 0.15")
            rows = await connection.fetch(SUGGESTED, asked, proposal_id)
        return [
            Suggestion(row["knowledge_id"], row["proposal_id"], row["question"], Text(row["plain"], row["language"]), row["score"])
            for row in rows
        ]

    async def similar(self, proposal_id: UUID) -> list[tuple[Proposal, float]]:
        """Open proposals with a word of the title in their texts, by how alike the titles are."""
        asked, _ = await self.proposal(proposal_id)
        names = await self._agenda.proposals_with(rarest_words(asked.title)) - {proposal_id}
        async with self._database.connection() as connection:
            rows = await connection.fetch(
                f"{PROPOSALS.select} WHERE proposal_id = ANY ($1::uuid[]) AND status = ANY ($2::text[])", list(names), sorted(OPEN)
            )
        found = [(proposal, likeness(asked.title, proposal.title)) for proposal in map(PROPOSALS.of, rows)]
        alike = [(proposal, score) for proposal, score in found if score >= LEAST_LIKENESS]
        return sorted(alike, key=lambda pair: (-pair[1], pair[0].id))[:MOST_SIMILAR]

    async def handling(self, year: int) -> list[Handling]:
        """Each year and month of receipt, the year before its months; one year or all."""
        begins, ends = period_span(f"{year:04}") if year else (None, None)
        async with self._database.connection() as connection:
            return [Handling(**row) for row in await connection.fetch(HANDLING, begins, ends)]


def period_span(period: str) -> tuple[datetime, datetime]:
    """When a year such as `2026`, or a month such as `2026-05`, begins in Seoul, and when the next one does."""
    year, _, month = period.partition("-")
    first = int(month or 1) - 1
    last = first + (1 if month else 12)
    return tuple(datetime(int(year) + number // 12, number % 12 + 1, 1, tzinfo=SEOUL) for number in (first, last))  # type: ignore[return-value]


# What the marks of a listing mean; each has an index or goes with a period.
MARKS = {
    "overdue": "overdue",
    "obliged": "obliged_until IS NOT NULL",
    "answered": "first_answered_at IS NOT NULL",
    "at_once": "at_once",
    "was_late": "was_late",
    "bounced": "bounce_count > 0",
    "rated": "(answer ->> 'satisfaction') IS NOT NULL",
}
SUGGESTED = """
    SELECT knowledge_id, NULL::uuid AS proposal_id, question, answer AS plain, language, similarity(question, $1) AS score
    FROM knowledge_entry WHERE status = 'confirmed' AND question % $1
    UNION ALL
    SELECT NULL, proposal_id, title, answer -> 'text' ->> 'plain', answer -> 'text' ->> 'language', similarity(title, $1)
    FROM proposal WHERE answer IS NOT NULL AND merged_into IS NULL AND title % $1 AND proposal_id IS DISTINCT FROM $2::uuid
    ORDER BY score DESC, question LIMIT 10"""
# Months of Seoul's calendar, and the years that they make; days of 24 hours.
HANDLING = """
    WITH taken AS (SELECT *, to_char(requested_at AT TIME ZONE 'Asia/Seoul', 'YYYY') AS year,
                          to_char(requested_at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM') AS month, (answer ->> 'satisfaction')::int AS stars
                   FROM proposal
                   WHERE ($1::timestamptz IS NULL OR requested_at >= $1) AND ($2::timestamptz IS NULL OR requested_at < $2))
    SELECT coalesce(month, year) AS period, count(*) AS received,
           count(first_answered_at) AS answered,
           coalesce(sum(extract(epoch FROM first_answered_at - requested_at) / 86400.0), 0)::float AS days,
           count(*) FILTER (WHERE at_once) AS at_once, count(*) FILTER (WHERE was_late) AS was_late,
           count(*) FILTER (WHERE bounce_count > 0) AS bounced, sum(bounce_count) AS bounces,
           count(stars) AS rated, coalesce(sum(stars), 0) AS satisfaction
    FROM taken
    GROUP BY GROUPING SETS ((year), (month))
    ORDER BY period"""
