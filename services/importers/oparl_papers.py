"""Papers and memberships of OParl 1.0 and 1.1, as references: documents by where they lie, people by nothing but an id."""

from collections.abc import Iterator
from typing import Any

from madang.council.v1 import agenda_item_pb2
from madang.council.v1 import council_messages_pb2 as councils
from services.importers.oparl_fields import at_end, day_of, identity_of, line_of, list_of
from services.importers.texts import Note

MOST_DOCUMENTS, MOST_MEMBERSHIPS = 50, 2000
FILES = ("resolutionFile", "auxiliaryFile")


def documents_of(item: dict[str, Any], note: Note) -> list[agenda_item_pb2.Document]:
    """The paper that an item is about, and its files, each address once."""
    found = {document.url: document for document in _documents(item, note)}
    if len(found) > MOST_DOCUMENTS:
        note("auxiliaryFile", "LIST_TOO_LONG", f"{len(found)} documents; the first {MOST_DOCUMENTS} were taken")
    return list(found.values())[:MOST_DOCUMENTS]


def _documents(item: dict[str, Any], note: Note) -> Iterator[agenda_item_pb2.Document]:
    for consultation in list_of(item.get("consultation")):
        paper = consultation.get("paper") if isinstance(consultation, dict) else None
        yield from _document(paper or consultation, "consultation", note)
    for name in FILES:
        for file in list_of(item.get(name)):
            yield from _document(file, name, note)


def _document(given: Any, name: str, note: Note) -> Iterator[agenda_item_pb2.Document]:
    """A paper or file, by itself or only referred to; none where it is deleted or lies nowhere."""
    value = given if isinstance(given, dict) else {}
    if value.get("deleted") is True:
        return
    address = identity_of(value.get("accessUrl")) or identity_of(given)
    if address is None or not address.startswith(("https://", "http://")) or " " in address:
        note(name, "FORMAT_INVALID", "a document without an address of its own; not taken")
        return
    called = line_of(value, "name", 500, note) or line_of(value, "fileName", 500, note) or at_end(address)[:500]
    yield agenda_item_pb2.Document(name=called, url=address, media_type=line_of(value, "mimeType", 100, note))


def memberships_of(organization: dict[str, Any], note: Note) -> list[councils.ArchivedMembership]:
    """The memberships of a body; of a person nothing is taken but the id."""
    given = [one for each in list_of(organization.get("membership")) for one in _membership(each, note)]
    found = {one.SerializeToString(): one for one in given}
    if len(found) > MOST_MEMBERSHIPS:
        note("membership", "LIST_TOO_LONG", f"{len(found)} memberships; the first {MOST_MEMBERSHIPS} were taken")
    return list(found.values())[:MOST_MEMBERSHIPS]


def _membership(given: Any, note: Note) -> Iterator[councils.ArchivedMembership]:
    value = given if isinstance(given, dict) else {}
    if value.get("deleted") is True:
        return
    ref = identity_of(value.get("person")) or identity_of(given)
    if ref is None:
        note("membership", "FIELD_REQUIRED", "a membership without an id; not taken")
        return
    start, end = day_of(value, "startDate", note), day_of(value, "endDate", note)
    yield councils.ArchivedMembership(ref=ref, role=line_of(value, "role", 300, note), start_date=str(start or ""), end_date=str(end or ""))
