"""The facts that make the store: topics, event types, and the code of an enumeration's number."""

from google.protobuf.message import Message

from madang.events.agenda.v1 import agenda_pb2 as agenda_events
from madang.events.agenda.v1 import index_pb2 as index_events
from madang.events.agenda.v1 import plan_pb2 as plan_events
from madang.events.agenda.v1 import theme_pb2 as theme_events
from madang.events.council.v1 import council_pb2 as council_events
from madang.events.proposals.v1 import proposals_pb2 as proposals_events
from madang.events.voices.v1 import voices_pb2 as voices_events
from madang.events.workshops.v1 import workshops_pb2 as workshops_events
from services.kit.contracts import EventTypes

SERVICES = ("voices", "council", "workshops", "proposals", "agenda")
TYPES = EventTypes(
    voices_events, council_events, workshops_events, proposals_events, agenda_events, plan_events, index_events, theme_events
)


def topic_of(service: str) -> str:
    """Where a service publishes."""
    return f"madang.{service}.facts.v1"


TOPICS = tuple(topic_of(service) for service in SERVICES)


def codes_in(message: Message, field: str) -> list[str]:
    """What stands in an enumeration's field as our codes (`IN_PROGRESS` behind its prefix is `in_progress`).

    A number that is not known here, from a newer service, is left out, and so is zero.
    """
    value = getattr(message, field)
    enum = message.DESCRIPTOR.fields_by_name[field].enum_type
    assert enum is not None, f"{field} is no enumeration"
    known, prefix = enum.values_by_number, enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    numbers = (value,) if isinstance(value, int) else value
    return [known[number].name.removeprefix(prefix).lower() for number in numbers if number and number in known]


def code_in(message: Message, field: str) -> str:
    """The one code in a field, empty for none."""
    return next(iter(codes_in(message, field)), "")
