"""The glossary has every code that people meet, in four languages."""

import re
from pathlib import Path
from typing import Any

import pytest

from madang.agenda.v1 import index_pb2, item_pb2, theme_pb2
from madang.council.v1 import agenda_item_pb2, council_pb2, minutes_pb2, suggestion_pb2, translation_pb2
from madang.proposals.v1 import proposal_pb2, town_project_pb2
from madang.type.v1 import vocabulary_pb2
from madang.workshops.v1 import diffusion_case_pb2, innovation_agenda_pb2, participant_sector_pb2, routing_rule_pb2, workshop_pb2
from services.kit.vocabularies import vocabularies

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
        ("Sectors of participants and advisers", participant_sector_pb2.ParticipantSector),
        ("What a workshop brings forth", workshop_pb2.OutputKind),
        ("Who takes an innovation over", diffusion_case_pb2.AdopterKind),
        ("What the routing rule tells apart", routing_rule_pb2.RoutingSituation),
        ("Where an agenda item stands", item_pb2.AgendaStatus),
        ("Where a theme stands", theme_pb2.ThemeStatus),
        ("What a source is to an item", item_pb2.Relation),
        ("Where a proposal stands", proposal_pb2.ProposalStatus),
        ("Kinds of town projects", town_project_pb2.TownProjectType),
        ("Where a town project stands", town_project_pb2.TownProjectStatus),
        ("Subcommittees of a council", council_pb2.Subcommittee),
        ("What a meeting makes of an item", agenda_item_pb2.ItemResult),
        ("The eight parts of minutes", minutes_pb2.MinutesPart),
        ("Where minutes stand", minutes_pb2.MinutesStatus),
        ("Where a suggestion stands", suggestion_pb2.SuggestionStatus),
        ("Where a translation stands", translation_pb2.TranslationStatus),
        ("How far a passage is closed", minutes_pb2.DisclosureLevel),
        ("Why a value fell below 100", index_pb2.IndexReviewCause),
    ],
)
def test_every_code_of_the_contracts_stands_in_the_glossary(section: str, codes: Any) -> None:
    prefix = codes.Name(0).removesuffix("UNSPECIFIED")
    assert list(rows(section)) == [name.removeprefix(prefix).lower() for name in codes.keys()[1:]]
    labels = vocabularies()[re.sub(r"(?<=[a-z])(?=[A-Z])", "_", codes.DESCRIPTOR.name).lower()].codes
    assert rows(section) == {code: [label.ko, label.en, label.zh, label.vi] for code, label in labels.items()}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_term_has_its_word_in_four_languages(section: str) -> None:
    for code, words in rows(section).items():
        assert len(words) == 4, code
        assert all(words), code
