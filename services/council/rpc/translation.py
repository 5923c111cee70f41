"""Methods on translations."""

from typing import Any

from madang.council.v1 import translation_messages_pb2 as pb
from services.council.domain.minutes import MinutesPart
from services.council.queries.reader import is_insider
from services.council.rpc.parts import Methods
from services.council.wire import translation as wire
from services.council.wire.minutes import PARTS
from services.council.wire.passage import passage_from_wire
from services.kit.actor import call_of
from services.kit.ids import id_from
from services.kit.wire import target_from_wire, written_to_wire


class TranslationMethods(Methods):
    """Translations of minutes."""

    async def StartTranslation(self, request: pb.StartTranslationRequest, context: Any) -> pb.StartTranslationResponse:
        minutes_id, status = id_from(request.minutes_id, "minutes_id"), wire.begun_as(request)
        written = await self._parts.translations.start(call_of(context), minutes_id, request.language, status)
        return pb.StartTranslationResponse(written=written_to_wire(written))

    async def WriteTranslationPart(self, request: pb.WriteTranslationPartRequest, context: Any) -> pb.WriteTranslationPartResponse:
        part, passage = PARTS.from_wire(request.part.part, "part.part"), passage_from_wire(request.part.text, request.part.spans)
        written = await self._parts.translations.write(call_of(context), target_from_wire(request, "translation_id"), part, passage)
        return pb.WriteTranslationPartResponse(written=written_to_wire(written))

    async def ReviewTranslation(self, request: pb.ReviewTranslationRequest, context: Any) -> pb.ReviewTranslationResponse:
        written = await self._parts.translations.review(call_of(context), target_from_wire(request, "translation_id"))
        return pb.ReviewTranslationResponse(written=written_to_wire(written))

    async def MakeTranslationOfficial(self, request: pb.MakeTranslationOfficialRequest, context: Any) -> pb.MakeTranslationOfficialResponse:
        written = await self._parts.translations.make_official(call_of(context), target_from_wire(request, "translation_id"))
        return pb.MakeTranslationOfficialResponse(written=written_to_wire(written))

    async def GetTranslation(self, request: pb.GetTranslationRequest, context: Any) -> pb.GetTranslationResponse:
        translation_id, actor = id_from(request.translation_id, "translation_id"), call_of(context).actor
        found, source, written = await self._parts.queries.translation(actor, translation_id)
        whole = is_insider(actor, found.owner)
        shown = wire.standing_to_wire(found, found.changed_parts(source), MinutesPart, whole=whole)
        return pb.GetTranslationResponse(translation=shown, written=written_to_wire(written))

    async def ListTranslations(self, request: pb.ListTranslationsRequest, context: Any) -> pb.ListTranslationsResponse:
        found, token = await self._parts.queries.translations(call_of(context).actor, wire.listing_from_wire(request))
        shown = [wire.standing_to_wire(one, one.changed_parts(source), ()) for one, source in found]
        return pb.ListTranslationsResponse(translations=shown, next_page_token=token)
