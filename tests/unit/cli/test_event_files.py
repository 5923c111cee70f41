"""Files of events as `madang events` reads them."""

import json
from pathlib import Path

import pytest

from services.cli.event_files import check_sendable, read_events
from services.kit.errors import Refused

EVENT = {"id": "1", "type": "t", "source": "urn:madang:partner:dasan", "subject": "case"}


def written(folder: Path, content: bytes) -> str:
    path = folder / "events.json"
    path.write_bytes(content)
    return str(path)


def test_one_event_is_sent_byte_by_byte_as_it_stands_in_its_file(tmp_path: Path) -> None:
    content = json.dumps(EVENT, indent=7).encode() + b"\n\n"
    (event,) = read_events(written(tmp_path, content))
    assert event.value == content
    assert (event.id, event.partner, event.key) == ("1", "dasan", b"case")


def test_a_list_and_lines_are_events_in_their_order(tmp_path: Path) -> None:
    events = [EVENT | {"id": str(number)} for number in range(3)]
    as_lines = "\n".join(json.dumps(event) for event in events).encode() + b"\n"
    for content in (json.dumps(events).encode(), as_lines):
        assert [event.id for event in read_events(written(tmp_path, content))] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"  \n", "FILE_EMPTY"),
        (b"garbage", "FILE_INVALID"),
        (b"id,title\n1,x\n", "FILE_INVALID"),
        (b"\xff\xfe", "FILE_INVALID"),
        (b"[1]", "FILE_INVALID"),
        (b'{"id": "1"}\n{"id": \n', "FILE_INVALID"),
    ],
)
def test_what_is_no_event_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_events(written(tmp_path, content))
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["id", "type", "source"])
def test_an_event_that_could_never_be_answered_is_not_sent(tmp_path: Path, name: str) -> None:
    content = json.dumps({key: value for key, value in EVENT.items() if key != name}).encode()
    with pytest.raises(Refused) as caught:
        check_sendable(read_events(written(tmp_path, content)))
    assert name in caught.value.message
