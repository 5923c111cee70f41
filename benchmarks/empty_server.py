"""python -m benchmarks.empty_server: a grpc.aio server on uvloop whose one method answers at once; prints its port."""

import asyncio
from typing import Any

import grpc
import uvloop

from madang.proposals.v1 import proposals_pb2 as pb
from madang.proposals.v1 import proposals_pb2_grpc


class Empty(proposals_pb2_grpc.ProposalServiceServicer):
    """Does nothing but answer."""

    async def GetProposal(self, request: pb.GetProposalRequest, context: Any) -> pb.GetProposalResponse:  # noqa: ARG002
        return pb.GetProposalResponse()


async def serve() -> None:
    """Until killed."""
    server = grpc.aio.server()
    proposals_pb2_grpc.add_ProposalServiceServicer_to_server(Empty(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve())
