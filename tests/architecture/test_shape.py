"""The house keeps its shape: the same files in every service, short functions, no forgotten rooms."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("voices", "council", "workshops", "proposals", "partners", "agenda")
SOURCES = ("voices", "council", "workshops", "proposals")
EVERY = ("__init__", "__main__", "app", "domain", "events", "service", "store", "wire", "rpc", "queries")
KNOWN = {*EVERY, "settings", "clients", "intake", "migrations", "__pycache__"}


def python_files() -> list[Path]:
    return sorted((ROOT / "services").rglob("*.py"))


def functions() -> list[tuple[str, int]]:
    found = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1)]
    return found


def names(service: str) -> set[str]:
    return {path.stem for path in (ROOT / "services" / service).iterdir()}


@pytest.mark.parametrize("service", SOURCES)
def test_every_source_service_answers_the_same_question_in_the_same_file(service: str) -> None:
    assert set(EVERY) <= names(service)


@pytest.mark.parametrize("service", SOURCES)
def test_no_source_service_has_a_room_of_its_own_making(service: str) -> None:
    assert names(service) <= KNOWN


def test_functions_stay_short() -> None:
    lengths = sorted(length for _, length in functions())
    assert lengths[int(len(lengths) * 0.9)] <= 25
    assert not [name for name, length in functions() if length > 50]


def test_no_file_outgrows_350_lines() -> None:
    assert not [str(path.relative_to(ROOT)) for path in python_files() if path.read_text().count("\n") > 350]


def test_main_modules_only_start_things() -> None:
    for service in SERVICES:
        assert (ROOT / "services" / service / "__main__.py").read_text().count("\n") <= 40


def test_nothing_is_called_utils() -> None:
    assert not [path for path in python_files() if path.stem in {"utils", "common", "helpers", "misc"}]
