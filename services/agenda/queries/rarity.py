"""How rare the terms of texts are: counted in a sample of the store, now and then."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

from services.agenda.domain.suggestion import LONGEST, Rarity
from services.agenda.search.words import content_words, terms_of
from services.kit.database import Connection

SAMPLE = 3_000
KEPT = 100  # times as long as counting took: a small store's is soon counted and soon new, a large one's costs a hundredth of the time


class Rarities:
    """Keeps the last count. Counting word by word through the index would take a statement for each term of both texts."""

    def __init__(self) -> None:
        self._last, self._until, self._lock = Rarity(), 0.0, asyncio.Lock()

    async def now(self, connection: Connection) -> Rarity:
        """The last count, made anew where it is old; meanwhile others get the one before."""
        if time.monotonic() >= self._until and (not self._lock.locked() or not self._last.texts):
            async with self._lock:
                if (began := time.monotonic()) >= self._until:
                    total = await connection.fetchval(TOTAL)
                    share = min(100.0, 100 * SAMPLE / total) if total > 0 else 100.0
                    texts = [row["folded"] for row in await connection.fetch(SAMPLED, share, LONGEST, SAMPLE)]
                    self._last = await asyncio.to_thread(_counted, texts, max(round(total), len(texts)))
                    self._until = time.monotonic() + KEPT * (time.monotonic() - began)
        return self._last


def _counted(texts: Sequence[str], total: int) -> Rarity:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(terms_of(content_words(text)))
    return Rarity(len(texts), counts, total)


# As of the last ANALYZE; -1 before the first.
TOTAL = "SELECT reltuples FROM pg_class WHERE oid = 'agenda_search'::regclass"
# The same pages each time: two servers that look at the same store count the same.
SAMPLED = "SELECT left(folded, $2) AS folded FROM agenda_search TABLESAMPLE SYSTEM ($1) REPEATABLE (1) LIMIT $3"
