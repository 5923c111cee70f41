"""Every question that a list can be asked: each filter, each sort, and what is meant to answer it at any size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.generator import DEPARTMENTS, DISTRICTS, TASKS
from benchmarks.words import THEMES
from services.agenda.domain.item import Status
from services.agenda.domain.link import Service
from services.agenda.domain.plan import plan_tags
from services.agenda.queries.filters import SORTS, Filters, Listing, Milestone, Records
from services.kit.clock import quarter_of, quarter_span
from services.kit.queries import Page
from services.kit.vocabulary import InnovationField, RepresentedGroup

PAGE = 20


@dataclass(frozen=True, slots=True)
class Question:
    """A kind of list, and some lists of that kind."""

    name: str
    listings: Sequence[Listing]


def questions(newest: datetime) -> Iterator[Question]:
    """All of them, over a store whose newest fact is from that moment."""
    for sort in SORTS:
        yield _of(f"everything, {sort}", [Filters()], sort)
    for name, tags in _tags().items():
        yield _of(name, [Filters(tags=(tag,)) for tag in tags])
    yield _of("group and theme", [Filters(tags=(f"group:{group}", f"theme:{theme}")) for group in RepresentedGroup for theme in THEMES[:2]])
    yield _of("status", [Filters(statuses=(status,)) for status in Status])
    yield _of("owner", [Filters(owner=owner) for owner in DEPARTMENTS])
    yield _of("an owner whom nobody has", [Filters(owner="없는과")])
    yield _of("overdue", [Filters(overdue=True)])
    yield _of("overdue, due", [Filters(overdue=True)], "due")
    yield _of("overdue of an owner", [Filters(overdue=True, owner=owner) for owner in DEPARTMENTS])
    yield _of("missed", [Filters(missed=True)])
    for days in (1, 30, 365):
        yield _of(f"since {days} days", [Filters(since=newest - timedelta(days))])
        yield _of(f"until {days} days ago", [Filters(until=newest - timedelta(days))])
    quarter = quarter_span(quarter_of(newest - timedelta(100)))
    yield _of("a quarter", [Filters(since=quarter[0], until=quarter[1])])
    yield _of("a quarter, oldest", [Filters(since=quarter[0], until=quarter[1])], "oldest")
    yield _of("a quarter of a group", [Filters(tags=(f"group:{group}",), since=quarter[0], until=quarter[1]) for group in RepresentedGroup])
    yield _of("changed since a day", [Filters(changed_since=newest - timedelta(1))])
    for milestone in Milestone:
        yield _of(f"{milestone}", [Filters(reached=milestone)])
        yield _of(f"not {milestone}", [Filters(not_reached=milestone)])
    yield _of(
        "answered in a quarter", [Filters(reached=Milestone.ANSWERED, reached_since=quarter[0], reached_until=quarter[1])]
    )  # fmt: skip
    yield from _of_sources(quarter)


def _of_sources(quarter: tuple[datetime, datetime]) -> Iterator[Question]:
    sources = Filters(records=Records.SOURCES)
    for sort in SORTS:
        yield _of(f"sources, {sort}", [sources], sort)
    yield _of("sources of a group", [Filters(records=Records.SOURCES, tags=(f"group:{group}",)) for group in RepresentedGroup])
    yield _of("sources of a quarter", [Filters(records=Records.SOURCES, since=quarter[0], until=quarter[1])])
    yield _of("sources that were answered", [Filters(records=Records.SOURCES, reached=Milestone.ANSWERED)])
    yield _of("sources that were not answered", [Filters(records=Records.SOURCES, not_reached=Milestone.ANSWERED)])


def _tags() -> dict[str, list[str]]:
    return {
        "source": [f"source:{service}" for service in Service],
        "group": [f"group:{group}" for group in RepresentedGroup],
        "field": [f"field:{field}" for field in InnovationField],
        "theme": [f"theme:{theme}" for theme in THEMES],
        "district": [f"district:{district}" for district in DISTRICTS[::3]],
        "language": ["language:ko", "language:en"],
        "a language that nobody wrote": ["language:vi"],
        "several services": ["services:several"],
        "task of a plan": [plan_tags(task)[-1] for task in TASKS[::6]],
        "objective of a plan": [f"plan:hr2013/{number}" for number in range(1, 6)],
    }


def _of(name: str, filters: Sequence[Filters], sort: str = "newest") -> Question:
    return Question(name, [Listing(each, Page(PAGE), sort) for each in filters])
