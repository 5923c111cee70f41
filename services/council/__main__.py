"""python -m services.council"""

from services.council.app import build
from services.kit.settings import Settings

if __name__ == "__main__":
    build(Settings.read()).run()
