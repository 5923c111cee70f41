"""Themes: their state, their facts, and the answers about them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from google.protobuf.message import Message

from madang.agenda.v1 import theme_pb2 as pb
from madang.events.agenda.v1 import theme_pb2 as events_pb
from services.agenda import events
from services.agenda.domain.link import Service
from services.agenda.domain.rising import window_at
from services.agenda.domain.theme import ServiceCount, Theme, ThemeSource, ThemeStatus
from services.agenda.queries.theme import Shown, ThemeListing
from services.agenda.wire.link import SERVICES
from services.kit.database import Row
from services.kit.ids import id_text
from services.kit.wire import (
    EnumWire,
    day_from_wire,
    day_or_refused,
    fact_to_wire,
    page_from_wire,
    time_from_wire,
    time_to_wire,
    written_to_wire,
)
from services.kit.write import Written

STATUSES = EnumWire(pb.ThemeStatus, ThemeStatus)
FACTS = {events.ThemeEmerged: events_pb.ThemeEmerged, events.ThemeDismissed: events_pb.ThemeDismissed}


def theme_event(fact: events.ThemeFact, after: Theme) -> Message:
    """A fact about a theme, with the whole theme."""
    return fact_to_wire(fact, FACTS[type(fact)], theme_to_wire(after))


def theme_to_wire(theme: Theme) -> pb.Theme:
    """A theme."""
    message = summary_to_wire(theme)
    message.evidence.extend(
        pb.ThemeSource(service=SERVICES.to_wire(each.service), source_id=str(each.source_id), agenda_id=str(each.agenda_id))
        for each in theme.evidence
    )
    return message


def summary_to_wire(theme: Theme) -> pb.Theme:
    """A theme without its evidence, as answers have it."""
    return pb.Theme(
        theme_id=str(theme.id), word=theme.word, status=STATUSES.to_wire(theme.status), window=theme.window.isoformat(),
        sources=theme.sources, raised_at=time_to_wire(theme.raised_at), reason=theme.reason, other_words=theme.other_words,
        counts=[pb.ThemeShare(service=SERVICES.to_wire(each.service), sources=each.sources) for each in theme.counts],
        before=theme.before,
    )  # fmt: skip


def theme_from_wire(message: pb.Theme) -> Theme:
    """A theme as the domain has it; its id follows from its word and window."""
    return Theme(
        word=message.word, window=day_or_refused(message.window, "window"), other_words=tuple(message.other_words),
        sources=message.sources,
        counts=tuple(ServiceCount(SERVICES.from_wire(each.service, "service"), each.sources) for each in message.counts),
        before=tuple(message.before),
        evidence=tuple(
            ThemeSource(SERVICES.from_wire(each.service, "service"), UUID(each.source_id), UUID(each.agenda_id))
            for each in message.evidence
        ),
        raised_at=time_from_wire(message.raised_at, "raised_at"), status=STATUSES.from_wire(message.status, "status"),
        reason=message.reason,
    )  # fmt: skip


def themes_from_wire(request: pb.ListThemesRequest) -> ThemeListing:
    """Which themes are asked for."""
    day: date | None = day_from_wire(request.window, "window")
    return ThemeListing(
        page_from_wire(request), window_at(day) if day else None, STATUSES.optional(request.status, "status"),
        SERVICES.optional(request.service, "service"),
    )  # fmt: skip


def shown_to_wire(shown: Shown, written: Written) -> pb.GetThemeResponse:
    """A theme with its evidence and counts."""
    from_store = {row["agenda_id"]: row for row in shown.sources}
    return pb.GetThemeResponse(
        theme=summary_to_wire(shown.theme),
        evidence=[_evidence_to_wire(each, from_store.get(each.agenda_id)) for each in shown.theme.evidence],
        counts=_counts_to_wire(shown.counts), written=written_to_wire(written),
    )  # fmt: skip


def _evidence_to_wire(source: ThemeSource, row: Row | None) -> pb.ThemeEvidence:
    message = pb.ThemeEvidence(
        service=SERVICES.to_wire(source.service), source_id=str(source.source_id), agenda_id=str(source.agenda_id)
    )  # fmt: skip
    if row:
        message.MergeFrom(
            pb.ThemeEvidence(
                title=row["title"],
                status=row["source_status"],
                raised_at=time_to_wire(row["own_raised_at"]),
                part_of=id_text(row["part_of"]),
            )
        )
    return message


def _counts_to_wire(rows: Sequence[Row]) -> list[pb.ThemeCount]:
    return [
        pb.ThemeCount(window=row["window_start"].isoformat(), service=SERVICES.to_wire(Service(row["service"])), sources=row["sources"])
        for row in rows
    ]
