"""When two data folders belong together, and when a stack is refused."""

from pathlib import Path

import pytest

from services.local import state as states
from services.local.errors import Misconfigured, NoStack
from services.local.layout import Layout
from services.local.state import State


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    monkeypatch.setattr("services.local.layout.is_root", lambda: False)
    layout = Layout.of(tmp_path / "stack")
    for folder in (layout.kafka, layout.home):
        folder.mkdir(parents=True)
    return layout


def made(layout: Layout, broker: str, database: str) -> State:
    for folder, mark in ((layout.kafka, broker), (layout.home, database)):
        if mark:
            states.write_id(folder, mark)
    return State("a", str(layout.home), created=True)


def test_folders_with_the_stacks_id_belong_together(layout: Layout) -> None:
    states.check_ids(layout, made(layout, "a", "a"))


@pytest.mark.parametrize(("broker", "database"), [("a", "b"), ("b", "a"), ("b", "b"), ("a", ""), ("", "a"), ("", "")])
def test_any_other_folder_is_refused_with_the_repair(layout: Layout, broker: str, database: str) -> None:
    with pytest.raises(Misconfigured, match="madang down --purge"):
        states.check_ids(layout, made(layout, broker, database))


def test_a_first_start_that_was_interrupted_goes_on(layout: Layout) -> None:
    states.write_id(layout.kafka, "a")
    states.check_ids(layout, State("a", str(layout.home)))


def test_a_database_left_by_a_removed_folder_is_refused(layout: Layout) -> None:
    states.write_id(layout.home, "old")
    with pytest.raises(Misconfigured, match="old"):
        states.check_ids(layout, State("new", str(layout.home)))


def test_servers_of_others_need_no_id(layout: Layout) -> None:
    states.check_ids(layout, State("a", str(layout.home), created=True, bootstrap_servers="broker:9092", database_url="postgresql://x/y"))


def test_what_is_saved_is_loaded(layout: Layout) -> None:
    state = State("a", str(layout.home), {"kafka": 20_000}, wanted=True)
    states.save(layout, state)
    assert states.load(layout) == state
    assert layout.state.stat().st_mode & 0o077 == 0


def test_no_stack_and_a_folder_of_something_else_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NoStack):
        states.load(Layout.of(tmp_path))
    (tmp_path / "letter.txt").touch()
    with pytest.raises(Misconfigured, match="holds no stack"):
        states.begin(Layout.of(tmp_path))


def test_a_stack_made_by_another_user_is_refused(layout: Layout) -> None:
    states.save(layout, State("a", "/var/lib/madang-0"))
    with pytest.raises(Misconfigured, match="another user"):
        states.begin(layout)
