"""Rows of indicators."""

from services.kit.tables import Aggregates
from services.workshops.domain.indicator import Indicator

INDICATORS = Aggregates(
    "indicator", Indicator, key="indicator_id", newest="defined_at",
    columns={"measurement": {"value": "value", "period": "period", "measured_by": "measured_by", "measured_at": "measured_at"}},
)  # fmt: skip
