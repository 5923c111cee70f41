"""Saved views on the command line."""

import json

import pytest

from madang.agenda.v1 import view_pb2
from madang.type.v1 import written_pb2
from services.cli.__main__ import run
from services.cli.exits import Exit
from tests.unit.cli.conftest import Wire


@pytest.mark.parametrize("arguments", [["views", "remove", "길"], ["views", "remove", "길", "--etag", "3", "--json"]])
def test_a_view_is_removed_by_its_name(wire: Wire, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    wire.answers["RemoveView"] = view_pb2.RemoveViewResponse(written=written_pb2.Written(id="길", revision=4))
    assert run(arguments) == Exit.OK
    assert (wire.last.name, wire.last.etag, bool(wire.last.request_id)) == ("길", 3 if "--etag" in arguments else 0, True)
    told = capsys.readouterr().out
    assert (json.loads(told)["name"] if "--json" in arguments else told) == ("길" if "--json" in arguments else "길 is removed\n")
