"""Settings of the proposals service; its rules differ between cities and years, so they live here."""

from services.kit.settings import Settings


class ProposalSettings(Settings):
    """The common settings and the clocks of a proposal."""

    # Seven working days for an ordinary petition: Enforcement Decree of the Civil Petitions Treatment Act (Korea), article 15.
    proposals_answer_days: int = 7
