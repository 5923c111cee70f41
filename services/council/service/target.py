"""What a command means."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Target:
    """Which aggregate, at which revision (0: whatever is there)."""

    id: UUID
    etag: int
