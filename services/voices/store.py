"""Rows of mandates, activities and voices."""

from typing import Any

from services.kit.database import Row
from services.kit.tables import Aggregates
from services.kit.text import Text
from services.kit.vocabulary import District, RepresentedGroup
from services.voices.domain import (
    Activity,
    ActivityKind,
    ActivityStatus,
    Consent,
    Mandate,
    MandateStatus,
    Sensitivity,
    Voice,
    VoiceStatus,
)


def mandate_of(row: Row) -> Mandate:
    """The mandate in a row."""
    return Mandate(
        id=row["mandate_id"], represented_group=RepresentedGroup(row["represented_group"]), start_date=row["start_date"],
        appointed_at=row["appointed_at"], end_date=row["end_date"], nominated_by=row["nominated_by"],
        status=MandateStatus(row["status"]), person_ref=row["person_ref"],
    )  # fmt: skip


def activity_of(row: Row) -> Activity:
    """The activity in a row."""
    return Activity(
        id=row["activity_id"], mandate_id=row["mandate_id"], activity_kind=ActivityKind(row["activity_kind"]), title=row["title"],
        starts_at=row["starts_at"], ends_at=row["ends_at"], location=row["location"],
        district_code=District(row["district_code"]) if row["district_code"] else None, host_department=row["host_department"],
        attendee_count=row["attendee_count"], status=ActivityStatus(row["status"]),
    )  # fmt: skip


def voice_of(row: Row) -> Voice:
    """The voice in a row."""
    return Voice(
        id=row["voice_id"], status=VoiceStatus(row["status"]), represented_group=RepresentedGroup(row["represented_group"]),
        text=Text(row["text"], row["language"]) if row["text"] is not None else None, raised_at=row["raised_at"],
        activity_id=row["activity_id"], mandate_id=row["mandate_id"], themes=tuple(row["themes"]),
        consent=Consent(row["consent"]) if row["consent"] else None,
        sensitivity=Sensitivity(row["sensitivity"]) if row["sensitivity"] else None,
        district_code=District(row["district_code"]) if row["district_code"] else None, origin=row["origin"],
    )  # fmt: skip


def _mandate_values(state: Mandate) -> tuple[Any, ...]:
    return (
        state.id, state.status, state.represented_group, state.start_date, state.end_date, state.nominated_by,
        state.appointed_at, state.person_ref,
    )  # fmt: skip


def _activity_values(state: Activity) -> tuple[Any, ...]:
    return (
        state.id, state.mandate_id, state.status, state.activity_kind, state.title, state.starts_at, state.ends_at,
        state.location, state.district_code, state.host_department, state.attendee_count,
    )  # fmt: skip


def _voice_values(state: Voice) -> tuple[Any, ...]:
    words: tuple[Any, Any] = (state.text.plain, state.text.language) if state.text else (None, None)
    return (
        state.id, state.status, state.activity_id, state.mandate_id, state.represented_group, *words, state.themes,
        state.consent, state.sensitivity, state.district_code, state.raised_at, state.origin,
    )  # fmt: skip


MANDATES = Aggregates(
    "mandate",
    ("mandate_id", "status", "represented_group", "start_date", "end_date", "nominated_by", "appointed_at", "person_ref"),
    newest="appointed_at",
    of=mandate_of,
    values=_mandate_values,
)  # fmt: skip


ACTIVITIES = Aggregates(
    "activity",
    (
        "activity_id", "mandate_id", "status", "activity_kind", "title", "starts_at", "ends_at", "location", "district_code",
        "host_department", "attendee_count",
    ),
    newest="starts_at",
    of=activity_of,
    values=_activity_values,
)  # fmt: skip


VOICES = Aggregates(
    "voice",
    (
        "voice_id", "status", "activity_id", "mandate_id", "represented_group", "text", "language", "themes", "consent", "sensitivity",
        "district_code", "raised_at", "origin",
    ),
    newest="raised_at",
    of=voice_of,
    values=_voice_values,
)  # fmt: skip
