"""Up to when an answer is complete, and which moment it is about."""

from datetime import datetime, timedelta

from google.protobuf.timestamp_pb2 import Timestamp

from madang.agenda.v1 import agenda_pb2 as pb
from services.agenda.projection.freshness import Freshness
from services.kit.errors import invalid
from services.kit.wire import time_or_none, time_to_wire

APART = timedelta(minutes=1)  # how far clocks of machines may differ


def freshness_to_wire(freshness: Freshness) -> pb.Freshness:
    """Up to when an answer is complete."""
    return pb.Freshness(
        as_of=time_to_wire(freshness.as_of), lag_ms=freshness.lag // timedelta(milliseconds=1), stale=freshness.is_stale
    )  # fmt: skip


def as_of_from_wire(message: Timestamp, now: datetime) -> datetime | None:
    """The moment that a question is about, none for the present. Raises Refused: TIME_RANGE, for one that is still to come too."""
    as_of = time_or_none(message, "as_of")
    if as_of and as_of > now + APART:
        raise invalid("TIME_RANGE", "as_of is still to come", "as_of")
    return as_of
