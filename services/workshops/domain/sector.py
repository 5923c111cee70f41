"""Where participants and advisers come from."""

from enum import StrEnum


class ParticipantSector(StrEnum):
    """The sector of a participant or an adviser."""

    OFFICIAL = "official"
    EXPERT = "expert"
    NGO = "ngo"
    INDUSTRY = "industry"
    PRESS = "press"
    ACADEMIA = "academia"
