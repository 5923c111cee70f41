"""What can be done with plans."""

from services.agenda.domain.plan import Plan, plan_id, task_unknown
from services.agenda.store.plan import PLANS
from services.kit.actor import Call
from services.kit.database import Connection
from services.kit.write import Write, Written


class Plans:
    """The use cases."""

    def __init__(self, plans: Write[Plan]) -> None:
        self._plans = plans

    async def take_in(self, call: Call, plan: Plan) -> Written:
        """Make a plan stand as it is given; where it stands so already, nothing is written."""

        async def work(connection: Connection) -> Written:
            standing = await self._plans.find(connection, plan.id)
            if standing is None:
                return await self._plans.insert(connection, call, [plan.imported()])
            return await self._plans.react(connection, call, plan.id, lambda before: before.replaced_by(plan)) or standing

        return await self._plans.log.once(call, work)


async def check_task(connection: Connection, reference: str) -> None:
    """Refuse a task such as `hr2013/1.2.3.4` that no plan has. Raises Refused: PLAN_TASK_UNKNOWN."""
    code, _, task = reference.partition("/")
    plan = await PLANS.load(connection, plan_id(code))
    if plan is None or not plan.has_task(task):
        raise task_unknown(reference)
