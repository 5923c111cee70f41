"""The glossary has every code that people meet, in four languages."""

import re
from pathlib import Path
from typing import Any

import pytest

from madang.agenda.v1 import item_pb2
from madang.council.v1 import agenda_item_pb2, council_pb2, minutes_pb2
from madang.proposals.v1 import proposal_pb2
from madang.type.v1 import vocabulary_pb2
from madang.workshops.v1 import innovation_agenda_pb2

PAGE = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def rows(section: str) -> dict[str, list[str]]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in SECTIONS[section].splitlines() if line.startswith("| ")]
    return {code: words for code, *words in cells[1:]}


@pytest.mark.parametrize(
    ("section", "codes"),
    [
        ("Represented groups", vocabulary_pb2.RepresentedGroup),
        ("Innovation fields", vocabulary_pb2.InnovationField),
        ("Phases of an innovation agenda", innovation_agenda_pb2.Phase),
        ("Where an agenda item stands", item_pb2.AgendaStatus),
        ("What a source is to an item", item_pb2.Relation),
        ("Where a proposal stands", proposal_pb2.ProposalStatus),
        ("Subcommittees of a council", council_pb2.Subcommittee),
        ("What a meeting makes of an item", agenda_item_pb2.ItemResult),
        ("The eight parts of minutes", minutes_pb2.MinutesPart),
    ],
)
def test_every_code_of_the_contracts_stands_in_the_glossary(section: str, codes: Any) -> None:
    prefix = codes.Name(0).removesuffix("UNSPECIFIED")
    assert list(rows(section)) == [name.removeprefix(prefix).lower() for name in codes.keys()[1:]]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_term_has_its_word_in_four_languages(section: str) -> None:
    for code, words in rows(section).items():
        assert len(words) == 4, code
        assert all(words), code
