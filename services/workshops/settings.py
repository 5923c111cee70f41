"""Settings of the workshops service; its rules differ between cities and years, so they live here."""

from services.kit.settings import Settings
from services.workshops.domain.sector import ParticipantSector


class WorkshopsSettings(Settings):
    """The common settings and who gives advice."""

    # Seoul's social innovation programme has quarterly workshops of officials, experts and NGOs, and an advisory group beside them. Of the
    # six sectors of docs/glossary.md the advisory group therefore has the four that are neither the city's own nor its contracted experts'.
    workshops_advisory_sectors: tuple[ParticipantSector, ...] = (
        ParticipantSector.NGO,
        ParticipantSector.INDUSTRY,
        ParticipantSector.PRESS,
        ParticipantSector.ACADEMIA,
    )
