"""ThemeService: map, call, map. Its methods are documented in the proto."""

from typing import Any

from madang.agenda.v1 import theme_pb2 as pb
from madang.agenda.v1 import theme_pb2_grpc
from services.agenda.queries.theme import ThemeQueries
from services.agenda.service.theme import Themes
from services.agenda.wire import theme as wire
from services.kit.actor import call_of
from services.kit.ids import id_from
from services.kit.wire import target_from_wire, written_to_wire


class ThemeServicer(theme_pb2_grpc.ThemeServiceServicer):
    """The whole service."""

    def __init__(self, themes: Themes, queries: ThemeQueries) -> None:
        self._themes, self._queries = themes, queries

    async def ListThemes(self, request: pb.ListThemesRequest, context: Any) -> pb.ListThemesResponse:
        themes, token = await self._queries.page(wire.themes_from_wire(request))
        return pb.ListThemesResponse(themes=map(wire.summary_to_wire, themes), next_page_token=token)

    async def GetTheme(self, request: pb.GetThemeRequest, context: Any) -> pb.GetThemeResponse:
        return wire.shown_to_wire(*await self._queries.theme(id_from(request.theme_id, "theme_id")))

    async def DismissTheme(self, request: pb.DismissThemeRequest, context: Any) -> pb.DismissThemeResponse:
        written = await self._themes.dismiss(call_of(context), target_from_wire(request, "theme_id"), request.reason)
        return pb.DismissThemeResponse(written=written_to_wire(written))
