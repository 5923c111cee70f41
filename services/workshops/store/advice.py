"""Rows of advice notes."""

from services.kit.tables import Aggregates
from services.workshops.domain.advice import AdviceNote

ADVICE_NOTES = Aggregates(
    "advice_note", AdviceNote, key="advice_id", newest="given_at", columns={"opinion": {"plain": "opinion", "language": "language"}}
)  # fmt: skip
