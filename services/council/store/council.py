"""Rows of councils."""

from services.council.domain.council import Council
from services.kit.tables import Aggregates

COUNCILS = Aggregates("council", Council, key="council_id", newest="formed_at")
