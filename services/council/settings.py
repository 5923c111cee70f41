"""Settings of the council service; its rules differ between cities and years, so they live here."""

from services.kit.settings import Settings


class CouncilSettings(Settings):
    """The common settings and the clocks of a council."""

    # Minutes are published within five working days of the meeting (Seoul's programme of councils; domain rule, section 5).
    council_minutes_days: int = 5
