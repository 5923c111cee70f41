"""VocabularyService: look up, map."""

from typing import Any

from madang.agenda.v1 import vocabulary_pb2 as pb
from madang.agenda.v1 import vocabulary_pb2_grpc
from services.agenda.wire.vocabulary import summaries_to_wire, vocabulary_to_wire
from services.kit.vocabularies import vocabularies, vocabulary


class VocabularyServicer(vocabulary_pb2_grpc.VocabularyServiceServicer):
    """The whole service."""

    async def ListVocabularies(self, request: pb.ListVocabulariesRequest, context: Any) -> pb.ListVocabulariesResponse:
        return summaries_to_wire(vocabularies())

    async def GetVocabulary(self, request: pb.GetVocabularyRequest, context: Any) -> pb.GetVocabularyResponse:
        return vocabulary_to_wire(request.name, vocabulary(request.name))
