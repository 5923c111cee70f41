"""What can be done with innovation agendas, advice, indicators and workshops; each method is one use case and one transaction."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from services.kit.actor import Call
from services.kit.clock import Clock
from services.kit.database import Connection
from services.kit.text import Text
from services.kit.write import Change, Target, Write, Written
from services.workshops.clients import Sources
from services.workshops.domain import AdviceNote, Evidence, Indicator, Innovation, Measurement, Workshop
from services.workshops.routing import Override, RoutingRule

EvidenceOf = Callable[[Connection, UUID], Awaitable[Evidence]]


class Innovations:
    """The life of an innovation agenda."""

    def __init__(self, write: Write[Innovation], evidence_of: EvidenceOf, sources: Sources, rule: RoutingRule, clock: Clock) -> None:
        self._write, self._evidence_of, self._sources, self._rule, self._clock = write, evidence_of, sources, rule, clock

    async def propose(self, call: Call, innovation: Innovation) -> Written:
        """Propose one; what it is adopted from is asked for first."""
        if innovation.adopted_from:
            await self._sources.check(call, innovation.adopted_from)
        return await self._write.create(call, innovation.proposed())

    async def advance(self, call: Call, target: Target) -> Written:
        """Go to the next phase. Advice and measurements are only ever added, so that what proves the gate is read before the lock."""

        async def work(connection: Connection) -> Written:
            evidence = await self._evidence_of(connection, target.id)
            return await self._write.update(
                connection, call, target.id, target.etag, lambda innovation: innovation.advance(evidence, at=self._clock.now())
            )

        return await self._write.log.once(call, work)

    async def send_back(self, call: Call, target: Target, reason: str) -> Written:
        """Go back to be explored again."""
        return await self._change(call, target, lambda innovation: innovation.send_back(reason, at=self._clock.now()))

    async def assign_owner(self, call: Call, target: Target, override: Override) -> Written:
        """Give it an owner."""
        return await self._change(call, target, lambda innovation: innovation.assign_owner(self._rule, override, at=self._clock.now()))

    async def write_plan(self, call: Call, target: Target, plan: Text) -> Written:
        """Write its plan."""
        return await self._change(call, target, lambda innovation: innovation.write_plan(plan, at=self._clock.now()))

    async def _change(self, call: Call, target: Target, function: Callable[[Innovation], Change[Innovation]]) -> Written:
        return await self._write.change(call, target.id, target.etag, function)


class Workshops:
    """What moves innovation agendas: advice, indicators, workshops. An officer reaches them where the innovation agenda is reached."""

    def __init__(
        self, innovations: Write[Innovation], advice_notes: Write[AdviceNote], indicators: Write[Indicator], workshops: Write[Workshop]
    ) -> None:
        self._innovations, self._advice_notes, self._indicators, self._workshops = innovations, advice_notes, indicators, workshops

    async def record_advice(self, call: Call, note: AdviceNote) -> Written:
        """Record an adviser's opinion."""

        async def work(connection: Connection) -> Written:
            await self._innovations.read(connection, call, note.innovation_id)
            return await self._advice_notes.insert(connection, call, [note.recorded()])

        return await self._advice_notes.log.once(call, work)

    async def define_indicator(self, call: Call, indicator: Indicator) -> Written:
        """Say what is measured."""

        async def work(connection: Connection) -> Written:
            await self._innovations.read(connection, call, indicator.innovation_id)
            return await self._indicators.insert(connection, call, [indicator.defined()])

        return await self._indicators.log.once(call, work)

    async def measure_indicator(self, call: Call, target: Target, measurement: Measurement) -> Written:
        """Record a measurement."""

        async def work(connection: Connection) -> Written:
            indicator = await self._indicators.read(connection, call, target.id)
            await self._innovations.read(connection, call, indicator.innovation_id)
            return await self._indicators.update(connection, call, target.id, target.etag, lambda standing: standing.measure(measurement))

        return await self._indicators.log.once(call, work)

    async def hold(self, call: Call, workshop: Workshop) -> Written:
        """Record a workshop; what was discussed there must exist."""

        async def work(connection: Connection) -> Written:
            for innovation_id in workshop.innovation_ids:
                await self._innovations.read(connection, call, innovation_id)
            return await self._workshops.insert(connection, call, [workshop.held()])

        return await self._workshops.log.once(call, work)
