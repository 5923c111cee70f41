"""Items of OParl meetings: results, documents, and whatever was changed or left is named."""

from pathlib import Path
from typing import Any

import pytest

from madang.council.v1 import agenda_item_pb2
from services.importers.oparl import Source
from services.importers.oparl_results import result_of
from tests.unit.importers.conftest import BASE, ITEM, MEETING, one


def test_items_are_named_by_their_id_and_not_by_their_number(tmp_path: Path, source: Source) -> None:
    items = [ITEM | {"id": f"{BASE}/agendaitems/{n}"} for n in range(3)]
    assert len({item.origin for item in one(tmp_path, source, agendaItem=items).items}) == 3


def test_an_item_without_an_id_has_one_by_its_place(tmp_path: Path, source: Source) -> None:
    request = one(tmp_path, source, agendaItem=[{"name": "eins"}, {"name": "zwei"}])
    assert [item.origin for item in request.items] == [f"{MEETING['id']}#0", f"{MEETING['id']}#1"]


@pytest.mark.parametrize(
    ("item", "code"), [(f"{BASE}/agendaitems/9", "ROW_SHAPE"), (ITEM | {"deleted": True}, "DELETED"), (ITEM, "ROW_REPEATED")]
)
def test_an_item_that_cannot_be_taken_is_named_and_counted(
    tmp_path: Path, source: Source, said: list[tuple[str, str]], item: Any, code: str
) -> None:
    request = one(tmp_path, source, agendaItem=[ITEM, item])
    assert len(request.items) == 1
    assert [(field.partition(".")[0], found) for field, found in said] == [("agendaItem[1]", code)]
    assert (source.items.read, source.items.rejected) == (2, 1)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"name": "zwei\r\nZeilen"}, ("agendaItem[0].name", "LINE_BREAK")),
        ({"name": "ein\x7fs"}, ("agendaItem[0].name", "TEXT_FORBIDDEN_CHAR")),
        ({"name": "Anfrage 900101-1234567"}, ("agendaItem[0].name", "PERSONAL_NUMBER_FOUND")),
        ({"name": " "}, ("agendaItem[0].name", "NAME_REQUIRED")),
        ({"result": "siehe Aushang"}, ("agendaItem[0].result", "RESULT_UNKNOWN")),
        ({"number": "9" * 51}, ("agendaItem[0].number", "TEXT_TOO_LONG")),
    ],
)
def test_what_is_changed_in_an_item_is_said(
    tmp_path: Path, source: Source, said: list[tuple[str, str]], changes: dict[str, Any], wanted: tuple[str, str]
) -> None:
    [item] = one(tmp_path, source, agendaItem=[ITEM | changes]).items
    assert said == [wanted]
    assert not set(item.name) & {"\r", "\n", "\x7f"}


def test_identity_numbers_stay_as_they_are(tmp_path: Path, source: Source) -> None:
    [item] = one(tmp_path, source, agendaItem=[ITEM | {"name": "Anfrage 900101-1234567"}]).items
    assert item.name == "Anfrage 900101-1234567"


def test_a_name_over_2000_characters_is_kept_whole_as_text(tmp_path: Path, source: Source) -> None:
    [item] = one(tmp_path, source, agendaItem=[ITEM | {"name": "lang " * 500}]).items
    assert len(item.name) == 2000
    assert (len(item.text.plain), item.text.language) == (2499, "de")


@pytest.mark.parametrize("order", [None, -1, "3", 2**40])
def test_an_order_that_is_none_is_the_place_in_the_list(tmp_path: Path, source: Source, order: Any) -> None:
    assert one(tmp_path, source, agendaItem=[ITEM | {"order": order}]).items[0].order == 0


def test_only_a_plain_false_makes_an_item_not_public(tmp_path: Path, source: Source) -> None:
    items = [
        {"id": f"{BASE}/i/{n}", "name": "x", **({} if public is None else {"public": public})} for n, public in enumerate([None, 1, False])
    ]
    assert [item.public for item in one(tmp_path, source, agendaItem=items).items] == [True, True, False]


