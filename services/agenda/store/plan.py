"""Plans."""

from services.agenda.domain.plan import Plan
from services.kit.tables import Aggregates

PLANS = Aggregates("plan", Plan, key="plan_id", newest="imported_at")
