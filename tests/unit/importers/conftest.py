"""OParl meetings and items as an archive writes them, and what is said of them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.importers import oparl
from services.importers.oparl import Source
from services.importers.report import Row
from services.kit import validation

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BASE = "https://oparl.example/bodies/1"
BODY = {"id": f"{BASE}/organizations/gr/7", "type": "https://schema.oparl.org/1.1/Organization", "name": "Integrationsausschuss"}
ITEM = {
    "id": f"{BASE}/agendaitems/1", "type": "https://schema.oparl.org/1.1/AgendaItem", "number": "1.1", "order": 3,
    "name": "Sprachkurse", "public": True, "result": "einstimmig zugestimmt",
}  # fmt: skip
MEETING = {
    "id": f"{BASE}/meetings/1", "type": "https://schema.oparl.org/1.1/Meeting", "name": "Sitzung", "organization": [BODY["id"]],
    "start": "2019-05-02T16:00:00+02:00", "end": "2019-05-02T18:00:00+02:00", "location": {"description": "Bürgersaal"},
    "agendaItem": [ITEM],
}  # fmt: skip


@pytest.fixture
def said() -> list[tuple[str, str]]:
    """What was said of the rows, as (field, code)."""
    return []


@pytest.fixture
def source(said: list[tuple[str, str]]) -> Source:
    return Source(lambda _place, field, code, _reason: said.append((field, code)), "de", NOW, bodies={str(BODY["id"])})


def file_of(folder: Path, content: Any, name: str = "meetings.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False))
    return path


def one(folder: Path, source: Source, **changes: Any) -> Any:
    """The request of one meeting with these changes."""
    [row] = oparl.read_meetings(file_of(folder, [MEETING | changes]), source)
    assert isinstance(row, Row), row[1].code
    validation.check(row.request)
    return row.request
