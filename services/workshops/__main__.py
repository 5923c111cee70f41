"""python -m services.workshops"""

from services.workshops.app import build
from services.workshops.settings import WorkshopsSettings

if __name__ == "__main__":
    build(WorkshopsSettings.read()).run()
