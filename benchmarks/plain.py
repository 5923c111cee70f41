"""The peer: records decoded, copied into a temporary table, upserted unless older; offsets beside the rows, no ledger, no links."""

from collections.abc import Sequence
from typing import Any

from services.agenda.projection.apply import fact_of
from services.agenda.projection.rows import ItemRow

COLUMNS = (
    "agenda_id", "source_version", "decision_version", "service", "source_id", "source_status", "gone", "status", "title", "body", "owner",
    "own_tags", "own_due_on", "own_raised_at", "own_at", "shown", "tags", "due_on", "first_raised_at", "last_event_at",
)  # fmt: skip


class PlainUpsert:
    """Applies batches."""

    def __init__(self) -> None:
        self._has_table = False

    async def apply(self, connection: Any, records: Sequence[Any]) -> None:
        """One batch, one transaction."""
        if not self._has_table:
            await connection.execute("CREATE TEMP TABLE batch (LIKE agenda_item INCLUDING DEFAULTS)")
            self._has_table = True
        rows = [row for record in records if isinstance(row := fact_of(record).row, ItemRow)]
        async with connection.transaction():
            await connection.copy_records_to_table("batch", records=map(_values, rows), columns=COLUMNS)
            await connection.execute(UPSERT)
            await connection.execute("TRUNCATE batch")
            await connection.executemany(OFFSETS, [(*place, offset) for place, offset in _next(records)])


def _next(records: Sequence[Any]) -> list[tuple[tuple[str, int], int]]:
    return sorted({(record.topic, record.partition): record.offset + 1 for record in records}.items())


def _values(row: ItemRow) -> tuple[Any, ...]:
    return (
        row.agenda_id, row.source_version, row.decision_version, row.service, row.source_id, row.source_status, row.gone, row.status,
        row.title, row.body, row.owner, row.tags, row.due_on, row.raised_at, row.at, not row.gone, row.tags, row.due_on, row.raised_at,
        row.at,
    )  # fmt: skip


UPSERT = f"""
    INSERT INTO agenda_item AS t ({", ".join(COLUMNS)})
    SELECT DISTINCT ON (agenda_id) {", ".join(COLUMNS)} FROM batch ORDER BY agenda_id, source_version + decision_version DESC
    ON CONFLICT (agenda_id) DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in COLUMNS[1:])}
    WHERE t.source_version < excluded.source_version OR t.decision_version < excluded.decision_version"""
OFFSETS = """
    INSERT INTO consumer_offset AS o (consumer, topic, partition, next_offset) VALUES ('plain', $1, $2, $3)
    ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = excluded.next_offset"""
