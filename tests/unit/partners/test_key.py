"""What is true of keys, without any I/O."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.kit.errors import Kind, Refused
from services.kit.write import Change
from services.partners.domain.key import TRANSITIONS, Key, KeyStatus, hash_of, key_id_of, secret_of
from services.partners.wire.key import STATUSES, key_to_wire

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SECRET = secret_of(UUID(int=7), "guess")
KEY = Key(UUID(int=7), "dasan", "", KeyStatus.ACTIVE, hash_of(SECRET), NOW)

COMMANDS: dict[KeyStatus, Callable[[Key], Change[Key]]] = {
    KeyStatus.ENDING: lambda key: key.give_way(NOW + timedelta(days=7), now=NOW),
    KeyStatus.ENDED: lambda key: key.end(),
    KeyStatus.REVOKED: lambda key: key.revoke(at=NOW),
}


@pytest.mark.parametrize(("state", "wanted"), [(state, wanted) for state, nexts in TRANSITIONS for wanted in nexts])
def test_every_transition_of_the_table_can_be_made(state: KeyStatus, wanted: KeyStatus) -> None:
    assert COMMANDS[wanted](replace(KEY, status=state)).state.status is wanted


@pytest.mark.parametrize(
    ("state", "wanted"), [(state, wanted) for state, nexts in TRANSITIONS for wanted in COMMANDS if wanted not in nexts]
)
def test_every_other_transition_is_refused_with_the_state_and_what_may_follow(state: KeyStatus, wanted: KeyStatus) -> None:
    with pytest.raises(Refused) as caught:
        COMMANDS[wanted](replace(KEY, status=state))
    assert (caught.value.kind, caught.value.code) == (Kind.STATE, "TRANSITION_FORBIDDEN")


def test_a_secret_names_its_key_and_opens_it_alone() -> None:
    assert key_id_of(SECRET) == KEY.id
    assert KEY.opens(SECRET, NOW)
    assert not KEY.opens(f"{SECRET}x", NOW)
    assert [key_id_of(text) for text in ("", "x", "madang", "madang.x.y", f"other.{KEY.id.hex}.y")] == [None] * 5


def test_a_key_that_gives_way_opens_until_its_time() -> None:
    ending = KEY.give_way(NOW + timedelta(days=7), now=NOW).state
    assert ending.clocks() == {"key_ends": NOW + timedelta(days=7)}
    assert ending.opens(SECRET, NOW + timedelta(days=6))
    assert not ending.opens(SECRET, NOW + timedelta(days=7))
    assert not KEY.clocks()


def test_a_key_gives_way_in_the_future_alone() -> None:
    with pytest.raises(Refused) as caught:
        KEY.give_way(NOW, now=NOW)
    assert (caught.value.code, caught.value.violations[0].field) == ("ENDS_AT_PAST", "ends_at")


@pytest.mark.parametrize("status", KeyStatus)
def test_a_key_is_shown_without_its_secret_and_its_hash(status: KeyStatus) -> None:
    message = key_to_wire(replace(KEY, status=status, replaces=UUID(int=3), ends_at=NOW))
    assert STATUSES.from_wire(message.status, "status") is status
    assert (message.key_id, message.partner, message.replaces) == (str(KEY.id), "dasan", str(UUID(int=3)))
    assert message.ends_at.ToDatetime(UTC) == NOW
    assert {"hash", "secret"}.isdisjoint(field.name for field in message.DESCRIPTOR.fields)
