"""Figures as commands show them: each with the command that opens its records."""

from services.cli.reports import list_command, with_commands


def test_a_figure_says_which_command_opens_its_records() -> None:
    figure = {
        "name": "raised",
        "records": {"query": "", "tags": ["group:women", "theme:밤 길"], "records": "sources", "missed": True,
                                                   "since": "2026-10-01T00:00:00+09:00", "page_size": 0, "as_of": None},
    }  # fmt: skip
    told = with_commands({"lines": [{"raised": figure, "group": "women"}]})["lines"][0]["raised"]
    assert set(told["records"]) == {"tags", "records", "missed", "since"}
    assert told["opened_by"] == (
        "madang agenda list --tags group:women --tags 'theme:밤 길' --records sources --missed --since 2026-10-01T00:00:00+09:00"
    )


def test_a_command_without_filters_lists_everything() -> None:
    assert list_command({}) == "madang agenda list"
