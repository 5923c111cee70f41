"""Settings of the proposals service; its rules differ between cities and years, so they live here."""

from services.kit.settings import Settings


class ProposalSettings(Settings):
    """The common settings and the clocks of a proposal."""

    # Seven working days for an ordinary petition: Enforcement Decree of the Civil Petitions Treatment Act (Korea), article 15.
    proposals_answer_days: int = 7
    # Extended once, by no more than the first period: the same decree, article 21.
    proposals_extensions: int = 1
    # 50 supports within 30 days of a proposal oblige the city to answer within a month: the rule of Seoul's programme for
    # citizens' proposals. The month counts as days of the calendar.
    proposals_supports_needed: int = 50
    proposals_support_days: int = 30
    proposals_obliged_days: int = 30
