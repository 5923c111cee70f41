"""Words and their private spans on the wire."""

from collections.abc import Iterable

from madang.council.v1 import minutes_pb2
from madang.type.v1.text_pb2 import Text as TextMessage
from services.council.domain.passage import DisclosureLevel, Passage, Span
from services.kit.wire import EnumWire, text_from_wire

LEVELS = EnumWire(minutes_pb2.DisclosureLevel, DisclosureLevel)


def spans_to_wire(spans: Iterable[Span]) -> list[minutes_pb2.PrivateSpan]:
    """Private spans as the council's own people see them."""
    return [minutes_pb2.PrivateSpan(start=span.start, end=span.end, level=LEVELS.to_wire(span.level), clause=span.clause) for span in spans]


def spans_from_wire(messages: Iterable[minutes_pb2.PrivateSpan]) -> tuple[Span, ...]:
    """Private spans as they are given."""
    return tuple(
        Span(message.start, message.end, LEVELS.from_wire(message.level, f"spans[{index}].level"), message.clause)
        for index, message in enumerate(messages)
    )


def passage_from_wire(text: TextMessage, spans: Iterable[minutes_pb2.PrivateSpan]) -> Passage:
    """Words with their private spans."""
    return Passage(text_from_wire(text), spans_from_wire(spans))
