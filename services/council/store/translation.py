"""Rows of translations."""

from services.council.domain.translation import Translation
from services.council.store.meeting import SITTING
from services.kit.tables import Aggregates

TRANSLATIONS = Aggregates("translation", Translation, key="translation_id", newest="started_at", columns={"sitting": SITTING})
