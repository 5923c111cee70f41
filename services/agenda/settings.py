"""Settings of the agenda's four processes."""

from pydantic import Field

from services.kit.settings import Settings

NEVER = 1.0


class AgendaSettings(Settings):
    """The common settings; from when on an answer is called stale; when a word is a theme; when a new source is linked by itself.

    A theme has at least `least_sources` sources in its window, and `rise` times the mean of the three windows before and the share that it
    had there. It is looked for once nothing has changed in its window for `quiet_ms`. A source is linked by itself to what it is like with
    a score above `agenda_link_above` (1: never).
    """

    agenda_stale_after_ms: int = 10_000
    agenda_theme_least_sources: int = 5
    agenda_theme_rise: float = 2.0
    agenda_theme_quiet_ms: int = 5_000
    agenda_link_above: float = Field(default=NEVER, ge=0, le=NEVER)
