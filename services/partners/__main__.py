"""python -m services.partners"""

from services.partners.app import build
from services.partners.settings import PartnerSettings

if __name__ == "__main__":
    build(PartnerSettings.read()).run()
