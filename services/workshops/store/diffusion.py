"""Rows of diffusion cases."""

from services.kit.tables import Aggregates
from services.workshops.domain.diffusion import DiffusionCase

DIFFUSION_CASES = Aggregates(
    "diffusion_case", DiffusionCase, key="diffusion_id", newest="adopted_at",
    columns={"evidence": {"plain": "evidence", "language": "language"}},
)  # fmt: skip
