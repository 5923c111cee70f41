"""Write docs/generated from what is true: state machines, stable codes, event types, methods. With --check only say what is not current."""

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto, FileDescriptorSet, MethodDescriptorProto

from madang.options.v1 import options_pb2
from services.kit.topics import Topic, read_registry
from services.kit.transitions import Transitions

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "generated"
PROTOS = ROOT / "protos"
NOTE = "<!-- Made by scripts/generate_docs.py (`make docs`); change what it is made from. -->\n"


def main() -> None:
    pages = generate()
    if "--check" in sys.argv[1:]:
        if stale := stale_pages(pages):
            sys.exit(f"docs/generated is not current ({', '.join(stale)}); run `make docs`")
        return
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (TARGET / name).write_text(text, encoding="utf-8")


def generate() -> dict[str, str]:
    """Every page by its file name."""
    contracts = Contracts()
    return {"states.md": states(), "errors.md": errors(), "events.md": events(contracts), "methods.md": methods(contracts)}


def stale_pages(pages: dict[str, str]) -> list[str]:
    """The pages that are not on disk as they should be."""
    return [name for name, text in pages.items() if not (TARGET / name).exists() or (TARGET / name).read_text(encoding="utf-8") != text]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


# -- states -----------------------------------------------------------------------------------------------------------------------


def machines() -> list[tuple[str, Transitions[Any]]]:
    """Every table of transitions in a service's domain, with the service's name."""
    found: dict[int, tuple[str, Transitions[Any]]] = {}
    for folder in sorted((ROOT / "services").glob("*/domain*")):
        package = f"services.{folder.parent.name}.domain"
        modules = [importlib.import_module(package)]
        modules += [importlib.import_module(f"{package}.{item.name}") for item in pkgutil.iter_modules(getattr(modules[0], "__path__", []))]
        for module in modules:
            for value in vars(module).values():
                if isinstance(value, Transitions):
                    found[id(value)] = (folder.parent.name, value)
    return sorted(found.values(), key=lambda item: (item[0], item[1].name))


def states() -> str:
    """The state machines as tables and pictures."""
    parts = ["# States\n", "What may follow what. Anything else is refused with `TRANSITION_FORBIDDEN`, naming the states that may.\n"]
    for service, machine in machines():
        pairs = [(state, sorted(nexts)) for state, nexts in machine]
        edges = "".join(f"    {state} --> {after}\n" for state, nexts in pairs for after in nexts)
        last = sorted({after for _, nexts in pairs for after in nexts} - {state for state, nexts in pairs if nexts})
        edges += "".join(f"    {state} --> [*]\n" for state in last)
        rows = [(f"`{state}`", ", ".join(f"`{after}`" for after in nexts)) for state, nexts in pairs if nexts]
        parts += [f"## {service}: {machine.name}\n", f"```mermaid\nstateDiagram-v2\n{edges}```\n", table(["From", "To"], rows)]
    return NOTE + "\n".join(parts)


# -- errors -----------------------------------------------------------------------------------------------------------------------

