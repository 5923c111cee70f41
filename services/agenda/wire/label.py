"""What things are called."""

from madang.agenda.v1 import label_pb2
from services.kit.text import Label, one_line


def label_to_wire(label: Label) -> label_pb2.Label:
    """A label."""
    return label_pb2.Label(ko=label.ko, en=label.en, zh=label.zh, vi=label.vi)


def label_from_wire(message: label_pb2.Label) -> Label:
    """A label, each language on one line."""
    return Label(one_line(message.ko), one_line(message.en), one_line(message.zh), one_line(message.vi))
