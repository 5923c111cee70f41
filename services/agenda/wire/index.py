"""Indexes: what is imported, their facts, and their values in a period."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from google.protobuf.message import Message

from madang.agenda.v1 import index_pb2 as pb
from madang.events.agenda.v1 import index_pb2 as events_pb
from services.agenda.domain.index import (
    Index,
    IndexArea,
    IndexDefinition,
    IndexDirection,
    IndexIndicator,
    IndexLevel,
    IndexRow,
    IndexTask,
    IndexValue,
)
from services.agenda.domain.index_review import IndexReviewStatus
from services.agenda.events import IndexImported
from services.agenda.queries.index import IndexInPeriod, ValueListing
from services.agenda.service.index import IndexImport
from services.agenda.wire.index_review import STATUSES
from services.agenda.wire.label import label_from_wire, label_to_wire
from services.kit.text import one_line
from services.kit.wire import EnumWire, fact_to_wire, time_from_wire, time_to_wire

DIRECTIONS = EnumWire(pb.IndexDirection, IndexDirection)
LEVELS = EnumWire(pb.IndexLevel, IndexLevel)


def index_event(fact: IndexImported, after: Index) -> Message:
    """A fact about an index, with the whole index."""
    return fact_to_wire(fact, events_pb.IndexImported, index_to_wire(after))


def index_to_wire(index: Index) -> pb.Index:
    """An index with all of its values."""
    return pb.Index(
        index_id=str(index.id), code=index.code, definition=definition_to_wire(index.definition),
        values=[pb.IndexValue(indicator=one.indicator, period=one.period, value=one.value) for one in index.values],
        imported_at=time_to_wire(index.imported_at),
    )  # fmt: skip


def index_from_wire(message: pb.Index) -> Index:
    """An index as the domain has it."""
    return Index(
        UUID(message.index_id), message.code, definition_from_wire(message.definition), tuple(map(_value_from_wire, message.values)),
        time_from_wire(message.imported_at, "imported_at"),
    )  # fmt: skip


def definition_to_wire(definition: IndexDefinition) -> pb.IndexDefinition:
    """What an index is made of."""
    areas = [pb.IndexArea(code=area.code, title=label_to_wire(area.title)) for area in definition.areas]
    tasks = [pb.IndexTask(code=task.code, area=task.area, title=label_to_wire(task.title)) for task in definition.tasks]
    indicators = [
        pb.IndexIndicator(
            code=one.code, task=one.task, title=label_to_wire(one.title), unit=one.unit, baseline=one.baseline,
            direction=DIRECTIONS.to_wire(one.direction),
        )
        for one in definition.indicators
    ]  # fmt: skip
    return pb.IndexDefinition(
        title=label_to_wire(definition.title), baseline_year=definition.baseline_year, areas=areas, tasks=tasks, indicators=indicators
    )  # fmt: skip


def definition_from_wire(message: pb.IndexDefinition) -> IndexDefinition:
    """What an index is made of, as the domain has it."""
    areas = tuple(IndexArea(area.code, label_from_wire(area.title)) for area in message.areas)
    tasks = tuple(IndexTask(task.code, task.area, label_from_wire(task.title)) for task in message.tasks)
    indicators = tuple(
        IndexIndicator(
            one.code, one.task, label_from_wire(one.title), one_line(one.unit), one.baseline,
            DIRECTIONS.from_wire(one.direction, "direction"),
        )
        for one in message.indicators
    )  # fmt: skip
    return IndexDefinition(label_from_wire(message.title), message.baseline_year, areas, tasks, indicators)


def import_from_wire(request: pb.ImportIndexRequest) -> IndexImport:
    """What is taken in."""
    definition = definition_from_wire(request.definition) if request.HasField("definition") else None
    return IndexImport(request.code, definition, tuple(map(_value_from_wire, request.values)))


def values_from_wire(request: pb.ListIndexValuesRequest) -> ValueListing:
    """Which values are asked for."""
    return ValueListing(request.index, request.period, request.area, request.task, request.indicator)


def value_to_wire(index: Index, one: IndexIndicator, value: IndexValue) -> pb.IndicatorValue:
    """An indicator in a period in which it has a value."""
    area = next(task.area for task in index.definition.tasks if task.code == one.task)
    return pb.IndicatorValue(
        area=area, task=one.task, indicator=one.code, title=label_to_wire(one.title), period=value.period, measured=value.value,
        baseline=one.baseline, unit=one.unit, direction=DIRECTIONS.to_wire(one.direction), value=one.against_baseline(value.value),
    )  # fmt: skip


def in_period_to_wire(found: IndexInPeriod) -> pb.GetIndexResponse:
    """An index in a period, each value with what opens it."""
    index, definition = found.index, found.index.definition
    return pb.GetIndexResponse(
        index=index.code, title=label_to_wire(definition.title), baseline_year=definition.baseline_year, period=found.period,
        rows=[_row_to_wire(found, row) for row in found.rows], reviews=_reviews_to_wire(found),
    )  # fmt: skip


def _reviews_to_wire(found: IndexInPeriod) -> Iterator[pb.IndexReviewCount]:
    """How many reviews stand where; nothing where they were not counted."""
    if found.reviews is None:
        return
    for status in IndexReviewStatus:
        number = STATUSES.to_wire(status)
        records = pb.ListIndexReviewsRequest(index=found.index.code, period=found.period, status=number)
        yield pb.IndexReviewCount(status=number, count=found.reviews.get(status, 0), records=records)


def _row_to_wire(found: IndexInPeriod, row: IndexRow) -> pb.IndexRow:
    below: dict[str, Any] = {} if row.level is IndexLevel.WHOLE else {str(row.level): row.code}
    records = pb.ListIndexValuesRequest(index=found.index.code, period=found.period, **below)
    return pb.IndexRow(
        level=LEVELS.to_wire(row.level), code=row.code, title=label_to_wire(row.title), value=row.value, indicators=row.indicators,
        records=records,
    )  # fmt: skip


def _value_from_wire(message: pb.IndexValue) -> IndexValue:
    return IndexValue(message.indicator, message.period, message.value)
