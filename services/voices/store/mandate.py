"""Rows of mandates."""

from services.kit.tables import Aggregates
from services.voices.domain.mandate import Mandate

MANDATES = Aggregates("mandate", Mandate, key="mandate_id", newest="nominated_at")
