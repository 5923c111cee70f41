"""Calls to the agenda."""

from functools import cached_property
from typing import Any

from madang.agenda.v1 import agenda_pb2, agenda_pb2_grpc
from madang.council.v1 import item_messages_pb2 as pb
from services.kit.grpc_client import Caller, open_channel


class AgendaClient:
    """Asked what the next meeting could take up."""

    def __init__(self, address: str, caller: Caller) -> None:
        self._address, self._caller = address, caller

    @cached_property
    def _agenda(self) -> agenda_pb2_grpc.AgendaServiceStub:
        """Made when it is first used: a channel belongs to the loop that runs."""
        return agenda_pb2_grpc.AgendaServiceStub(open_channel(self._address))

    async def candidates(self, most: int, *, group: Any = 0, theme: str = "") -> list[pb.Candidate]:
        """What the agenda holds undecided, newest first. Raises what the agenda refuses, or grpc.aio.AioRpcError."""
        question = agenda_pb2.ListCandidatesRequest(group=group, theme=theme, page_size=most)
        answer = await self._caller.ask(self._agenda.ListCandidates, question)
        return [
            pb.Candidate(
                agenda_id=item.agenda_id, title=item.title, summary=item.summary, represented_groups=item.represented_groups,
                themes=item.themes, first_raised_at=item.first_raised_at,
            )
            for item in answer.items
        ]  # fmt: skip
