"""The way into the store."""

from services.agenda.settings import AgendaSettings
from services.kit.database import Database

STORE = {"search_path": "store", "plan_cache_mode": "force_custom_plan", "work_mem": "16MB", "max_parallel_workers_per_gather": "0"}


def open_store(settings: AgendaSettings, process: str) -> Database:
    """The agenda's database with the store in front: the same names lead a rebuild to its shadow.

    A plan made for any text ignores the text's index, so that none is kept. A filter that many rows match is a map of their pages, which
    has to fit into the working memory. Helpers of one question cost it more than they help, and take the core of the next one.
    """
    return Database(settings.database_url, name=process, settings=STORE)
