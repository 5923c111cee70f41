"""A service's methods as commands: `madang proposals assign ID --department …` is AssignProposal.

Names, options and help come from the protos, so that a new method is a command at once. `Submit` of the ProposalService is `submit`,
`GetCoverage` is `coverage`, `ListMandates` is `mandates`; what a command is about stands behind it, everything else is an option.
"""

import asyncio
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.json_format import ParseDict, ParseError
from rich.console import Group

from madang.type.v1.text_pb2 import Text
from madang.type.v1.written_pb2 import Written
from services.cli.channels import channel
from services.cli.contracts import ask, comment, methods, names_something, request_class
from services.cli.messages import as_plain, filled, is_map, moment_of, text_of
from services.cli.output import answer, plain, table
from services.kit.ids import new_id

WHOLE = "fields"
ABOUT_WHOLE = "Fields in YAML or JSON, by the JSON mapping of the proto or with codes as answers show them. Options stand above them."
KINDS = {
    FieldDescriptor.TYPE_BOOL: bool, FieldDescriptor.TYPE_INT32: int, FieldDescriptor.TYPE_INT64: int,
    FieldDescriptor.TYPE_UINT32: int, FieldDescriptor.TYPE_DOUBLE: float,
}  # fmt: skip
PLAIN_MESSAGES = {"google.protobuf.Timestamp", Text.DESCRIPTOR.full_name}
MOST_COLUMNS = 8


def app_of(service: str, served: str = "") -> typer.Typer:
    """A noun with nothing but a service's methods."""
    full_name = next(iter(methods(service, served).values())).containing_service.full_name
    return typer.Typer(help=comment(full_name), no_args_is_help=True)


def add_methods(app: typer.Typer, service: str, served: str = "") -> None:
    """Every method of a service, or of one gRPC service of it, as a command of `app`, unless it has one of that name.

    What imports is written by hand: history is taken by `madang import`, files of a noun by its own `import`.
    """
    taken = {item.name or getattr(item.callback, "__name__", "").replace("_", "-") for item in app.registered_commands}
    for name, method in methods(service, served).items():
        command = command_of(method)
        if command not in taken and not method.server_streaming and not name.startswith("Import"):
            app.command(command, help=comment(method.full_name))(_function(service, method))


def command_of(method: MethodDescriptor) -> str:
    """What a method is called on the command line."""
    served = method.containing_service
    main = served.name.removesuffix("Service")
    verb, noun = re.fullmatch(r"(Get|List|)(.+)", method.name).groups()  # type: ignore[union-attr]
    if noun in {main, f"{main}s", f"{main.removesuffix('y')}ies"}:
        return {"Get": "show", "List": "list"}[verb]
    if verb == "List" and f"Get{noun}" in served.methods_by_name:  # a noun without a plural, such as minutes
        return _kebab(method.name)
    return _kebab(noun.removeprefix(main) if verb else noun.removesuffix(main))


def _kebab(name: str) -> str:
    return "-".join(re.findall(r"[A-Z][a-z0-9]*", name)).lower()


def _function(service: str, method: MethodDescriptor) -> Callable[..., None]:
    """A function whose parameters are the fields of the request, as typer reads them."""
    fields = list(parameters(method))

    def run(**given: Any) -> None:
        answer_with(method, asked(service, method.name, request_of(method, given)))

    takes(run, fields)
    return run


def takes(run: Callable[..., None], fields: Sequence[inspect.Parameter]) -> None:
    """Let typer read these parameters off a function that takes any."""
    run.__signature__ = inspect.Signature(fields)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in fields}


def take_in(service: str, name: str, file: Path) -> None:
    """Send a file as the request of one method of a service, and show the reply."""
    method = methods(service)[name]
    answer_with(method, asked(service, name, request_of(method, {WHOLE: str(file)})))


def asked(service: str, name: str, request: Any) -> Any:
    """What one method of a service replies. Raises grpc.aio.AioRpcError."""

    async def work() -> Any:
        async with channel(service) as opened:
            return await ask(opened, methods(service)[name], request)

    return asyncio.run(work())


# -- parameters -------------------------------------------------------------------------------------------------------------------


def parameters(method: MethodDescriptor) -> Iterator[inspect.Parameter]:
    """The fields of a request as parameters that typer reads."""
    fields = method.input_type.fields
    for field in sorted(fields, key=lambda field: not names_something(field)):
        about = comment(f"{method.input_type.full_name}.{field.name}")
        if names_something(field) and not field.is_repeated:
            given: Any = typer.Argument(metavar=field.name.upper(), help=about, show_default=False)
            yield parameter(field.name, Annotated[str, given])
        elif field.is_repeated:
            kind: Any = list[KINDS.get(field.type, str)]  # type: ignore[misc]
            yield parameter(field.name, Annotated[kind | None, _option(field, f"{about} May be given again and again.")], None)
        else:
            yield parameter(field.name, Annotated[KINDS.get(field.type, str) | None, _option(field, about)], None)
    whole: Any = typer.Option("--fields", metavar="FILE|-", help=ABOUT_WHOLE)
    yield parameter(WHOLE, Annotated[str | None, whole], None)


def parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    """A parameter as typer reads it."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _option(field: FieldDescriptor, about: str) -> Any:
    metavar = None
    if field.enum_type:
        about = f"{about} One of {', '.join(_codes(field))}."
    elif field.message_type and field.message_type.full_name not in PLAIN_MESSAGES:
        metavar = "JSON"
    elif field.message_type and field.message_type.full_name == Text.DESCRIPTOR.full_name:
        metavar, about = "[LANGUAGE=]WORDS", f"{about} Korean unless another language stands before it, such as `vi=…`."
    elif field.message_type:
        metavar, about = "TIME", f"{about} Such as `2026-11-26T14:00`, in Seoul unless it says where."
    return typer.Option(f"--{field.name.replace('_', '-')}", metavar=metavar, help=about, show_default=False)


# -- request ----------------------------------------------------------------------------------------------------------------------


def request_of(method: MethodDescriptor, given: dict[str, Any]) -> Any:
    """The request that options and `--fields` make. Raises typer.BadParameter naming the option."""
    whole = given.pop(WHOLE, None)
    request = request_class(method)()
    if whole:
        _fill(request, _read(whole), "--fields")
    for field in method.input_type.fields:
        value = given.get(field.name)
        if value is not None and value != []:
            _fill(request, {field.name: _value(field, value)}, f"--{field.name.replace('_', '-')}")
    if "request_id" in method.input_type.fields_by_name and not request.request_id:
        request.request_id = str(new_id())
    return request


class _Fields(yaml.SafeLoader):
    """YAML whose days and times stay the words that the JSON mapping wants."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - what yaml looks for
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _read(place: str) -> Any:
    try:
        text = sys.stdin.read() if place == "-" else Path(place).read_text(encoding="utf-8")
        found = yaml.load(text, _Fields)  # noqa: S506 - it is a safe loader
    except (yaml.YAMLError, ValueError) as error:  # no UTF-8, or a number of thousands of digits
        raise typer.BadParameter(f"no YAML: {error}", param_hint="--fields") from None
    if not isinstance(found, dict):
        raise typer.BadParameter("no fields: give them as `name: value`", param_hint="--fields")
    return found


def _fill(request: Any, fields: Any, hint: str) -> None:
    try:
        ParseDict(numbered(request.DESCRIPTOR, fields), request)
    except (ParseError, OverflowError) as error:
        raise typer.BadParameter(str(error), param_hint=hint) from None


def numbered(message: Descriptor, fields: Any) -> Any:
    """An object's fields with the number of every code that is written as answers show it."""
    known = {name: field for field in message.fields for name in (field.name, field.json_name)}
    return {name: _inner(known[name], value) if name in known else value for name, value in fields.items()}


def _inner(field: FieldDescriptor, value: Any) -> Any:
    if isinstance(value, list):
        return [_inner(field, item) for item in value]
    if field.enum_type and isinstance(value, str):
        return _codes(field).get(value, value)
    return numbered(field.message_type, value) if field.message_type and isinstance(value, dict) else value


def _value(field: FieldDescriptor, value: Any) -> Any:
    return [_one(field, item) for item in value] if field.is_repeated else _one(field, value)


def _one(field: FieldDescriptor, value: Any) -> Any:
    hint = f"--{field.name.replace('_', '-')}"
    if field.enum_type:
        if value not in _codes(field):
            raise typer.BadParameter(f"{value!r} is none of {', '.join(_codes(field))}", param_hint=hint)
        return _codes(field)[value]
    if field.message_type and field.message_type.full_name == Text.DESCRIPTOR.full_name:
        text = text_of(value)
        return {"language": text.language, "plain": text.plain}
    if field.message_type:
        try:
            return moment_of(value).isoformat() if field.message_type.full_name in PLAIN_MESSAGES else json.loads(value)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint=hint) from None
    return value


def _codes(field: FieldDescriptor) -> dict[str, int]:
    """Our codes of an enumeration with their numbers."""
    assert field.enum_type is not None
    values = field.enum_type.values
    prefix = values[0].name.removesuffix("UNSPECIFIED")
    return {value.name.removeprefix(prefix).lower(): value.number for value in values[1:]}


# -- answer -----------------------------------------------------------------------------------------------------------------------


def answer_with(method: MethodDescriptor, reply: Any) -> None:
    """Show a reply: what was written, a list as a table, anything else field by field."""
    found = as_plain(reply)
    answer(found, lambda: Group(*_shown(method, found)))


def _shown(method: MethodDescriptor, found: dict[str, Any]) -> Iterator[Any]:
    for field in method.output_type.fields:
        value = found[field.name]
        if is_listed(field):
            assert field.message_type is not None, "a list of objects"
            columns = [item.name for item in field.message_type.fields if not item.is_repeated][:MOST_COLUMNS]
            yield table(columns, [[_cell(item[column]) for column in columns] for item in value])
        elif value in (None, "", []):
            continue
        elif field.message_type and field.message_type.full_name == Written.DESCRIPTOR.full_name:
            yield plain(f"{value['id']} revision {value['revision']} version {value['version']}")
        elif isinstance(value, dict):
            yield table(("field", "value"), [(name, _cell(item)) for name, item in filled(value).items()])
        else:
            yield plain(f"{field.name}: {_cell(value)}")


def is_listed(field: FieldDescriptor) -> bool:
    """Whether a field is a list of objects, which is shown as a table."""
    return bool(field.is_repeated and field.message_type and not is_map(field) and field.message_type.full_name not in PLAIN_MESSAGES)


def _cell(value: Any) -> str:
    """A value in a table; what was computed is rounded to four digits, `--json` has all of them."""
    if isinstance(value, float):
        value = round(value, 4)
    return json.dumps(_told(value), ensure_ascii=False) if isinstance(value, dict | list) else "" if value is None else str(value)


def _told(value: Any) -> Any:
    """A value without what an object leaves empty."""
    if isinstance(value, dict):
        return {name: _told(item) for name, item in filled(value).items()}
    return [_told(item) for item in value] if isinstance(value, list) else value
