"""Who calls, and what a call is."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.kit.envelope import Envelope
from services.kit.errors import not_found
from services.kit.ids import new_id


class Role(StrEnum):
    """Who somebody is to the platform (trust model: docs/architecture.md)."""

    ANONYMOUS = "anonymous"
    CITIZEN = "citizen"
    PARTNER = "partner"
    SECRETARY = "secretary"
    AIDE = "aide"
    OFFICER = "officer"
    INNOVATION_OFFICER = "innovation_officer"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    SERVICE = "service"


class Scope(StrEnum):
    """What binds a role to its own objects."""

    COUNCIL = "council"
    MANDATE = "mandate"
    DEPARTMENT = "department"


BOUND = {Role.SECRETARY: Scope.COUNCIL, Role.AIDE: Scope.MANDATE, Role.OFFICER: Scope.DEPARTMENT}


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller as its token names it; `scope` holds the ids that a bound role reaches."""

    role: Role
    subject: str
    scope: Mapping[str, str] = field(default_factory=dict)

    def reaches(self, kind: Scope | None, owner: str | None) -> bool:
        """Whether an object is the caller's to touch; one that nobody owns yet is."""
        bound = BOUND.get(self.role)
        if kind is None or bound != kind or owner is None:
            return True
        return self.scope.get(kind) == owner


ANYBODY = Actor(Role.ANONYMOUS, "anonymous")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one method: who, with which key and body, in which chain of causes."""

    actor: Actor
    method: str
    request_id: str
    body_hash: bytes
    correlation_id: UUID
    causation_id: UUID
    bound_to: Scope | None = None
    traceparent: str = ""

    @classmethod
    def own(cls, what: str, *, cause: Envelope | None = None) -> "Call":
        """What a service does by itself: at the ring of a clock, or because of another service's fact."""
        chain = (cause.correlation_id, cause.id) if cause else (new_id(),) * 2
        return cls(Actor(Role.SERVICE, what), what, "", b"", *chain, traceparent=cause.traceparent if cause else "")

    def check_reach(self, what: str, identity: object, owner: str | None) -> None:
        """Refuse with NOT_FOUND an object that is not the caller's: a stranger does not learn that it exists."""
        if not self.actor.reaches(self.bound_to, owner):
            raise not_found(what, identity)


CURRENT: ContextVar[Call] = ContextVar("call")


def call_of(_context: Any) -> Call:
    """The call that a servicer's method is answering (the interceptors made it)."""
    return CURRENT.get()
