"""What has to be there from the first start on: version 1 of the routing rule, and the series of quarterly workshops."""

from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.write import Change, Write, Written
from services.workshops.domain.routing import RoutingRule, first_rule
from services.workshops.domain.workshop import WorkshopSeries, first_series
from services.workshops.events import RoutingRuleActivated
from services.workshops.store.routing import RuleBook


class First:
    """Makes both once, however often and wherever the service starts."""

    def __init__(self, rules: Write[RoutingRule], book: RuleBook, series: Write[WorkshopSeries], clock: Clock) -> None:
        self._rules, self._book, self._series, self._clock = rules, book, series, clock

    async def found(self) -> None:
        """Make what is not there."""
        call, at = Call.own("founding"), self._clock.now()
        rule, series = first_rule(at), first_series(at)

        async def work(connection: Connection) -> Written:
            await self._book.take_turn(connection)
            if await self._rules.find(connection, rule.id) is None:
                await self._rules.insert(connection, call, [Change(rule, RoutingRuleActivated(at))])
            there = await self._series.find(connection, series.id)
            return there or await self._series.insert(connection, call, [Change(series, None)])

        await self._rules.log.once(call, work)
