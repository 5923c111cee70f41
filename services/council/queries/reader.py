"""Who may see what, and the rows that every question reads."""

from services.kit.actor import Actor, Role, Scope
from services.kit.database import Database
from services.kit.paging import PageTokens
from services.kit.queries import Queries

SEES_ALL = {Role.OPERATOR, Role.AUDITOR}


class Reader:
    """Reads a council's tables."""

    def __init__(self, database: Database, tokens: PageTokens) -> None:
        self._database, self._tokens, self._rows = database, tokens, Queries(database, tokens)


def is_insider(actor: Actor, owner: str) -> bool:
    """Whether somebody sees what a council has not made public."""
    return actor.role in SEES_ALL or (actor.role is Role.SECRETARY and actor.reaches(Scope.COUNCIL, owner))