CODE = re.compile(r"[A-Z]{2,}(?:_[A-Z]+)*")
# Who says a code, and what it means to whoever hears it.
SAYS = {
    "invalid": "INVALID_ARGUMENT",
    "wrong_state": "FAILED_PRECONDITION",
    "not_allowed": "PERMISSION_DENIED",
    "unavailable": "UNAVAILABLE",
    "Refused": "",
    "Violation": "",
    "Unreadable": "dead letter or receipt",
    "Verdict": "receipt",
    "note": "import report",
    "Unsafe": "configuration",
}
KINDS = {
    "INVALID": "INVALID_ARGUMENT", "NOT_FOUND": "NOT_FOUND", "NOT_ALLOWED": "PERMISSION_DENIED", "UNAUTHENTICATED": "UNAUTHENTICATED",
    "CONFLICT": "ABORTED", "STATE": "FAILED_PRECONDITION", "EXISTS": "ALREADY_EXISTS", "EXHAUSTED": "RESOURCE_EXHAUSTED",
    "UNAVAILABLE": "UNAVAILABLE",
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Said:
    """A code where it is said."""

    heard_as: str
    where: str
    message: str


def errors() -> str:
    """Every stable code."""
    found: dict[str, set[Said]] = defaultdict(set)
    for code, said in [*_codes_in_python(), *_codes_in_protos()]:
        found[code].add(said)
    rows = []
    for code, saids in sorted(found.items()):
        heard = ", ".join(sorted({said.heard_as for said in saids if said.heard_as}))
        message = min((said.message for said in saids if said.message), key=lambda text: (text.count("…"), len(text)), default="")
        rows.append((f"`{code}`", heard, message, _places({said.where for said in saids})))
    head = (
        "Codes never change their meaning; programs compare them, people read the message beside them. Over gRPC a code is the `reason` of "
        "`google.rpc.ErrorInfo`, with the field in `BadRequest` where one is to blame.\n"
    )
    return NOTE + "\n".join(["# Stable codes\n", head, table(["Code", "Heard as", "Such as", "Said in"], rows)])


def _places(files: set[str]) -> str:
    """Where a code is said; a rule that many contracts share is not listed file by file."""
    protos = sorted(file for file in files if file.startswith("protos/"))
    listed = sorted(files) if len(protos) <= 2 else sorted(files - set(protos))
    return ", ".join([*(f"`{file}`" for file in listed), *([f"{len(protos)} protos"] if len(protos) > 2 else [])])


def _codes_in_python() -> Iterator[tuple[str, Said]]:
    for path in sorted((ROOT / "services").rglob("*.py")):
        where = str(path.relative_to(ROOT))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _said_by(node, where)
            elif isinstance(node, ast.FunctionDef) and node.name in SAYS:
                yield from _said_by_default(node, where)
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CODES" and isinstance(node.value, ast.Dict):
                rules = zip(node.value.keys, node.value.values, strict=True)
                yield from ((value, Said("INVALID_ARGUMENT", where, f"rule `{rule}`")) for rule, value in map(_pair, rules))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (match := re.match(r"(CONFIG_[A-Z]+): ", node.value)):
                yield match[1], Said("configuration, exit 78", where, "")


def _pair(pair: tuple[Any, Any]) -> tuple[str, str]:
    return str(ast.literal_eval(pair[0])), str(ast.literal_eval(pair[1]))


def _said_by(call: ast.Call, where: str) -> Iterator[tuple[str, Said]]:
    """The codes among a call's first arguments: constants, or the branches of a conditional."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in SAYS:
        return
    arguments = [*call.args[:4], *(keyword.value for keyword in call.keywords if keyword.arg == "code")]
    constants = [item for argument in arguments for item in ast.walk(argument) if isinstance(item, ast.Constant)]
    texts = [_text(argument) for argument in arguments if _text(argument)]
    kind = next((KINDS[item.attr] for item in arguments if isinstance(item, ast.Attribute) and item.attr in KINDS), "")
    for constant in constants:
        if isinstance(constant.value, str) and CODE.fullmatch(constant.value):
            message = next((text for text in texts if " " in text), "")
            yield constant.value, Said(kind or SAYS[name], where, message)


def _said_by_default(function: ast.FunctionDef, where: str) -> Iterator[tuple[str, Said]]:
    """The code that a refusal has where its caller names none."""
    constants = [default.value for default in function.args.defaults if isinstance(default, ast.Constant)]
    yield from ((str(value), Said(SAYS[function.name], where, "")) for value in constants if value and CODE.fullmatch(str(value)))


def _text(node: ast.expr) -> str:
    """A literal, with … for what is put into it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""


def _codes_in_protos() -> Iterator[tuple[str, Said]]:
    """The rules that are written out in CEL."""
    for path in sorted((PROTOS / "madang").rglob("*.proto")):
        rules = re.finditer(r'id: "([A-Z_]+)"\s+message: "([^"]*)"', path.read_text(encoding="utf-8"))
        yield from ((rule[1], Said("INVALID_ARGUMENT", str(path.relative_to(ROOT)), rule[2])) for rule in rules)


# -- contracts --------------------------------------------------------------------------------------------------------------------


class Contracts:
    """Every .proto with its comments, as protoc reads it."""

    def __init__(self) -> None:
        paths = sorted((PROTOS / "madang").rglob("*.proto"))
        with tempfile.NamedTemporaryFile() as out:
            command = [
                sys.executable,
                "-m",
                "grpc_tools.protoc",
                f"-I{PROTOS}",
                f"-o{out.name}",
                "--include_imports",
                "--include_source_info",
            ]
            subprocess.run([*command, *map(str, paths)], check=True)
            self.files: list[FileDescriptorProto] = list(FileDescriptorSet.FromString(Path(out.name).read_bytes()).file)
        self._messages = {f".{file.package}.{message.name}": (file, message) for file in self.files for message in file.message_type}

    def message(self, name: str) -> tuple[FileDescriptorProto, DescriptorProto]:
        """A message by its full name, a dot before it."""
        return self._messages[name]

    def facts(self, package: str) -> list[tuple[FileDescriptorProto, DescriptorProto]]:
        """The messages of a package that are published."""
        return [(file, message) for file in self.files if file.package == package for message in file.message_type if event_type(message)]


def comment(file: FileDescriptorProto, *path: int) -> str:
    """The comment above an element, as one line."""
    found = next((location.leading_comments for location in file.source_code_info.location if list(location.path) == [*path]), "")
    return " ".join(found.split())


def event_type(message: DescriptorProto) -> str:
    return str(message.options.Extensions[options_pb2.event_type])


def fields(file: FileDescriptorProto, message: DescriptorProto) -> Iterator[tuple[str, str, str]]:
    """Name, type and meaning of each field."""
    index = list(file.message_type).index(message)
    for number, field in enumerate(message.field):
        kind = field.type_name.rpartition(".")[2] or field.Type.Name(field.type).removeprefix("TYPE_").lower()
        kind = f"repeated {kind}" if field.label == field.LABEL_REPEATED else kind
        yield f"`{field.name}`", kind, comment(file, 4, index, 2, number)


def events(contracts: Contracts) -> str:
    """Event types by topic, and the states they carry."""
    head = (
        "CloudEvents 1.0 in Kafka's binary mode. A fact carries the whole public state after it (`after`) and when it happened "
        "(`occurred_at`); `ce_sequence` is the aggregate's version, 1..n without a gap. An example of each lies in `protos/examples/`.\n"
    )
    parts = ["# Events\n", head]
    states_carried: dict[str, None] = {}
    for topic in read_registry():
        parts += _topic(contracts, topic, states_carried)
    parts.append("## States that facts carry\n")
    for name in sorted(states_carried):
        file, message = contracts.message(name)
        about = comment(file, 4, list(file.message_type).index(message))
        parts += [f"### {name.removeprefix('.')}\n", f"{about}\n", table(["Field", "Type", "Meaning"], fields(file, message))]
    return NOTE + "\n".join(parts)


def _topic(contracts: Contracts, topic: Topic, states_carried: dict[str, None]) -> list[str]:
    kept = "for ever" if topic.retention == "forever" else topic.retention.replace("d", " days")
    readers = ", ".join(f"`{name}`" for name in topic.consumers)
    about = f"{topic.description} Owner: {topic.owner}. Read by: {readers}. Key: {topic.key}. Kept: {kept}.\n"
    package = topic.messages if topic.messages.startswith("madang.events.") else ""
    package = package or ("madang.events.partners.v1" if ".inbox." in topic.name else "")
    rows = []
    for file, message in contracts.facts(package):
        after = next((field.type_name for field in message.field if field.name == "after"), "")
        if after:
            states_carried[after] = None
        more = [f"{name}: {meaning}" for name, _, meaning in fields(file, message) if name not in {"`after`", "`occurred_at`"}]
        meaning = comment(file, 4, list(file.message_type).index(message))
        rows.append((f"`{event_type(message)}`", meaning, after.rpartition(".")[2], " ".join(more)))
    listed = table(["Type", "What happened", "State after it", "Besides"], rows) if rows else f"Content: {topic.messages}.\n"
    return [f"## `{topic.name}`\n", about, listed]


def methods(contracts: Contracts) -> str:
    """Who may call what."""
    roles = [name for number, name in sorted((number, name) for name, number in options_pb2.Role.items()) if number]
    heads = [name.removeprefix("ROLE_").lower().replace("_", " ") for name in roles]
    head = (
        "Read from the policy of each method; a method without one is not served. *Bound to*: what a secretary's council, an aide's "
        "mandate or an officer's department is compared with; what lies beyond it answers `NOT_FOUND`.\n"
    )
    parts = ["# Methods and who may call them\n", head]
    for file in contracts.files:
        for index, service in enumerate(file.service):
            rows = [
                _method(method, comment(file, 6, index, 2, number), [options_pb2.Role.Value(name) for name in roles])
                for number, method in enumerate(service.method)
            ]
            parts += [
                f"## {file.package}.{service.name}\n",
                f"{comment(file, 6, index)}\n",
                table(["Method", "Does", *heads, "Bound to"], rows),
            ]
    return NOTE + "\n".join(parts)


def _method(method: MethodDescriptorProto, about: str, roles: list[int]) -> list[str]:
    policy = method.options.Extensions[options_pb2.policy]
    bound = options_pb2.Scope.Name(policy.object).removeprefix("SCOPE_").lower() if policy.object else ""
    return [f"`{method.name}`", about, *("●" if role in policy.roles else "" for role in roles), bound]


if __name__ == "__main__":
    main()
