"""Settings of the proposals service; its rules differ between cities and years, so they live here."""

from services.kit.settings import Settings


class ProposalSettings(Settings):
    """The common settings and the clocks of a proposal."""

    # Seven working days for an ordinary petition: Enforcement Decree of the Civil Petitions Treatment Act (Korea), article 15.
    proposals_answer_days: int = 7
    # Three or more residents apply together: Seoul's yearly call for resident proposals of its town community programme.
    proposals_town_residents: int = 3
    # The residents' own share of the whole, in per cent: in the same calls. It differs between years and kinds; set that of the year.
    proposals_town_own_share: int = 10
    # Working days from the report to the settlement: each agreement on a grant names them; about a month.
    proposals_town_settlement_days: int = 20
    # Extended once, by no more than the first period: the same decree, article 21.
    proposals_extensions: int = 1
    # 50 supports within 30 days of a proposal oblige the city to answer within a month: the rule of Seoul's programme for
    # citizens' proposals. The month counts as days of the calendar.
    proposals_supports_needed: int = 50
    proposals_support_days: int = 30
    proposals_obliged_days: int = 30
