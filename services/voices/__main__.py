"""python -m services.voices"""

from services.voices.app import build
from services.voices.settings import VoicesSettings

if __name__ == "__main__":
    build(VoicesSettings.read()).run()
