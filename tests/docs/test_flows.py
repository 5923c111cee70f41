"""The pages that explain the house name only what is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from services.kit.topics import read_registry
from services.local.processes import PROCESSES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [DOCS / "architecture.md", DOCS / "flows.md", *sorted((DOCS / "adr").glob("*.md"))]
SPAN = re.compile(r"`([^`\n]+)`")
FUNCTION = re.compile(r"(?:\w+\.)?\w+\(\)")
FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)+\.(?:py|sql|proto|md|yml|yaml)")


@cache
def names_in(path: Path) -> set[str]:
    """What a file defines: functions, methods by their class, SQL functions."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sql":
        return set(re.findall(r"CREATE FUNCTION (\w+)", text))
    found = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{item.name}" for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)}
    return found


def missing_names(page: Path) -> list[str]:
    """Functions that are in none of the files which their hop or paragraph names."""
    missing = []
    for line in page.read_text(encoding="utf-8").splitlines():
        spans = SPAN.findall(line)
        files = [ROOT / span for span in spans if FILE.fullmatch(span) and Path(span).suffix in {".py", ".sql"}]
        known = set().union(*map(names_in, files))
        missing += [span for span in spans if FUNCTION.fullmatch(span) and span.removesuffix("()") not in known]
    return missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = {span for span in SPAN.findall(page.read_text(encoding="utf-8")) if FILE.fullmatch(span)}
    assert not [name for name in named if not (ROOT / name).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_function_that_a_page_names_is_in_a_file_named_beside_it(page: Path) -> None:
    assert not missing_names(page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]


def test_every_flow_and_decision_that_the_code_refers_to_is_written() -> None:
    sources = [path for path in (ROOT / "services").rglob("*.*") if path.suffix in {".py", ".sql"}]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    headings = re.findall(r"^## (.+)$", (DOCS / "flows.md").read_text(encoding="utf-8"), re.MULTILINE)
    flows, decisions = re.findall(r'docs/flows\.md, "([^"]+)"', text), re.findall(r"ADR (\d{4})", text)
    assert flows
    assert decisions
    assert set(flows) <= set(headings)
    assert set(decisions) <= {page.stem[:4] for page in (DOCS / "adr").glob("*.md")}


def test_the_architecture_names_every_process_and_every_topic() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert not [process.name for process in PROCESSES if f"| `{process.name}` |" not in text]
    assert not [process.database for process in PROCESSES if process.database not in text]
    assert not [topic.name for topic in read_registry() if f"| `{topic.name}` |" not in text]


def test_a_name_that_is_not_there_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("`services/kit/write.py` `Log.once()` and `Log.twice()`", encoding="utf-8")
    assert missing_names(page) == ["Log.twice()"]
