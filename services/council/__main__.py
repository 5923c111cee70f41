"""python -m services.council"""

from services.council.app import build
from services.council.settings import CouncilSettings

if __name__ == "__main__":
    build(CouncilSettings.read()).run()
