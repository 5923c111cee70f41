"""State machines as one table an aggregate; docs and tests are generated from it."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from services.kit.errors import wrong_state

S = TypeVar("S", bound=StrEnum)


class Transitions(Generic[S]):
    """Which state may follow which."""

    def __init__(self, name: str, allowed: Mapping[S, frozenset[S] | set[S]]) -> None:
        self.name = name
        self._allowed = {state: frozenset(nexts) for state, nexts in allowed.items()}

    def after(self, state: S) -> frozenset[S]:
        """The states that may follow."""
        return self._allowed.get(state, frozenset())

    def check(self, state: S, wanted: S) -> None:
        """Raise TRANSITION_FORBIDDEN, naming the state it is in and those it may go to, unless `wanted` may follow."""
        if wanted in self.after(state):
            return
        allowed = ", ".join(sorted(self.after(state))) or "nothing: it is final"
        raise wrong_state(
            "TRANSITION_FORBIDDEN",
            f"this {self.name} is {state} and cannot become {wanted}; it may become {allowed}",
            state=str(state),
            wanted=str(wanted),
            allowed=allowed,
        )

    def __iter__(self) -> Iterator[tuple[S, frozenset[S]]]:
        return iter(self._allowed.items())
