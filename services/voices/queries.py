"""Questions about mandates, activities and voices, answered from rows."""

from dataclasses import dataclass
from uuid import UUID

from services.kit.actor import Actor, Role, Scope
from services.kit.errors import not_found
from services.kit.queries import Page, Queries
from services.kit.vocabulary import RepresentedGroup
from services.kit.write import Written
from services.voices.domain import Activity, ActivityStatus, Mandate, Voice, VoiceStatus
from services.voices.store import ACTIVITIES, MANDATES, VOICES


@dataclass(frozen=True, slots=True)
class MandateListing:
    """Which mandates, and which page of them."""

    page: Page
    represented_group: RepresentedGroup | None


@dataclass(frozen=True, slots=True)
class ActivityListing:
    """Which activities, and which page of them."""

    page: Page
    mandate_id: UUID | None
    status: ActivityStatus | None


@dataclass(frozen=True, slots=True)
class VoiceListing:
    """Which voices, and which page of them."""

    page: Page
    status: VoiceStatus | None
    represented_group: RepresentedGroup | None
    activity_id: UUID | None


class VoiceQueries:
    """The questions."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    async def mandate(self, mandate_id: UUID) -> tuple[Mandate, Written]:
        """One mandate with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(MANDATES, mandate_id)

    async def mandates(self, listing: MandateListing) -> tuple[list[Mandate], str]:
        """A page of mandates, newest first, and the token of the next."""
        return await self._queries.page(MANDATES, listing.page, [("represented_group = $", listing.represented_group)])

    async def activity(self, activity_id: UUID) -> tuple[Activity, Written]:
        """One activity with its numbers. Raises Refused: NOT_FOUND."""
        return await self._queries.one(ACTIVITIES, activity_id)

    async def activities(self, listing: ActivityListing) -> tuple[list[Activity], str]:
        """A page of activities, newest first, and the token of the next."""
        conditions = [("mandate_id = $", listing.mandate_id), ("status = $", listing.status)]
        return await self._queries.page(ACTIVITIES, listing.page, conditions)

    async def voice(self, voice_id: UUID, actor: Actor) -> tuple[Voice, Written]:
        """One voice as the caller may see it, with its numbers. Raises Refused: NOT_FOUND, also where the caller may not see it."""
        found, written = await self._queries.one(VOICES, voice_id)
        voice = found.seen_by(actor)
        if voice is None:
            raise not_found("voice", voice_id)
        return voice, written

    async def voices(self, listing: VoiceListing, actor: Actor) -> tuple[list[Voice], str]:
        """A page of voices as the caller may see them, newest first, and the token of the next."""
        conditions = [
            (VISIBLE, _mandate_seen(actor)),
            ("status = $", listing.status),
            ("represented_group = $", listing.represented_group),
            ("activity_id = $", listing.activity_id),
        ]
        voices, token = await self._queries.page(VOICES, listing.page, conditions)
        return [seen for voice in voices if (seen := voice.seen_by(actor))], token


VISIBLE = "(status = 'relayed' OR mandate_id::text = $)"


def _mandate_seen(actor: Actor) -> str | None:
    """The mandate of which a caller sees every voice, empty for none; none where the caller sees all."""
    if actor.role is Role.OPERATOR:
        return None
    return actor.scope.get(Scope.MANDATE, "") if actor.role is Role.AIDE else ""