def test_keywords_become_themes_once_each(tmp_path: Path, source: Source) -> None:
    [item] = one(tmp_path, source, agendaItem=[ITEM | {"keyword": ["Wohnen", "Wohnen", "", 3, "x" * 80]}]).items
    assert list(item.themes) == ["Wohnen", "x" * 60]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("einstimmig beschlossen", "ADOPTED"),
        ("ungeändert beschlossen", "ADOPTED"),
        ("zur Kenntnis genommen + mehrheitliche Zustimmung", "ADOPTED"),
        ("geändert beschlossen", "ADOPTED_AMENDED"),
        ("einstimmig zugestimmt zum modifizierten Antrag", "ADOPTED_AMENDED"),
        ("teilweise abgelehnt", "ADOPTED_AMENDED"),
        ("bei Stimmengleichheit abgelehnt", "REJECTED"),
        ("nicht beschlossen", "REJECTED"),
        ("keine Zustimmung", "REJECTED"),
        ("Verwiesen in Ausschuss für Umwelt", "DEFERRED"),
        ("vorberaten mit Änderungen", "DEFERRED"),
        ("mit Stellungnahme einverstanden", "NOTED"),
        ("Kenntnisnahme", "NOTED"),
        ("Antrag zurückgezogen", "WITHDRAWN"),
    ],
)
def test_results_are_understood(text: str, result: str) -> None:
    assert result_of(text) == agenda_item_pb2.ItemResult.Value(f"ITEM_RESULT_{result}")


def test_a_result_that_no_rule_knows_has_none() -> None:
    assert result_of("siehe Dokument") is None


FILE = {
    "id": f"{BASE}/files/1", "type": "https://schema.oparl.org/1.1/File", "name": "Vorlage", "mimeType": "application/pdf",
    "accessUrl": f"{BASE}/downloadfiles/1.pdf",
}  # fmt: skip


def test_papers_and_files_become_documents_of_their_item(tmp_path: Path, source: Source, said: list[tuple[str, str]]) -> None:
    item = ITEM | {
        "consultation": f"{BASE}/consultations/1760",
        "resolutionFile": FILE | {"id": f"{BASE}/files/2", "accessUrl": None, "name": ""},
        "auxiliaryFile": [FILE, FILE, FILE | {"deleted": True, "accessUrl": f"{BASE}/3.pdf"}],
    }
    [taken] = one(tmp_path, source, agendaItem=[item]).items
    assert [(one.name, one.url, one.media_type) for one in taken.documents] == [
        ("consultations/1760", f"{BASE}/consultations/1760", ""),
        ("files/2", f"{BASE}/files/2", "application/pdf"),
        ("Vorlage", f"{BASE}/downloadfiles/1.pdf", "application/pdf"),
    ]
    assert said == []


def test_a_consultation_that_names_its_paper_becomes_the_paper(tmp_path: Path, source: Source) -> None:
    paper = {"id": f"{BASE}/papers/9", "name": "Antrag 2019/0042"}
    [taken] = one(tmp_path, source, agendaItem=[ITEM | {"consultation": {"id": f"{BASE}/consultations/1", "paper": paper}}]).items
    assert [(one.name, one.url) for one in taken.documents] == [("Antrag 2019/0042", f"{BASE}/papers/9")]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://x/1.pdf", "https://x/a b.pdf", "C:/1.pdf"])
def test_a_document_that_is_not_on_the_web_is_named_and_left(
    tmp_path: Path, source: Source, said: list[tuple[str, str]], address: str
) -> None:
    [taken] = one(tmp_path, source, agendaItem=[ITEM | {"auxiliaryFile": [FILE | {"accessUrl": address}]}]).items
    assert not taken.documents
    assert said == [("agendaItem[0].auxiliaryFile", "FORMAT_INVALID")]


def test_more_documents_than_an_item_may_have_are_cut(tmp_path: Path, source: Source, said: list[tuple[str, str]]) -> None:
    files = [FILE | {"accessUrl": f"{BASE}/{number}.pdf"} for number in range(51)]
    [taken] = one(tmp_path, source, agendaItem=[ITEM | {"auxiliaryFile": files}]).items
    assert (len(taken.documents), said) == (50, [("agendaItem[0].auxiliaryFile", "LIST_TOO_LONG")])
