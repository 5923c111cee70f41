"""Up to when an answer is complete."""

from datetime import timedelta

from madang.agenda.v1 import agenda_pb2 as pb
from services.agenda.projection.freshness import Freshness
from services.kit.wire import time_to_wire


def freshness_to_wire(freshness: Freshness) -> pb.Freshness:
    """Up to when an answer is complete."""
    return pb.Freshness(
        as_of=time_to_wire(freshness.as_of), lag_ms=freshness.lag // timedelta(milliseconds=1), stale=freshness.is_stale
    )  # fmt: skip
