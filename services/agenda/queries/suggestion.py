"""Which items say the same as another one.

Found in two steps: some hundred texts by a bounded number of look-ups in the index, then each of them compared.
"""

from itertools import accumulate, chain
from uuid import UUID

from services.agenda.domain.item import Status
from services.agenda.domain.suggestion import LONGEST, Asked, Candidate, Key, Suggestion
from services.agenda.queries.rarity import Rarities
from services.agenda.search.grams import literal, narrowing
from services.kit.database import Connection, Database
from services.kit.errors import not_found

DEFAULT = 10
# Texts that one key looks at, that it may find, that go on to be counted together, and that are compared.
LOOKED_AT, A_KEY, COUNTED, COMPARED = 2_000, 100, 500, 200
CHARACTERS = 60_000  # that are compared in all: some 25 ms of the processor


class SuggestionQueries:
    """The question; `database` leads to the store."""

    def __init__(self, database: Database) -> None:
        self._database, self._rarities = database, Rarities()

    async def like(self, agenda_id: UUID, limit: int, *, going_on: bool = False) -> list[Suggestion]:
        """Items like an item or a source, the most alike first; `going_on`: opened ones only that have not ended.

        Raises:
            Refused: NOT_FOUND.
        """
        async with self._database.transaction() as connection:
            rarity = await self._rarities.now(connection)
            row = await connection.fetchrow(ASKED, agenda_id, LONGEST)
            if row is None:
                raise not_found("agenda item", agenda_id)
            asked = Asked(row["text"], row["tags"], rarity)
            found = await _found(connection, agenda_id, row["part_of"], asked.keys(), going_on=going_on)
        return asked.best(found, limit)


async def _found(connection: Connection, agenda_id: UUID, part_of: UUID | None, keys: list[Key], *, going_on: bool) -> list[Candidate]:
    """What has the terms of some key: those with most of the weight."""
    await connection.execute(INDEX_ONLY)
    grams = [literal(chain.from_iterable(map(_grams, key.terms))) for key in keys]
    rows = await connection.fetch(FOUND, grams, [key.weight for key in keys], agenda_id, part_of, going_on, LONGEST)
    passed = accumulate(len(row["text"]) for row in rows)
    return [
        Candidate(row["agenda_id"], row["title"], row["text"], row["tags"], Status(row["status"]), row["owner"])
        for row, characters in zip(rows, passed, strict=True)
        if characters <= CHARACTERS
    ]


def _grams(term: str) -> list[int]:
    """A term's first and last gram: more of them narrow little, and each is another list to pass."""
    grams = narrowing([term])
    return [grams[0], grams[-1]]


# A source that was written a moment ago has no search row yet.
ASKED = """
    SELECT left(coalesce(nullif(s.folded, ''), i.title || E'\\n' || i.body), $2) AS text, i.tags, i.part_of
    FROM agenda_item AS i LEFT JOIN agenda_search AS s USING (agenda_id)
    WHERE i.agenda_id = $1 AND (i.source_version > 0 OR i.decision_version > 0)"""
# How many rows have a key's grams is not known to the planner, which would rather read the table until it has met enough.
INDEX_ONLY = "SET LOCAL enable_seqscan = off"
# A long text has some of any terms: by its length it stands behind a short one that has the same, as a cosine will have it.
FOUND = f"""
    WITH counted AS MATERIALIZED (
        SELECT hit.agenda_id, sum(key.weight) / sqrt(min(hit.length) + 100) AS weight
        FROM unnest($1::text[], $2::float8[]) AS key (grams, weight)
        CROSS JOIN LATERAL (
            SELECT agenda_id, octet_length(s.folded) AS length
            FROM (SELECT agenda_id, folded FROM agenda_search WHERE grams @> key.grams::bigint[] LIMIT {LOOKED_AT}) AS s
            JOIN agenda_item AS i USING (agenda_id)
            WHERE i.shown AND (NOT $5::bool OR i.status NOT IN ('candidate', 'closed', 'parked'))
                AND i.agenda_id <> $3 AND i.agenda_id IS DISTINCT FROM $4::uuid
            LIMIT {A_KEY}) AS hit
        GROUP BY hit.agenda_id
        ORDER BY weight DESC, hit.agenda_id
        LIMIT {COUNTED})
    SELECT i.agenda_id, i.title, left(s.folded, $6) AS text, i.tags, i.status, i.owner
    FROM counted JOIN agenda_item AS i USING (agenda_id) JOIN agenda_search AS s USING (agenda_id)
    ORDER BY counted.weight DESC, i.agenda_id
    LIMIT {COMPARED}"""
