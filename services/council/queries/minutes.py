"""Questions about minutes, suggestions and translations."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from services.council.domain.minutes import PUBLIC, Minutes, MinutesStatus
from services.council.domain.suggestion import Suggestion, SuggestionStatus
from services.council.domain.translation import SHOWN, Translation, TranslationStatus
from services.council.queries.council import is_member
from services.council.queries.reader import SEES_ALL, Reader, is_insider
from services.council.store import minutes, suggestion, translation
from services.council.store.council import COUNCILS
from services.kit.actor import Actor, Role, Scope
from services.kit.errors import not_found
from services.kit.queries import Page
from services.kit.write import Written


@dataclass(frozen=True, slots=True)
class MinutesListing:
    """Which minutes, and which page of them."""

    meeting_id: UUID | None
    council_id: UUID | None
    status: MinutesStatus | None
    late: bool
    published: bool
    page: Page


@dataclass(frozen=True, slots=True)
class Promptness:
    """Public minutes: how many, how many late, and the days from a meeting to the first edition; none while there is nothing."""

    published: int
    late: int
    average_days: float | None
    median_days: float | None


@dataclass(frozen=True, slots=True)
class SuggestionListing:
    """Which suggestions, and which page of them."""

    minutes_id: UUID | None
    status: SuggestionStatus | None
    page: Page


@dataclass(frozen=True, slots=True)
class TranslationListing:
    """Which translations, and which page of them."""

    minutes_id: UUID | None
    language: str
    status: TranslationStatus | None
    page: Page


class MinutesQuestions(Reader):
    """Minutes, suggestions, translations."""

    async def minutes(self, actor: Actor, minutes_id: UUID, edition: int) -> tuple[Minutes, Written]:
        """One edition of minutes (0: the newest). Raises Refused: NOT_FOUND, also for a draft that is not the caller's to see."""
        found, written = await self._rows.one(minutes.MINUTES, minutes_id)
        if not found.is_public and not is_insider(actor, found.owner) and not await self._is_asked(actor, found):
            raise not_found(minutes.MINUTES.kind, minutes_id)
        return (await self.edition(found, edition) if edition and edition != found.edition else found), written

    async def _is_asked(self, actor: Actor, draft: Minutes) -> bool:
        """Whether somebody is a member of the council whose minutes are in review."""
        if actor.role is not Role.CITIZEN or draft.status is not MinutesStatus.IN_REVIEW:
            return False
        found, _ = await self._rows.one(COUNCILS, draft.sitting.council_id)
        return is_member(actor.subject, found)

    async def edition(self, newest: Minutes, edition: int) -> Minutes:
        """An earlier edition of minutes. Raises Refused: NOT_FOUND."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(EDITION, newest.id, edition)
        if row is None:
            raise not_found(minutes.MINUTES.kind, f"{newest.id} in edition {edition}")
        return replace(
            newest, edition=edition, status=MinutesStatus.PUBLISHED if edition == 1 else MinutesStatus.CORRECTED,
            parts=minutes.PARTS.validate_python(row["parts"]), published_at=row["published_at"],
            correction_reason=row["correction_reason"],
        )  # fmt: skip

    async def minutes_page(self, actor: Actor, listing: MinutesListing) -> tuple[list[Minutes], str]:
        """A page of what the caller may see, newest first, and the token of the next."""
        own = actor.scope.get(Scope.COUNCIL, "") if actor.role is Role.SECRETARY else ""
        conditions = [
            ("meeting_id = $", listing.meeting_id),
            ("council_id = $", listing.council_id),
            ("status = $", listing.status),
            ("late = $", listing.late or None),
            (f"$ AND {IS_PUBLIC}", listing.published or None),
            (VISIBLE, None if actor.role in SEES_ALL else own),
        ]
        return await self._rows.page(minutes.MINUTES, listing.page, conditions)

    async def promptness(self, council_id: UUID | None) -> Promptness:
        """How promptly minutes became public, of one council or of all."""
        async with self._database.connection() as connection:
            [row] = await connection.fetch(PROMPTNESS, council_id)
        return Promptness(row["published"], row["late"], row["average_days"], row["median_days"])

    async def suggestions(self, actor: Actor, listing: SuggestionListing) -> tuple[list[Suggestion], str]:
        """A page of what the caller may see, newest first, and the token of the next."""
        conditions = [
            ("minutes_id = $", listing.minutes_id),
            ("status = $", listing.status),
            ("council_id::text = $", None if actor.role in SEES_ALL else actor.scope.get(Scope.COUNCIL, "")),
        ]
        return await self._rows.page(suggestion.SUGGESTIONS, listing.page, conditions)

    async def translation(self, actor: Actor, translation_id: UUID) -> tuple[Translation, Minutes, Written]:
        """One translation with its original. Raises Refused: NOT_FOUND, also for a draft that is not the caller's to see."""
        found, written = await self._rows.one(translation.TRANSLATIONS, translation_id)
        if not found.is_public and not is_insider(actor, found.owner):
            raise not_found(translation.TRANSLATIONS.kind, translation_id)
        source, _ = await self._rows.one(minutes.MINUTES, found.minutes_id)
        return found, source, written

    async def translations(self, actor: Actor, listing: TranslationListing) -> tuple[list[tuple[Translation, Minutes]], str]:
        """A page of what the caller may see, each with its original, newest first, and the token of the next."""
        own = actor.scope.get(Scope.COUNCIL, "") if actor.role is Role.SECRETARY else ""
        conditions = [
            ("minutes_id = $", listing.minutes_id),
            ("language = $", listing.language or None),
            ("status = $", listing.status),
            (SHOWN_TRANSLATION, None if actor.role in SEES_ALL else own),
        ]
        found, token = await self._rows.page(translation.TRANSLATIONS, listing.page, conditions)
        async with self._database.connection() as connection:
            rows = await connection.fetch(ORIGINALS, list({one.minutes_id for one in found}))
        originals = {row["minutes_id"]: minutes.MINUTES.of(row) for row in rows}
        return [(one, originals[one.minutes_id]) for one in found], token


def _among(statuses: Iterable[StrEnum]) -> str:
    return f"status IN ({', '.join(repr(str(status)) for status in sorted(statuses))})"


IS_PUBLIC = _among(PUBLIC)
# What stands so, or belongs to the council that is bound.
VISIBLE, SHOWN_TRANSLATION = (f"(council_id::text = $ OR {found})" for found in (IS_PUBLIC, _among(SHOWN)))
PROMPTNESS = f"""
    SELECT count(*) AS published, count(*) FILTER (WHERE late) AS late, avg(days) AS average_days,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median_days
    FROM (SELECT m.late, extract(epoch FROM e.published_at - m.meeting_start)::float8 / 86400 AS days
          FROM minutes AS m JOIN minutes_edition AS e ON e.minutes_id = m.minutes_id AND e.edition = 1
          WHERE m.{IS_PUBLIC} AND ($1::uuid IS NULL OR m.council_id = $1)) AS public"""
ORIGINALS = f"{minutes.MINUTES.select} WHERE minutes_id = ANY ($1::uuid[])"
EDITION = "SELECT parts, correction_reason, published_at FROM minutes_edition WHERE minutes_id = $1 AND edition = $2"
