"""The event types of a proto package, found through its descriptors."""

from collections.abc import Iterator
from types import ModuleType

from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from madang.options.v1 import options_pb2


def event_type_of(message: Message | type[Message]) -> str:
    """The CloudEvents type under which a message is published; empty for what is no fact."""
    return str(message.DESCRIPTOR.GetOptions().Extensions[options_pb2.event_type])


class EventTypes:
    """Which message a CloudEvents type names."""

    def __init__(self, *modules: ModuleType) -> None:
        self._classes = {
            event_type: GetMessageClass(descriptor)
            for module in modules
            for descriptor in module.DESCRIPTOR.message_types_by_name.values()
            if (event_type := str(descriptor.GetOptions().Extensions[options_pb2.event_type]))
        }

    def __contains__(self, event_type: object) -> bool:
        return event_type in self._classes

    def __getitem__(self, event_type: str) -> type[Message]:
        return self._classes[event_type]

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)
