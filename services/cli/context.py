"""What every command knows: which stack, who acts, how to answer."""

import os
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

import typer

from services.kit import tokens
from services.kit.actor import Role, Scope
from services.local import keys
from services.local.stack import Stack

DEFAULT_DATA = ".local"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whom the command line signs for: the stack's own key makes it anybody, locally."""

    role: Role = Role.OPERATOR
    subject: str = "operator"
    scope: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str, scope: dict[str, str] | None = None) -> "Actor":
        """From `ROLE[:SUBJECT]`; the subject is the role's name unless given. Raises typer.BadParameter."""
        role, _, subject = text.partition(":")
        if role not in set(Role):
            raise typer.BadParameter(f"{role!r} is no role; there are {', '.join(Role)}")
        return cls(Role(role), subject or role, scope or {})


@dataclass(frozen=True, slots=True)
class Options:
    """The options that stand before or after any command."""

    data: Path
    actor: Actor = field(default_factory=Actor)
    json: bool = False
    quiet: bool = False
    color: bool = True

    @property
    def stack(self) -> Stack:
        """The stack that the command is about."""
        return Stack(self.data)

    def token(self, actor: Actor | None = None) -> str:
        """A fresh token for calls to that stack. Raises NoStack."""
        stack, actor = self.stack, actor or self.actor
        assert stack.state, "raises where there is no stack"
        key = keys.signing_key(stack.layout).read_bytes()
        return tokens.sign(key, subject=actor.subject, role=actor.role, scope=actor.scope)


CURRENT: ContextVar[Options] = ContextVar("options")


def current() -> Options:
    """The options of the command that runs."""
    return CURRENT.get()


def data_folder(given: str | None) -> Path:
    """`--data`, else MADANG_DATA, else `.local` here."""
    return Path(given or os.environ.get("MADANG_DATA") or DEFAULT_DATA)


def parse_scope(items: list[str]) -> dict[str, str]:
    """`KIND=ID` pairs of a bound role. Raises typer.BadParameter."""
    scope = dict(item.partition("=")[::2] for item in items)
    if wrong := [kind for kind, identity in scope.items() if kind not in set(Scope) or not identity]:
        raise typer.BadParameter(f"--scope {wrong[0]!r}: give KIND=ID with {' or '.join(Scope)}")
    return scope
