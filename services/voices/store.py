"""Rows of mandates, activities and voices."""

from typing import Any
from uuid import UUID

from services.kit.database import Connection, Row
from services.kit.tables import Table
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

MANDATES = Table(
    "mandate",
    ("mandate_id", "status", "represented_group", "start_date", "end_date", "nominated_by", "appointed_at", "person_ref"),
    newest="appointed_at",
)
ACTIVITIES = Table(
    "activity",
    (
        "activity_id", "mandate_id", "status", "activity_kind", "title", "starts_at", "ends_at", "location", "district_code",
        "host_department", "attendee_count",
    ),
    newest="starts_at",
)  # fmt: skip
VOICES = Table(
    "voice",
    (
        "voice_id", "status", "activity_id", "mandate_id", "represented_group", "text", "language", "themes", "consent", "sensitivity",
        "district_code", "raised_at", "origin",
    ),
    newest="raised_at",
)  # fmt: skip


class MandateStore:
    """Mandates in PostgreSQL."""

    kind = MANDATES.kind

    async def load(self, connection: Connection, identity: UUID) -> Mandate | None:
        """One mandate, none where there is none."""
        row = await connection.fetchrow(f"{MANDATES.select} WHERE mandate_id = $1", identity)
        return mandate_of(row) if row else None

    async def save(self, connection: Connection, state: Mandate) -> None:
        """Insert or replace a mandate."""
        await connection.execute(
            MANDATES.save, state.id, state.status, state.represented_group, state.start_date, state.end_date, state.nominated_by,
            state.appointed_at, state.person_ref,
        )  # fmt: skip


class ActivityStore:
    """Activities in PostgreSQL."""

    kind = ACTIVITIES.kind

    async def load(self, connection: Connection, identity: UUID) -> Activity | None:
        """One activity, none where there is none."""
        row = await connection.fetchrow(f"{ACTIVITIES.select} WHERE activity_id = $1", identity)
        return activity_of(row) if row else None

    async def save(self, connection: Connection, state: Activity) -> None:
        """Insert or replace an activity."""
        await connection.execute(
            ACTIVITIES.save, state.id, state.mandate_id, state.status, state.activity_kind, state.title, state.starts_at, state.ends_at,
            state.location, state.district_code, state.host_department, state.attendee_count,
        )  # fmt: skip


class VoiceStore:
    """Voices in PostgreSQL."""

    kind = VOICES.kind

    async def load(self, connection: Connection, identity: UUID) -> Voice | None:
        """One voice, none where there is none."""
        row = await connection.fetchrow(f"{VOICES.select} WHERE voice_id = $1", identity)
        return voice_of(row) if row else None

    async def save(self, connection: Connection, state: Voice) -> None:
        """Insert or replace a voice."""
        words: tuple[Any, Any] = (state.text.plain, state.text.language) if state.text else (None, None)
        await connection.execute(
            VOICES.save, state.id, state.status, state.activity_id, state.mandate_id, state.represented_group, *words, state.themes,
            state.consent, state.sensitivity, state.district_code, state.raised_at, state.origin,
        )  # fmt: skip


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
