"""Settings of the voices service; its rules differ between cities and years, so they live here."""

from services.kit.settings import Settings


class VoicesSettings(Settings):
    """The common settings and the rules of mandates."""

    # One renewal by default; how often a term is renewed is the city's to set (Seoul's programme of honorary vice-mayors, from 2012).
    voices_mandate_renewals: int = 1
