"""Rows of the routing rule's versions."""

from services.kit.database import Connection
from services.kit.tables import Aggregates
from services.workshops.domain.routing import RoutingRule

ROUTING_RULES = Aggregates("routing_rule", RoutingRule, key="rule_id", newest="proposed_at")


class RuleBook:
    """All versions together: what one of them cannot know of the others."""

    async def take_turn(self, connection: Connection) -> None:
        """Until the transaction ends nobody else makes a version or puts one in force."""
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('routing_rule'))")

    async def active(self, connection: Connection) -> RoutingRule | None:
        """The version in force; none in the first moments of a new database."""
        row = await connection.fetchrow(f"{ROUTING_RULES.select} WHERE status = 'active'")
        return ROUTING_RULES.of(row) if row else None

    async def next_version(self, connection: Connection) -> int:
        """The number of a new version; 1 is the first rule's."""
        return int(await connection.fetchval("SELECT greatest(max(version), 1) + 1 FROM routing_rule"))
