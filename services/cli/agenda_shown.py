"""The agenda's answers as JSON and as tables."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import typer
from google.protobuf.timestamp_pb2 import Timestamp

from madang.agenda.v1 import agenda_pb2 as pb
from madang.agenda.v1 import item_pb2, suggestion_pb2
from madang.type.v1 import vocabulary_pb2, written_pb2
from services.cli.output import table
from services.kit.clock import SEOUL

WIDE = 60


def code(enum: Any, number: int) -> str:
    """Our code for a number of an enumeration (`IN_PROGRESS` behind its prefix is `in_progress`), empty for zero."""
    return str(enum.Name(number).removeprefix(_prefix(enum)).lower()) if number else ""


def number(enum: Any, given: str, option: str) -> Any:
    """The number of a code. Raises typer.BadParameter, naming the codes there are."""
    known = {code(enum, value): value for value in enum.values() if value}
    if given and given not in known:
        raise typer.BadParameter(f"{given!r} is none of {', '.join(known)}", param_hint=option)
    return known.get(given, 0)


def item(found: pb.AgendaItem) -> dict[str, Any]:
    """An item."""
    return {
        "agenda_id": found.agenda_id, "title": found.title, "status": code(item_pb2.AgendaStatus, found.status), "owner": found.owner,
        "sources": [source(each) for each in found.sources], "first_raised_at": moment(found, "first_raised_at"),
        "last_event_at": moment(found, "last_event_at"), "due_on": found.due_on or None, "summary": found.summary,
        "represented_groups": [code(vocabulary_pb2.RepresentedGroup, each) for each in found.represented_groups],
        "themes": list(found.themes), "innovation_fields": [code(vocabulary_pb2.InnovationField, each) for each in found.innovation_fields],
        "district_codes": list(found.district_codes), "languages": list(found.languages), "part_of": found.part_of or None,
        "split_from": found.split_from or None, "plan_tasks": list(found.plan_tasks), "owned_at": moment(found, "owned_at"),
        "answered_at": moment(found, "answered_at"), "decided_at": moment(found, "decided_at"),
        "measured_at": moment(found, "measured_at"), "version": found.version,
    }  # fmt: skip


def source(found: pb.ItemSource) -> dict[str, Any]:
    """A source of an item."""
    return {
        "service": code(vocabulary_pb2.SourceService, found.service), "source_id": found.source_id,
        "relation": code(item_pb2.Relation, found.relation), "title": found.title, "status": found.status,
        "confidence": found.confidence, "raised_at": moment(found, "raised_at"), "agenda_id": found.agenda_id,
    }  # fmt: skip


def words(decision: item_pb2.AgendaDecision, field: str) -> dict[str, Any] | None:
    """An answer, or the word before it, none where there is none."""
    said: item_pb2.ItemAnswer = getattr(decision, field)
    texts = {text.language: text.plain for text in said.texts}
    return {"texts": texts, "department": said.department, "at": moment(said, "answered_at")} if texts else None


def suggestion(found: suggestion_pb2.Suggestion) -> dict[str, Any]:
    """An item that may be about the same."""
    return {
        "agenda_id": found.agenda_id, "score": found.score, "words": list(found.words), "title": found.title,
        "status": code(item_pb2.AgendaStatus, found.status), "owner": found.owner,
        "services": [code(vocabulary_pb2.SourceService, each) for each in found.services],
    }  # fmt: skip


def step(found: pb.TimelineStep) -> dict[str, Any]:
    """One event of a timeline."""
    return {
        "at": moment(found, "at"), "service": found.service, "type": found.type, "aggregate_id": found.aggregate_id,
        "version": found.version, "event_id": found.event_id, "correlation_id": found.correlation_id, "causation_id": found.causation_id,
        "state": found.state, "owner": found.owner, "reason": found.reason,
    }  # fmt: skip


def written(done: written_pb2.Written) -> dict[str, Any]:
    """What a command wrote."""
    return {"id": done.id, "revision": done.revision, "version": done.version}


def freshness(found: pb.Freshness) -> dict[str, Any]:
    """Up to when an answer is complete."""
    return {"as_of": moment(found, "as_of"), "lag_ms": found.lag_ms, "stale": found.stale}


def report(found: pb.VerifyReport) -> dict[str, Any]:
    """What a comparison found."""
    counts = ("aggregates", "missing", "behind", "mismatched")
    ledger = ("applied", "duplicates", "dead_letters", "gaps")
    return {
        "ok": found.ok,
        "services": {each.service: {name: getattr(each, name) for name in counts} for each in found.services},
        "ledger": {name: getattr(found.ledger, name) for name in ledger},
        "damaged": [
            {"service": each.service, "aggregate_id": each.aggregate_id, "table": each.table, "reason": each.reason}
            for each in found.damaged
        ],
    }


def moment(message: Any, field: str) -> str | None:
    """A moment as text, none where it is absent."""
    at: Timestamp = getattr(message, field)
    return at.ToDatetime(UTC).isoformat() if message.HasField(field) else None


def items_table(items: Iterable[dict[str, Any]]) -> Any:
    """Items for people."""
    rows = [
        (each["agenda_id"], each["status"], _short(each["title"]), ", ".join(sorted({part["service"] for part in each["sources"]})),
         _minute(each["first_raised_at"]), _minute(each["last_event_at"]))
        for each in items
    ]  # fmt: skip
    return table(("agenda id", "status", "title", "sources", "first raised", "last event"), rows)


def item_table(each: dict[str, Any]) -> Any:
    """One item for people: its fields, then its sources."""
    plain = {name: value for name, value in each.items() if name not in {"sources", "freshness", "written"} and value}
    rows = [(name.removesuffix("_at").replace("_", " "), _field(name, value)) for name, value in plain.items()]
    rows += [("source", f"{part['service']}:{part['source_id']} ({part['relation']}) {part['title']}") for part in each["sources"]]
    return table(("", ""), rows)


def suggestions_table(suggestions: Iterable[dict[str, Any]]) -> Any:
    """Suggestions for people."""
    rows = [
        (each["agenda_id"], f"{each['score']:.2f}", each["status"], _short(each["title"]), ", ".join(each["words"])) for each in suggestions
    ]
    return table(("agenda id", "score#", "status", "title", "words"), rows)


def steps_table(steps: Iterable[dict[str, Any]]) -> Any:
    """A timeline for people."""
    rows = [
        (_minute(each["at"]), each["service"], each["type"].removeprefix("kr.go.seoul.madang.").removesuffix(".v1"), each["state"],
         each["owner"], each["reason"])
        for each in steps
    ]  # fmt: skip
    return table(("when", "service", "what", "state", "owner", "why"), rows)


def report_table(found: dict[str, Any]) -> Any:
    """A comparison for people."""
    rows = [(name, *counts.values(), "") for name, counts in found["services"].items()]
    rows += [(each["service"], "", "", "", "", f"{each['table']} {each['aggregate_id']}: {each['reason']}") for each in found["damaged"]]
    rows.append(("ledger", "", "", "", "", ", ".join(f"{name} {count:,}" for name, count in found["ledger"].items())))
    return table(("service", "aggregates#", "missing#", "behind#", "mismatched#", ""), rows)


def _prefix(enum: Any) -> str:
    return str(enum.Name(0).removesuffix("UNSPECIFIED"))


def _field(name: str, value: Any) -> str:
    if name.endswith("_at"):
        return _minute(value)
    if isinstance(value, dict):
        return f"{value['department']}: {' / '.join(value['texts'].values())}"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _minute(text: str | None) -> str:
    """As clocks in Seoul show it."""
    return f"{datetime.fromisoformat(text).astimezone(SEOUL):%Y-%m-%d %H:%M}" if text else ""


def _short(text: str) -> str:
    return text if len(text) <= WIDE else text[: WIDE - 1] + "…"
