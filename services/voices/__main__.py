"""python -m services.voices"""

from services.kit.settings import Settings
from services.voices.app import build

if __name__ == "__main__":
    build(Settings.read()).run()
