"""Paths, ports, addresses: what must hold for any folder."""

import os
import socket
from pathlib import Path

import pytest

from services.kit.migrations import dbmate_url
from services.local import ports
from services.local.databases import dsn_of
from services.local.environment import port_names
from services.local.layout import Layout
from services.local.stack import state_of
from services.local.supervision import Running

SOCKET_BYTES = 107


@pytest.mark.parametrize("is_root", [True, False])
@pytest.mark.parametrize("depth", [1, 5, 30])
def test_a_socket_has_room_wherever_the_stack_lies(depth: int, is_root: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.local.layout.is_root", lambda: is_root)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    layout = Layout.of(Path("/srv", *["마당 " * 3] * depth))
    for name in (layout.run / "supervisor.sock.4194304", layout.sockets / ".s.PGSQL.5432.lock"):
        assert len(os.fsencode(name)) <= SOCKET_BYTES


def test_two_folders_never_share_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.local.layout.is_root", lambda: True)
    first, second = Layout.of("/srv/a"), Layout.of("/srv/b")
    assert not set(first.made) & set(second.made)


def test_ports_are_kept_unless_somebody_took_them() -> None:
    names = port_names()
    chosen = ports.choose(names, {}, seed=7)
    assert len(set(chosen.values())) == len(names)
    assert ports.choose(names, chosen, seed=8) == chosen
    with socket.socket() as other:
        other.bind(("127.0.0.1", chosen["kafka"]))
        other.listen()
        again = ports.choose(names, chosen, seed=8)
    assert again["kafka"] != chosen["kafka"]
    assert {**again, "kafka": 0} == {**chosen, "kafka": 0}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgresql://u@/db?host=/run/a%20b", "postgres://u@/db?socket=%2Frun%2Fa+b&sslmode=disable&lock_timeout=2s"),
        ("postgresql://u:p@db.example:5433/x", "postgres://u:p@db.example:5433/x?sslmode=prefer&lock_timeout=2s"),
        ("postgresql://u@db/x?sslmode=require", "postgres://u@db/x?sslmode=require&lock_timeout=2s"),
    ],
)
def test_dbmate_gets_the_same_address_in_its_own_words(given: str, expected: str) -> None:
    assert dbmate_url(given) == expected


def test_a_services_address_keeps_the_server_and_changes_the_rest() -> None:
    assert dsn_of("postgresql://admin:s@h:5/postgres?sslmode=require", "d", "r", "p@w") == "postgresql://r:p%40w@h:5/d?sslmode=require"
    assert dsn_of("postgresql://postgres@/postgres?host=/run/x", "d", "r") == "postgresql://r@/d?host=/run/x"


@pytest.mark.parametrize(
    ("state", "since", "is_ready", "expected"),
    [
        ("RUNNING", 0.0, True, "ready"),
        ("RUNNING", 1e12, False, "starting"),
        ("STARTING", 1e12, False, "starting"),
        ("RUNNING", 0.0, False, "failed"),
        ("BACKOFF", 0.0, False, "failed"),
        ("STOPPING", 0.0, False, "stopping"),
        ("STOPPED", 0.0, False, "starting"),
    ],
)
def test_a_process_is_shown_in_four_words(state: str, since: float, is_ready: bool, expected: str) -> None:
    assert state_of(Running("voices", state, 1, since), is_ready, wanted=True) == expected


def test_a_stack_that_is_down_is_told_from_one_whose_supervisor_died() -> None:
    assert state_of(None, False, wanted=False) == "stopping"
    assert state_of(None, False, wanted=True) == "failed"
