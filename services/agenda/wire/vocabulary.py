"""Vocabularies as answers have them; they come from a file, so there is no way back."""

from collections.abc import Mapping

from madang.agenda.v1 import vocabulary_pb2 as pb
from services.agenda.wire.label import label_to_wire
from services.kit.vocabularies import Vocabulary


def summaries_to_wire(found: Mapping[str, Vocabulary]) -> pb.ListVocabulariesResponse:
    """Every vocabulary without its codes."""
    summaries = [pb.VocabularySummary(name=name, label=label_to_wire(item.label), codes=len(item.codes)) for name, item in found.items()]
    return pb.ListVocabulariesResponse(vocabularies=summaries)


def vocabulary_to_wire(name: str, found: Vocabulary) -> pb.GetVocabularyResponse:
    """One vocabulary with its codes."""
    codes = [pb.VocabularyCode(code=code, label=label_to_wire(label)) for code, label in found.codes.items()]
    return pb.GetVocabularyResponse(name=name, label=label_to_wire(found.label), codes=codes)
