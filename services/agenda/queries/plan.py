"""Questions about plans: their own rows, and in the store the items that are tagged with them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.agenda.domain.item import Status
from services.agenda.domain.plan import NodeProgress, Plan, plan_id
from services.agenda.projection.freshness import FreshnessQueries
from services.agenda.queries.past import store_at
from services.agenda.store.plan import PLANS
from services.kit.clock import SEOUL, Clock
from services.kit.database import Database
from services.kit.paging import PageTokens
from services.kit.queries import Page, Queries
from services.kit.write import Written

Stood = Mapping[Status, int]


@dataclass(frozen=True, slots=True)
class YearOfPlan:
    """A year of a plan, node by node, and how many items stand where, by the code of the node that they are tagged with.

    Without items `as_of` is None.
    """

    plan: Plan
    year: int
    rows: list[NodeProgress]
    items: Mapping[str, Stood]
    as_of: datetime | None


class PlanQueries(Queries):
    """`database` holds the plans, `store` leads to the items."""

    def __init__(self, database: Database, tokens: PageTokens, store: Database, freshness: FreshnessQueries, clock: Clock) -> None:
        super().__init__(database, tokens)
        self._store, self._freshness, self._clock = store, freshness, clock

    async def plan(self, code: str) -> tuple[Plan, Written]:
        """A plan by its code, or the one that was imported last. Raises Refused: NOT_FOUND."""
        newest: list[Plan] = [] if code else (await self.page(PLANS, Page(1), ()))[0]
        return await self.one(PLANS, newest[0].id if newest else plan_id(code), code or "yet; `madang plan import FILE` takes one in")

    async def year(self, code: str, year: int) -> tuple[Plan, int]:
        """A plan and a year of it: the one that is asked for, this year where none is, else the nearest. Raises Refused: NOT_FOUND."""
        plan, _ = await self.plan(code)
        return plan, plan.nearest_year(year or self._clock.now().astimezone(SEOUL).year)

    async def progress(self, code: str, year: int, *, with_items: bool) -> YearOfPlan:
        """A year of a plan. Raises Refused: NOT_FOUND, with items AGENDA_NOT_READY too."""
        plan, year = await self.year(code, year)
        as_of = (await self._freshness.of_figures()).as_of if with_items else None
        return YearOfPlan(plan, year, list(plan.progress(year)), await self._items(plan, as_of) if as_of else {}, as_of)

    async def _items(self, plan: Plan, as_of: datetime) -> Mapping[str, Counter[Status]]:
        """How many items were tagged with each node at a moment, by where they stood."""
        codes = {f"plan:{plan.code}/{node.code}": node.code for node in plan.nodes}
        found: dict[str, Counter[Status]] = {code: Counter() for code in codes.values()}
        async with store_at(self._store, as_of) as connection:
            for row in await connection.fetch(TAGGED, list(codes)):
                found[codes[row["tag"]]][Status(row["status"])] += row["items"]
        return found


TAGGED = """
    SELECT tag, i.status, count(*) AS items FROM agenda_item AS i, unnest(i.tags) AS tag
    WHERE i.shown AND i.tags && $1::text[] AND tag = ANY ($1::text[]) GROUP BY tag, i.status"""
