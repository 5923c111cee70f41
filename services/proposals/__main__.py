"""python -m services.proposals"""

from services.proposals.app import build
from services.proposals.settings import ProposalSettings

if __name__ == "__main__":
    build(ProposalSettings.read()).run()
