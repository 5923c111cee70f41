"""The root of the `madang` command: its options, its nouns, its exit codes."""

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated, Any

import typer

from services.cli.context import CURRENT, Actor, Options, data_folder, parse_scope
from services.cli.exits import FORESEEN, Exit, failed
from services.cli.methods import add_methods, app_of

# Each command's module; those of PLAIN hold commands of the first level, the others one noun each.
COMMANDS = {
    "demo": "demo", "up": "stack", "down": "stack", "status": "stack", "logs": "stack", "doctor": "doctor", "token": "token",
    "sample": "sample", "import": "imports", "agenda": "agenda", "meetings": "meetings", "events": "events", "partners": "partners",
    "deadletters": "deadletters", "db": "db", "topics": "topics", "voices": "voices", "council": "council", "workshops": "workshops",
    "proposals": "proposals", "coverage": "reports", "clocks": "reports", "report": "reports", "vocabularies": "vocabularies",
    "plan": "plan", "index": "index", "views": "views", "themes": "themes",
}  # fmt: skip
SERVICES = {"voices", "council", "workshops", "proposals", "partners"}  # whose methods are commands
# Nouns of the agenda: each is one gRPC service of its package.
AGENDA = {"index": "IndexService", "plan": "PlanService", "themes": "ThemeService", "vocabularies": "VocabularyService"}
PLAIN = {"demo", "stack", "doctor", "token", "reports"}
NAMES = {"imports": "import"}
WITH_VALUE = ("--data", "--as", "--scope")
FLAGS = ("--json", "--quiet", "--no-color")


def root(
    data: Annotated[str | None, typer.Option(metavar="DIR", help="The stack's folder [default: MADANG_DATA, else .local]")] = None,
    acting: Annotated[str, typer.Option("--as", metavar="ROLE[:SUBJECT]", help="Who acts")] = "operator",
    scope: Annotated[list[str] | None, typer.Option(metavar="KIND=ID", help="What a bound role reaches, such as council=ID")] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No notes, no progress")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours")] = False,
) -> None:
    """Madang: where a voice heard in a meeting becomes an item that can be followed.

    These options may stand before or after the command. Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 not allowed, 5 conflict,
    6 unavailable, 78 configuration, 130 stopped.
    """
    actor = Actor.parse(acting, parse_scope(scope or []))
    CURRENT.set(Options(data_folder(data), actor, json, quiet, not no_color))


def app_for(command: str | None) -> typer.Typer:
    """The application with one command only, else with all: `madang status` need not load what only imports need."""
    app = typer.Typer(callback=root, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    modules = [COMMANDS[command]] if command in COMMANDS else dict.fromkeys(COMMANDS.values())
    for module in modules:
        app.add_typer(_commands(module), name=None if module in PLAIN else NAMES.get(module, module))
    return app


def _commands(module: str) -> typer.Typer:
    """A module's commands, and the methods of the service of that name or of its noun."""
    if module not in SERVICES and module not in AGENDA:
        return import_module(f"services.cli.{module}").app  # type: ignore[no-any-return]
    served = ("agenda", AGENDA[module]) if module in AGENDA else (module,)
    app: typer.Typer = import_module(f"services.cli.{module}").app if find_spec(f"services.cli.{module}") else app_of(*served)
    add_methods(app, *served)
    return app


def hoisted(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The root's own options, wherever they were written, and the rest; what follows `--` is left alone."""
    front, rest = [], []
    todo = iter(arguments)
    for argument in todo:
        if argument == "--":
            rest += [argument, *todo]
        elif argument in FLAGS or argument.startswith(tuple(f"{option}=" for option in WITH_VALUE)):
            front.append(argument)
        elif argument in WITH_VALUE:
            front += [argument, *([value] if (value := next(todo, None)) is not None else [])]
        else:
            rest.append(argument)
    return front, rest


def run(arguments: list[str]) -> int:
    """Run one command; answers its exit code."""
    front, rest = hoisted(arguments)
    try:
        answered: Any = app_for(rest[0] if rest else None)(args=front + rest, prog_name="madang", standalone_mode=False)
    except BrokenPipeError:
        sys.stdout = None  # whoever read has gone: nothing more to say, and nothing to flush
        return Exit.OK
    except FORESEEN as error:
        return failed(error, as_json="--json" in front)
    return answered if isinstance(answered, int) else Exit.OK


def main() -> None:
    """The entry point."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
