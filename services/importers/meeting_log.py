"""A secretary's file of one meeting, in YAML or in Markdown with a YAML front part (docs/meetings-log.md)."""

import difflib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from services.importers import located
from services.importers.files import read_text
from services.importers.located import Located
from services.kit.clock import SEOUL
from services.kit.errors import Kind, Refused, Violation

FENCE = "---"
# The eight legal parts, by our names and by those of the decree.
PARTS = {
    "name": "회의 명칭", "host": "개최기관", "date_and_place": "일시 및 장소", "attendees": "참석자 및 배석자 명단",
    "proceedings": "진행 순서", "items": "상정 안건", "speeches": "발언 요지", "decisions": "결정 사항 및 표결 내용",
}  # fmt: skip
Group = Literal[
    "elderly", "disabled", "traditional_merchants", "foreigners", "women", "youth", "small_businesses", "culture_arts", "tourism",
    "urban_safety", "environment", "young_adults",
]  # fmt: skip
Result = Literal["adopted", "adopted_amended", "deferred", "rejected", "noted", "withdrawn"]
Stage = Literal["drafting", "in_review", "approved", "published"]
Line = Annotated[str, Field(min_length=1, max_length=2000)]


def _in_seoul(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=SEOUL)


Moment = Annotated[datetime, AfterValidator(_in_seoul)]


class Part(BaseModel):
    """A part of the file; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Meeting(Part):
    """Which meeting it is; a time without an offset is Seoul's."""

    name: Line
    type: Literal["subcommittee", "plenary"]
    start: Moment
    end: Moment | None = None
    location: str = ""


class People(Part):
    """Who was there, by name. The names stand in the minutes and nowhere else; everybody is counted."""

    attendees: list[Line] = Field(min_length=1)
    observers: list[Line] = []


class Quorum(Part):
    """How many members had to be there, and how many were."""

    needed: int = Field(ge=0)
    present: int = Field(ge=0)


class Votes(Part):
    """How a vote went."""

    yes: int = Field(ge=0)
    no: int = Field(ge=0, default=0)
    abstain: int = Field(ge=0, default=0)


class Resolution(Part):
    """A resolution that an item led to."""

    kind: Literal["internal", "opinion", "policy_proposal"]
    text: str = Field(min_length=1)


class Item(Part):
    """An agenda item with what became of it. Its number names it within the file."""

    number: str = Field(min_length=1, max_length=50)
    name: Line
    text: str = ""
    public: bool = True
    presenter: str = Field("", max_length=100)
    themes: list[str] = []
    groups: list[Group] = []
    district: str = ""
    matters: list[str] = []
    result: Result | None = None
    result_words: str = ""
    votes: Votes | None = None
    decided: str = ""
    resolution: Resolution | None = None


class Action(Part):
    """What a department is to do."""

    task: str = Field(min_length=1)
    department: str = Field(min_length=1, max_length=100)
    due: date
    item: str = ""


class Minutes(Part):
    """The eight parts of the minutes, and how far they have come; attendees left empty are taken from `people`."""

    stage: Stage = "published"
    name: str = ""
    host: str = ""
    date_and_place: str = ""
    attendees: str = ""
    proceedings: str = ""
    items: str = ""
    speeches: str = ""
    decisions: str = ""


class MeetingLog(Part):
    """One meeting. `key` names it for ever within its council: the same key is the same meeting."""

    key: str = Field(min_length=1, max_length=200)
    council: str = Field(min_length=1)
    language: str = "ko"
    meeting: Meeting
    people: People | None = None
    quorum: Quorum | None = None
    items: list[Item] = []
    actions: list[Action] = []
    minutes: Minutes | None = None

    @field_validator("items")
    @classmethod
    def _each_number_once(cls, items: list[Item]) -> list[Item]:
        numbers = [item.number for item in items]
        if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
            raise ValueError(f"the number {twice[0]} is given twice")
        return items

    @model_validator(mode="after")
    def _is_of_one_piece(self) -> "MeetingLog":
        held = bool(self.people and self.quorum)
        decided = [item.number for item in self.items if item.result not in {None, "withdrawn"} or item.resolution]
        if not held and (decided or self.actions or self.minutes):
            raise ValueError("decisions, actions and minutes need people and quorum: the meeting was held")
        if unknown := [action.item for action in self.actions if action.item and action.item not in {item.number for item in self.items}]:
            raise ValueError(f"an action names the item {unknown[0]}, which is not in the file")
        return self

    @property
    def parts(self) -> dict[str, str]:
        """The words of the minutes by part, with the list of attendees."""
        given = {part: getattr(self.minutes, part) for part in PARTS} if self.minutes else {}
        if self.people and not given.get("attendees"):
            names = [f"참석: {', '.join(self.people.attendees)}"]
            names += [f"배석: {', '.join(self.people.observers)}"] if self.people.observers else []
            given["attendees"] = "\n".join(names)
        return {part: words for part, words in given.items() if words.strip()}


def read(path: Path) -> MeetingLog:
    """Read a file.

    Raises:
        Refused: with a violation for everything that is wrong, each with its line; FIELD_UNKNOWN, FIELD_REQUIRED or FORMAT_INVALID.
        OSError: the file cannot be read.
    """
    document = _document(path)
    try:
        return MeetingLog.model_validate(document.value)
    except ValidationError as error:
        violations = [_violation(document, item) for item in error.errors()]
    raise Refused(Kind.INVALID, violations[0].code, f"{path.name} cannot be taken as it is", violations=violations)


def _document(path: Path) -> Located:
    """The YAML of a file, with the parts of the minutes that stand as headings after it."""
    text = read_text(path)
    lines = text.splitlines()
    if not lines or lines[0].strip() != FENCE or FENCE not in (line.strip() for line in lines[1:]):
        return located.read(text, path.name)
    end = next(number for number, line in enumerate(lines) if number and line.strip() == FENCE)
    document = located.read("\n".join(lines[1:end]), path.name, first_line=2)
    if isinstance(document.value, dict):
        _take_headings(document, lines[end + 1 :], end + 2)
    return document


def _take_headings(document: Located, lines: list[str], first_line: int) -> None:
    """Put each `## part` with the words under it where the YAML would have it."""
    minutes = document.value.setdefault("minutes", {})
    if not isinstance(minutes, dict):
        return
    names = {korean: part for part, korean in PARTS.items()}
    part, words = "", dict[str, list[str]]()
    for number, line in enumerate(lines, first_line):
        if line.startswith("## "):
            heading = line.removeprefix("## ").strip()
            part = names.get(heading, heading)
            words[part] = []
            document.lines[("minutes", part)] = number
        elif part:
            words[part].append(line)
    minutes.update({name: "\n".join(found).strip() for name, found in words.items()})


def _violation(document: Located, found: Any) -> Violation:
    path, kind = found["loc"], found["type"]
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(path[-1]), _known(path[:-1]), n=1)
        return document.wrong(path, "FIELD_UNKNOWN", f"{path[-1]} is no field here" + (f"; did you mean {near[0]}?" if near else ""))
    if kind == "missing":
        return document.wrong(path, "FIELD_REQUIRED", f"{path[-1]} is missing")
    return document.wrong(path, "FORMAT_INVALID", found["msg"].removeprefix("Value error, "))


def _known(path: tuple[str | int, ...]) -> list[str]:
    """The fields of the part at a path."""
    model: Any = MeetingLog
    for name in (part for part in path if isinstance(part, str)):
        annotation = model.model_fields[name].annotation
        model = next(item for item in (annotation, *get_args(annotation)) if isinstance(item, type) and issubclass(item, Part))
    return list(model.model_fields)
