"""Questions about innovation agendas and what moves them, answered from rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.kit.database import Database
from services.kit.paging import PageTokens
from services.kit.queries import Page, Queries
from services.kit.vocabulary import InnovationField
from services.kit.write import Written
from services.workshops.domain.advice import AdviceNote
from services.workshops.domain.diffusion import AdopterKind, DiffusionCase, DiffusionScope, DiffusionStatus
from services.workshops.domain.indicator import Indicator
from services.workshops.domain.innovation import DiscoverySource, Innovation, Phase
from services.workshops.domain.routing import RoutingChange, RoutingRule, RuleStatus, Trial
from services.workshops.domain.workshop import SERIES_ID, Workshop, WorkshopKind, WorkshopSeries, WorkshopStatus
from services.workshops.store.advice import ADVICE_NOTES
from services.workshops.store.diffusion import DIFFUSION_CASES
from services.workshops.store.indicator import INDICATORS
from services.workshops.store.innovation import INNOVATIONS
from services.workshops.store.routing import ROUTING_RULES
from services.workshops.store.workshop import SERIES, WORKSHOPS

TRIED_AT_ONCE = 500
CHANGES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class InnovationListing:
    """Which innovation agendas, and which page of them."""

    page: Page
    phase: Phase | None
    innovation_field: InnovationField | None
    owner: str | None
    discovery_source: DiscoverySource | None
    owned: bool | None
    advised: bool | None
    measured: bool | None


@dataclass(frozen=True, slots=True)
class PartListing:
    """Which advice notes or indicators of an innovation agenda (none: of all), and which page of them."""

    page: Page
    innovation_id: UUID | None


@dataclass(frozen=True, slots=True)
class WorkshopListing:
    """Which workshops, and which page of them."""

    page: Page
    quarter: str | None
    kind: WorkshopKind | None
    status: WorkshopStatus | None


@dataclass(frozen=True, slots=True)
class DiffusionListing:
    """Which diffusion cases, and which page of them."""

    page: Page
    scope: DiffusionScope | None
    innovation_field: InnovationField | None
    adopter_kind: AdopterKind | None
    innovation_id: UUID | None
    status: DiffusionStatus | None


@dataclass(frozen=True, slots=True)
class Cell:
    """How many innovation agendas of one field stand in one phase."""

    phase: Phase
    innovation_field: InnovationField
    count: int


@dataclass(frozen=True, slots=True)
class Board:
    """Innovation agendas in numbers: where they stand, how many have what the gates ask for, how many adopters there are by scope."""

    cells: tuple[Cell, ...]
    owned: int
    advised: int
    measured: int
    adopters: Mapping[DiffusionScope, int]


class WorkshopQueries:
    """The questions."""

    def __init__(self, database: Database, tokens: PageTokens) -> None:
        self._database, self._queries = database, Queries(database, tokens)

    async def innovation(self, innovation_id: UUID) -> tuple[Innovation, Written]:
        """One innovation agenda with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(INNOVATIONS, innovation_id)

    async def innovations(self, listing: InnovationListing) -> tuple[list[Innovation], str]:
        """A page of innovation agendas, newest first, and the token of the next."""
        conditions = [
            ("phase = $", listing.phase),
            ("innovation_field = $", listing.innovation_field),
            ("owner = $", listing.owner),
            ("discovery_source = $", listing.discovery_source),
            (f"{OWNED} = $", listing.owned),
            (f"{ADVISED} = $", listing.advised),
            (f"{MEASURED} = $", listing.measured),
        ]
        return await self._queries.page(INNOVATIONS, listing.page, conditions)

    async def advice_note(self, advice_id: UUID) -> tuple[AdviceNote, Written]:
        """One advice note with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(ADVICE_NOTES, advice_id)

    async def advice_notes(self, listing: PartListing) -> tuple[list[AdviceNote], str]:
        """A page of advice notes, newest first, and the token of the next."""
        return await self._queries.page(ADVICE_NOTES, listing.page, [("innovation_id = $", listing.innovation_id)])

    async def indicator(self, indicator_id: UUID) -> tuple[Indicator, Written]:
        """One indicator with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(INDICATORS, indicator_id)

    async def indicators(self, listing: PartListing) -> tuple[list[Indicator], str]:
        """A page of indicators, newest first, and the token of the next."""
        return await self._queries.page(INDICATORS, listing.page, [("innovation_id = $", listing.innovation_id)])

    async def workshop(self, workshop_id: UUID) -> tuple[Workshop, Written]:
        """One workshop with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(WORKSHOPS, workshop_id)

    async def workshops(self, listing: WorkshopListing) -> tuple[list[Workshop], str]:
        """A page of workshops, newest first, and the token of the next."""
        conditions = [("quarter = $", listing.quarter), ("kind = $", listing.kind), ("status = $", listing.status)]
        return await self._queries.page(WORKSHOPS, listing.page, conditions)

    async def series(self) -> tuple[WorkshopSeries, Written]:
        """The series of quarterly workshops with its numbers. Raises Refused: NOT_FOUND in the first moments of a new database."""
        return await self._queries.one(SERIES, SERIES_ID)

    async def diffusion_case(self, diffusion_id: UUID) -> tuple[DiffusionCase, Written]:
        """One diffusion case with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(DIFFUSION_CASES, diffusion_id)

    async def diffusion_cases(self, listing: DiffusionListing) -> tuple[list[DiffusionCase], str]:
        """A page of diffusion cases, newest first, and the token of the next."""
        conditions = [
            ("scope = $", listing.scope),
            ("innovation_field = $", listing.innovation_field),
            ("adopter_kind = $", listing.adopter_kind),
            ("innovation_id = $", listing.innovation_id),
            ("status = $", listing.status),
        ]
        return await self._queries.page(DIFFUSION_CASES, listing.page, conditions)

    async def routing_rule(self, rule_id: UUID) -> tuple[RoutingRule, Written]:
        """One version of the rule with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(ROUTING_RULES, rule_id)

    async def routing_rules(self, status: RuleStatus | None, page: Page) -> tuple[list[RoutingRule], str]:
        """A page of versions, newest first, and the token of the next."""
        return await self._queries.page(ROUTING_RULES, page, [("status = $", status)])

    async def routing_changes(self, rule_id: UUID | None, page: Page) -> tuple[list[RoutingChange], str]:
        """What a version (none: that in force) makes of a page of innovation agendas, newest first, and the token of the next.

        Raises:
            Refused: NOT_FOUND.
        """
        rules = [(await self.routing_rule(rule_id))[0]] if rule_id else (await self.routing_rules(RuleStatus.ACTIVE, Page(1)))[0]
        innovations, token = await self._queries.page(INNOVATIONS, page, [(f"{BY_RULE} = $", True)])
        return [change for rule in rules for innovation in innovations if (change := innovation.change_by(rule))], token

    async def trial(self, rule_id: UUID) -> Trial:
        """What a version makes of every innovation agenda with an owner by rule. Raises Refused: NOT_FOUND."""
        rule, _ = await self.routing_rule(rule_id)
        against, changes, page = 0, list[RoutingChange](), Page(TRIED_AT_ONCE)
        while True:
            innovations, token = await self._queries.page(INNOVATIONS, page, [(f"{BY_RULE} = $", True)])
            against += len(innovations)
            changes += [change for innovation in innovations if (change := innovation.change_by(rule))]
            if not token:
                return Trial(against, len(changes), tuple(changes[:CHANGES_SHOWN]))
            page = Page(TRIED_AT_ONCE, token)

    async def board(self) -> Board:
        """Innovation agendas in numbers, all of one moment."""
        async with self._database.transaction(isolation="repeatable_read", readonly=True) as connection:
            cells = await connection.fetch(CELLS)
            counts = await connection.fetchrow(COUNTS)
            adopters = await connection.fetch("SELECT scope, count(*) AS count FROM diffusion_case GROUP BY scope")
        assert counts is not None, "counts always answer"
        return Board(
            tuple(Cell(Phase(row["phase"]), InnovationField(row["innovation_field"]), row["count"]) for row in cells),
            counts["owned"], counts["advised"], counts["measured"], {DiffusionScope(row["scope"]): row["count"] for row in adopters},
        )  # fmt: skip


OWNED = "(owner IS NOT NULL)"
BY_RULE = "(owner IS NOT NULL AND NOT routing_overridden)"
ADVISED = "EXISTS (SELECT FROM advice_note AS a WHERE a.innovation_id = innovation_agenda.innovation_id)"
MEASURED = "EXISTS (SELECT FROM indicator AS i WHERE i.innovation_id = innovation_agenda.innovation_id AND i.measured_at IS NOT NULL)"
CELLS = "SELECT phase, innovation_field, count(*) FROM innovation_agenda GROUP BY 1, 2 ORDER BY 1, 2"
COUNTS = f"""
    SELECT count(*) FILTER (WHERE {OWNED}) AS owned, count(*) FILTER (WHERE {ADVISED}) AS advised,
           count(*) FILTER (WHERE {MEASURED}) AS measured
    FROM innovation_agenda"""
