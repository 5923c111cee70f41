"""Identifiers: new ones rise with time, derived ones are the same for ever."""

from uuid import UUID, uuid5

import uuid_utils.compat

from services.kit.errors import invalid

NAMESPACE = UUID("6b1f7d0c-3a51-5f0e-9d0c-6d6164616e67")


def new_id() -> UUID:
    """A new identifier that sorts by time (UUIDv7, RFC 9562)."""
    return uuid_utils.compat.uuid7()


def derived_id(*parts: str) -> UUID:
    """The identifier that belongs to these parts (UUIDv5): the same parts, the same identifier, on every machine."""
    return uuid5(NAMESPACE, "\x1f".join(parts))


def agenda_id_of(service: str, source_id: UUID | str) -> UUID:
    """A source's id in the agenda store; known before the source itself arrives there."""
    return derived_id("agenda", service, str(source_id))


def id_from(text: str, field: str) -> UUID:
    """An identifier from the wire; refused with ID_INVALID."""
    try:
        return UUID(text)
    except ValueError:
        raise invalid("ID_INVALID", f"{field} is not a UUID", field) from None


def id_or_none(text: str, field: str) -> UUID | None:
    """An identifier from the wire, none for empty; refused with ID_INVALID."""
    return id_from(text, field) if text else None


def id_text(identity: UUID | None) -> str:
    """An identifier as the wire has it, empty for none."""
    return str(identity) if identity else ""
