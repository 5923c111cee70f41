"""Refusals: what the platform says when it will not do something.

A refusal has a kind (translated to a status at the edges, and only there: `grpc_errors`, `services.cli.exits`), a stable code that
programs compare, and a message that people read. Domain code raises it; nothing in between catches it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """Why something is refused."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    UNAUTHENTICATED = "unauthenticated"
    CONFLICT = "conflict"
    STATE = "state"
    EXISTS = "exists"
    EXHAUSTED = "exhausted"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Violation:
    """One field that is not as it must be; `field` is its path in the request, such as `description.language`."""

    field: str
    code: str
    message: str


class Refused(Exception):  # noqa: N818 - it reads as a sentence: the command was refused
    """A command or question that the platform will not carry out."""

    def __init__(
        self, kind: Kind, code: str, message: str, *, violations: Sequence[Violation] = (), details: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.code = code
        self.message = message
        self.violations = tuple(violations)
        self.details = dict(details or {})


def invalid(code: str, message: str, field: str = "", **details: str) -> Refused:
    """The input is wrong by itself, whatever the state of things."""
    violations = (Violation(field, code, message),) if field else ()
    return Refused(Kind.INVALID, code, message, violations=violations, details=details)


def not_found(what: str, identity: object) -> Refused:
    """There is no such thing, or the caller may not know of it."""
    return Refused(Kind.NOT_FOUND, "NOT_FOUND", f"there is no {what} {identity}", details={"what": what, "id": str(identity)})


def not_allowed(message: str, code: str = "NOT_ALLOWED") -> Refused:
    """The caller is known and may not."""
    return Refused(Kind.NOT_ALLOWED, code, message)


def wrong_state(code: str, message: str, field: str = "", **details: str) -> Refused:
    """The input is right, but not for what stands now."""
    violations = (Violation(field, code, message),) if field else ()
    return Refused(Kind.STATE, code, message, violations=violations, details=details)


def version_conflict(current: int) -> Refused:
    """Somebody else has written since the caller looked."""
    return Refused(
        Kind.CONFLICT, "VERSION_CONFLICT", f"somebody else has written since; it now has etag {current}", details={"current": str(current)}
    )


def unavailable(code: str, message: str) -> Refused:
    """Not now; the same call may succeed later."""
    return Refused(Kind.UNAVAILABLE, code, message)
