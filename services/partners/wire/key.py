"""Keys on the wire."""

from madang.partners.v1 import key_messages_pb2, key_pb2
from services.kit.ids import id_text
from services.kit.wire import EnumWire, page_from_wire, time_to_wire
from services.partners.domain.key import Key, KeyStatus
from services.partners.queries import KeyListing

STATUSES = EnumWire(key_pb2.KeyStatus, KeyStatus)


def key_to_wire(key: Key) -> key_pb2.Key:
    """A key, without its secret and without the hash of it."""
    return key_pb2.Key(
        key_id=str(key.id), partner=key.partner, label=key.label, status=STATUSES.to_wire(key.status), made_at=time_to_wire(key.made_at),
        ends_at=time_to_wire(key.ends_at), replaces=id_text(key.replaces),
    )  # fmt: skip


def listing_from_wire(request: key_messages_pb2.ListKeysRequest) -> KeyListing:
    """Which keys are asked for."""
    return KeyListing(page_from_wire(request), request.partner or None, STATUSES.optional(request.status, "status"))
