"""Requests against the rules in their protos (protovalidate), with our stable codes."""

import protovalidate
from google.protobuf.message import Message

from services.kit.errors import Kind, Refused, Violation
from services.kit.text import normalise

CODES = {
    "required": "FIELD_REQUIRED",
    "string.min_len": "FIELD_REQUIRED",
    "string.max_len": "TEXT_TOO_LONG",
    "string.max_bytes": "TEXT_TOO_LONG",
    "string.uuid": "ID_INVALID",
    "string.uuid_empty": "ID_INVALID",
    "string.pattern": "FORMAT_INVALID",
    "enum.defined_only": "ENUM_UNKNOWN",
    "enum.not_in": "ENUM_UNKNOWN",
    "repeated.max_items": "LIST_TOO_LONG",
    "repeated.min_items": "FIELD_REQUIRED",
    "repeated.unique": "DUPLICATE_ITEM",
}
_validator = protovalidate.Validator()


def check(request: Message) -> None:
    """Bring the texts of a request to NFC and hold it against its rules.

    Raises:
        Refused: INVALID with the first violation's code; every violation is listed with its field.
    """
    normalise(request)
    found = _validator.collect_violations(request)
    if found:
        violations = [_violation(item) for item in found]
        raise Refused(Kind.INVALID, violations[0].code, violations[0].message, violations=violations)


def _violation(found: protovalidate.Violation) -> Violation:
    proto = found.proto
    field = ".".join(_element(element) for element in proto.field.elements) if proto.field else ""
    rule = proto.rule_id
    code = rule if rule.isupper() else CODES.get(rule, "RANGE_INVALID")
    return Violation(field, code, f"{field}: {proto.message}" if field else proto.message)


def _element(element: object) -> str:
    subscript = getattr(element, "subscript", None)
    index = getattr(subscript, "value", None)
    name = str(getattr(element, "field_name", ""))
    return f"{name}[{index}]" if index is not None else name
