"""Settings of the agenda's three processes."""

from services.kit.settings import Settings


class AgendaSettings(Settings):
    """The common settings, and from when on an answer is called stale."""

    agenda_stale_after_ms: int = 10_000
