"""python -m services.workshops"""

from services.kit.settings import Settings
from services.workshops.app import build

if __name__ == "__main__":
    build(Settings.read()).run()
