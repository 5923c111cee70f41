"""What a stack remembers of itself, and the one id by which its two data folders belong together."""

import json
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path

from services.local.errors import Misconfigured, NoStack
from services.local.layout import Layout

ID_FILE = "stack-id"


@dataclass(slots=True)
class State:
    """Kept in `stack.json`; `created` once both data folders are complete, `wanted` is what the last command asked for."""

    stack_id: str
    home: str
    ports: dict[str, int] = field(default_factory=dict)
    created: bool = False
    wanted: bool = False
    bootstrap_servers: str = ""
    database_url: str = ""
    password: str = ""

    @property
    def own_broker(self) -> bool:
        """Whether the stack runs a broker, rather than using one that exists."""
        return not self.bootstrap_servers

    @property
    def own_database(self) -> bool:
        """Whether the stack runs a database server, rather than using one that exists."""
        return not self.database_url


def load(layout: Layout) -> State:
    """The state of a stack that exists. Raises NoStack."""
    try:
        return State(**json.loads(layout.state.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise NoStack(
            f"there is no stack in {layout.data}", "start one with `madang up`, or name its folder with --data or MADANG_DATA"
        ) from None
    except (TypeError, ValueError) as error:
        raise Misconfigured(f"{layout.state} cannot be read ({error})", "begin anew with `madang down --purge`") from None


def save(layout: Layout, state: State) -> None:
    """Write it whole or not at all."""
    part = layout.state.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(asdict(state), indent=2), encoding="utf-8")
    part.replace(layout.state)


def begin(layout: Layout) -> State:
    """The stack's state, made where there is none. Raises Misconfigured for a folder that holds something else."""
    try:
        state = load(layout)
    except NoStack:
        if layout.data.is_dir() and any(path not in layout.made for path in layout.data.iterdir()):
            raise Misconfigured(f"{layout.data} is not empty and holds no stack", "name an empty or new folder with --data") from None
        state = State(uuid.uuid4().hex, str(layout.home))
    if state.home != str(layout.home):
        raise Misconfigured(
            f"this stack's database lies in {state.home}, made by another user or for a folder of another name",
            "start it as the user who made it and where it was made, or begin anew with `madang down --purge`",
        )
    return state


def check_ids(layout: Layout, state: State) -> None:
    """Refuse data folders that do not belong together, rather than skipping what one of them lacks."""
    folders = {"broker": layout.kafka} if state.own_broker else {}
    if state.own_database:
        folders["database"] = layout.home
    found = {name: read_id(folder) for name, folder in folders.items()}
    expected = state.stack_id if state.created else next((value for value in found.values() if value), state.stack_id)
    wrong = [
        f"the {name}'s folder {folders[name]} carries {value or 'no stack id'}"
        for name, value in found.items()
        if value != expected and (value or state.created)
    ]
    if expected != state.stack_id:
        wrong.append(f"{layout.state} carries {state.stack_id}")
    if wrong:
        raise Misconfigured(
            f"the folders of this stack do not belong together: the stack id should be {expected}, but {', '.join(wrong)}",
            "put back the folder that belongs here, or give up all of this stack's data with `madang down --purge`",
        )


def read_id(folder: Path) -> str:
    """The stack id in a data folder; empty where it carries none."""
    try:
        return (folder / ID_FILE).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def write_id(folder: Path, stack_id: str) -> None:
    """Mark a data folder, once it is complete."""
    (folder / ID_FILE).write_text(stack_id + "\n", encoding="ascii")
