"""OParl meetings and bodies: what is right is taken, and whatever was changed or left is named."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from madang.council.v1 import agenda_item_pb2, meeting_pb2
from services.importers import oparl
from services.importers.oparl import Source
from services.importers.report import Place, Row
from services.kit import validation
from services.kit.errors import Refused
from tests.unit.importers.conftest import BASE, BODY, ITEM, MEETING, file_of, one


def test_a_meeting_becomes_a_request_without_loss(tmp_path: Path, source: Source, said: list[tuple[str, str]]) -> None:
    request = one(tmp_path, source)
    assert (request.origin, request.council_origin, request.name, request.location) == (
        MEETING["id"], BODY["id"], "Sitzung", "Bürgersaal",
    )  # fmt: skip
    assert (request.start.ToJsonString(), request.end.ToJsonString()) == ("2019-05-02T14:00:00Z", "2019-05-02T16:00:00Z")
    assert request.status == meeting_pb2.MEETING_STATUS_CLOSED
    [item] = request.items
    assert (item.origin, item.number, item.order, item.name, item.public) == (ITEM["id"], "1.1", 3, "Sprachkurse", True)
    assert (item.result, item.result_original) == (agenda_item_pb2.ITEM_RESULT_ADOPTED, "einstimmig zugestimmt")
    assert said == []


def shapes() -> Iterator[Any]:
    yield [MEETING]
    yield MEETING
    yield {"data": [MEETING], "links": {}, "pagination": {"totalElements": 1}}
    yield "\n".join(json.dumps(MEETING | {"id": f"{BASE}/meetings/{n}", "agendaItem": []}) for n in range(2))
    yield "\ufeff" + json.dumps([MEETING])


@pytest.mark.parametrize("content", list(shapes()), ids=["list", "object", "page", "lines", "mark"])
def test_every_shape_of_a_file_is_read(tmp_path: Path, source: Source, content: Any) -> None:
    rows = list(oparl.read_meetings(file_of(tmp_path, content), source))
    assert rows
    assert all(isinstance(row, Row) for row in rows)


def test_a_packed_file_is_read_whatever_its_name(tmp_path: Path, source: Source) -> None:
    path = tmp_path / "meetings.json"
    path.write_bytes(gzip.compress(json.dumps([MEETING]).encode()))
    assert [isinstance(row, Row) for row in oparl.read_meetings(path, source)] == [True]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[1, 2", "DECODE_FAILED"),
        ("[" * 100_000, "DECODE_FAILED"),
        ("[" + "1" * 5_000 + "]", "DECODE_FAILED"),
        ('{"petition_idx": "1"}', "FILE_TYPE"),
        ("[]", "FILE_TYPE"),
        ("id;name\n1;Sitzung", "FILE_TYPE"),
    ],
)
def test_a_file_that_is_no_oparl_says_so(tmp_path: Path, source: Source, content: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        list(oparl.read_meetings(file_of(tmp_path, content), source))
    assert refused.value.code == code


def test_broken_json_is_named_by_line_and_column(tmp_path: Path, source: Source) -> None:
    with pytest.raises(Refused, match="line 3, column"):
        list(oparl.read_meetings(file_of(tmp_path, '[\n{"a": 1},\n{"b" 2}]'), source))


def test_a_file_in_another_encoding_is_refused_rather_than_guessed(tmp_path: Path, source: Source) -> None:
    path = tmp_path / "meetings.json"
    path.write_bytes(json.dumps([MEETING | {"name": "Beirat für Größe"}], ensure_ascii=False).encode("latin-1"))
    with pytest.raises(Refused) as refused:
        list(oparl.read_meetings(path, source))
    assert refused.value.code == "ENCODING_INVALID"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (17, "ROW_SHAPE"),
        (MEETING | {"id": None}, "FIELD_REQUIRED"),
        (MEETING | {"id": "\ud800"}, "FIELD_REQUIRED"),
        (MEETING | {"start": None}, "DATE_INVALID"),
        (MEETING | {"start": "2026-02-29T10:00:00+01:00"}, "DATE_INVALID"),
        (MEETING | {"start": "9999-12-31T23:59:59-14:00"}, "DATE_INVALID"),
        (MEETING | {"start": ["2019"]}, "DATE_INVALID"),
        ({"id": MEETING["id"], "type": MEETING["type"], "deleted": True}, "DELETED"),
        (BODY, "TYPE_UNSUPPORTED"),
    ],
)
def test_a_row_that_can_be_no_meeting_is_named_and_the_others_are_taken(tmp_path: Path, source: Source, row: Any, code: str) -> None:
    path = file_of(tmp_path, json.dumps([row, MEETING | {"id": f"{BASE}/meetings/2", "agendaItem": []}]))
    (place, refused), taken = oparl.read_meetings(path, source)  # type: ignore[misc]
    assert (place.row, refused.code) == (1, code)
    assert isinstance(taken, Row)
    assert taken.place == Place("meetings.json", 2, f"{BASE}/meetings/2")


def test_a_meeting_that_comes_twice_is_taken_once(tmp_path: Path, source: Source) -> None:
    first, (place, refused) = oparl.read_meetings(file_of(tmp_path, [MEETING, MEETING]), source)  # type: ignore[misc]
    assert isinstance(first, Row)
    assert (place.row, refused.code) == (2, "ROW_REPEATED")
    assert (source.items.read, source.items.rejected) == (2, 1)


@pytest.mark.parametrize("end", ["2019-05-02T00:00:00+02:00", "2019-05-02T16:00:00+02:00"])
def test_an_end_that_does_not_lie_after_the_start_is_unknown(tmp_path: Path, source: Source, said: list[tuple[str, str]], end: str) -> None:
    assert not one(tmp_path, source, end=end).HasField("end")
    assert said == [("end", "TIME_RANGE")]


STATUSES: list[tuple[dict[str, Any], int, list[str]]] = [
    ({}, meeting_pb2.MEETING_STATUS_CLOSED, []),
    ({"agendaItem": [], "resultsProtocol": {"id": "x"}}, meeting_pb2.MEETING_STATUS_CLOSED, []),
    ({"agendaItem": []}, meeting_pb2.MEETING_STATUS_SCHEDULED, ["STATE_UNKNOWN"]),
    ({"agendaItem": [ITEM | {"result": None}]}, meeting_pb2.MEETING_STATUS_SCHEDULED, ["STATE_UNKNOWN"]),
    ({"agendaItem": [], "meetingState": "durchgeführt"}, meeting_pb2.MEETING_STATUS_CLOSED, []),
    ({"cancelled": True}, meeting_pb2.MEETING_STATUS_CANCELLED, []),
    ({"meetingState": "Abgesagt"}, meeting_pb2.MEETING_STATUS_CANCELLED, []),
    ({"start": "2030-01-01T10:00:00Z", "end": None}, meeting_pb2.MEETING_STATUS_SCHEDULED, []),
    ({"start": "2030-01-01T10:00:00Z", "end": None, "meetingState": "eingeladen"}, meeting_pb2.MEETING_STATUS_INVITED, []),
    ({"start": "2030-01-01T10:00:00Z", "end": None, "meetingState": "durchgeführt"}, meeting_pb2.MEETING_STATUS_SCHEDULED, []),
]


@pytest.mark.parametrize(("changes", "status", "codes"), STATUSES)
def test_a_meeting_was_held_only_where_something_says_so(
    tmp_path: Path, source: Source, said: list[tuple[str, str]], changes: dict[str, Any], status: int, codes: list[str]
) -> None:
    assert one(tmp_path, source, **changes).status == status
    assert [code for _, code in said] == codes


def test_a_body_that_nobody_described_is_made_from_its_id(tmp_path: Path, source: Source, said: list[tuple[str, str]]) -> None:
    first = one(tmp_path, source, organization=[f"{BASE}/organizations/gr/99"])
    [former] = source.former
    assert (former.request.origin, former.request.name, former.request.former) == (first.council_origin, "Former body gr/99", True)
    assert said == [("organization", "BODY_UNKNOWN")]


@pytest.mark.parametrize(
    ("given", "origin"),
    [(BODY["id"], BODY["id"]), ([BODY], BODY["id"]), ([], "oparl.example#unnamed"), (None, "oparl.example#unnamed")],
)
def test_whatever_names_the_body_is_understood(tmp_path: Path, source: Source, given: Any, origin: str) -> None:
    assert one(tmp_path, source, organization=given).council_origin == origin


def test_an_organization_becomes_a_council(tmp_path: Path, source: Source, said: list[tuple[str, str]]) -> None:
    content = [BODY | {"startDate": "2014-01-01", "endDate": "2019-06-30"}, BODY | {"id": "b", "name": None, "shortName": "BR"}]
    rows = [row for row in oparl.read_organizations(file_of(tmp_path, content), source) if isinstance(row, Row)]
    assert [(row.request.name, row.request.term_start, row.request.term_end) for row in rows] == [
        ("Integrationsausschuss", "2014-01-01", "2019-06-30"),
        ("BR", "", ""),
    ]
    assert said == []


def test_a_term_that_ends_before_it_begins_has_no_end(tmp_path: Path, source: Source, said: list[tuple[str, str]]) -> None:
    content = BODY | {"startDate": "2019-06-30", "endDate": "2014-01-01"}
    [row] = oparl.read_organizations(file_of(tmp_path, content), source)
    assert isinstance(row, Row)
    assert (row.request.term_start, row.request.term_end, said) == ("2019-06-30", "", [("endDate", "TIME_RANGE")])


REAL = Path(__file__).parents[4] / "shared" / "data" / "oparl"


@pytest.mark.skipif(not REAL.is_dir(), reason=f"the real meetings are not here: {REAL}")
def test_every_real_meeting_body_and_item_can_be_taken(source: Source) -> None:
    source.bodies.clear()
    bodies = list(oparl.read_organizations(REAL / "organizations.json.gz", source))
    rows = list(oparl.read_meetings(REAL / "meetings-1989-2023.json.gz", source))
    taken = [row for row in [*bodies, *rows, *source.former] if isinstance(row, Row)]
    for row in taken:
        validation.check(row.request)
    assert (len(bodies), len(rows), len(source.former), len(taken)) == (97, 2081, 10, 2188)
    assert (source.items.read, source.items.rejected) == (14545, 0)


def test_memberships_are_references_without_a_name(tmp_path: Path, source: Source, said: list[tuple[str, str]]) -> None:
    person = {"id": f"{BASE}/persons/3", "name": "Erika Mustermann", "familyName": "Mustermann"}
    membership = [
        f"{BASE}/memberships/1",
        {"id": f"{BASE}/memberships/2", "person": person, "role": "Vorsitzende", "startDate": "2019-07-01"},
        {"role": "Mitglied"},
        {"id": f"{BASE}/memberships/4", "deleted": True},
    ]
    body = BODY | {"membership": membership, "classification": "Beratender Ausschuss"}
    [row] = oparl.read_organizations(file_of(tmp_path, body), source)
    assert isinstance(row, Row)
    validation.check(row.request)
    assert row.request.classification == "Beratender Ausschuss"
    assert [(one.ref, one.role, one.start_date) for one in row.request.memberships] == [
        (f"{BASE}/memberships/1", "", ""), (f"{BASE}/persons/3", "Vorsitzende", "2019-07-01"),
    ]  # fmt: skip
    assert b"Mustermann" not in row.request.SerializeToString()
    assert said == [("membership", "FIELD_REQUIRED")]
