"""Settings of the agenda's three processes."""

from pydantic import Field

from services.kit.settings import Settings

NEVER = 1.0


class AgendaSettings(Settings):
    """The common settings; from when on an answer is called stale; above which score a new source is linked by itself (1: never)."""

    agenda_stale_after_ms: int = 10_000
    agenda_link_above: float = Field(default=NEVER, ge=0, le=NEVER)
