"""Every state machine of every service, as `docs/generated/states.md` shows it: what is allowed passes, what is not says what is."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest

from scripts.generate_docs import machines
from services.kit.errors import Kind, Refused
from services.kit.transitions import Transitions

MACHINES = [pytest.param(machine, id=f"{service}: {machine.name}") for service, machine in machines()]


def states_of(machine: Transitions[Any]) -> type[StrEnum]:
    """The enumeration that a table is about."""
    found = {type(state) for state, nexts in machine for state in (state, *nexts)}
    assert len(found) == 1, f"{machine.name} mixes {found}"
    return found.pop()


def pairs() -> Iterator[Any]:
    """Every two states of every table."""
    for service, machine in machines():
        codes = states_of(machine)
        for state in codes:
            for wanted in codes:
                yield pytest.param(machine, state, wanted, id=f"{service}: {machine.name} {state} to {wanted}")


def test_every_source_service_has_its_tables() -> None:
    assert {"voices", "council", "workshops", "proposals"} <= {service for service, _ in machines()}


def test_no_two_tables_of_a_service_share_a_name() -> None:
    names = [(service, machine.name) for service, machine in machines()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_can_be_come_to_or_left(machine: Transitions[Any]) -> None:
    met = {state for state, nexts in machine if nexts} | {state for _, nexts in machine for state in nexts}
    assert set(states_of(machine)) == met


@pytest.mark.parametrize(("machine", "state", "wanted"), list(pairs()))
def test_a_pair_of_states_passes_or_is_refused_with_what_may_follow(machine: Transitions[Any], state: Any, wanted: Any) -> None:
    after = machine.after(state)
    if wanted in after:
        machine.check(state, wanted)
        return
    with pytest.raises(Refused) as refused:
        machine.check(state, wanted)
    allowed = ", ".join(sorted(after)) or "nothing: it is final"
    assert (refused.value.kind, refused.value.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")
    assert refused.value.details == {"state": str(state), "wanted": str(wanted), "allowed": allowed}
    assert all(word in refused.value.message for word in (machine.name, str(state), str(wanted), allowed))
