"""Settings of the council service; its rules differ between cities and years, so they live here."""

from services.kit.settings import Settings


class CouncilSettings(Settings):
    """The common settings and the rules of councils."""

    # Invitations go out five days before the meeting (the city's rule for its councils; docs/programmes.md, programme 2).
    council_invitation_days: int = 5
    # The month within which the city's other answers are obliged too; ordinances on residents' councils name no number of days.
    council_city_reply_days: int = 30
    # What every meeting begins with, unless a council has a list of its own.
    council_standing_items: tuple[str, ...] = ("성원 보고", "지난 회의 조치 결과 보고")
    # Minutes are published within five working days of the meeting (Seoul's programme of councils; domain rule, section 5).
    council_minutes_days: int = 5
