"""What a source speaks of: its own themes, and the content words of its title."""

from collections.abc import Iterable

from services.agenda.search.words import LONGEST, STOP_WORDS, content_words
from services.kit.text import fold, one_line, storable

THEME, TITLE = "theme:", 1_000


def words_of(title: str, tags: Iterable[str]) -> tuple[str, ...]:
    """What a source speaks of: its `theme:` tags as they are, and the content words of its title, each once, in order."""
    if title.endswith("…"):  # a voice's beginning, cut where it was too long: its last word may be none
        title = title.rpartition(" ")[0]
    themes = {fold(storable(one_line(tag.removeprefix(THEME)))) for tag in tags if tag.startswith(THEME)}
    return tuple(sorted({theme for theme in themes - STOP_WORDS if len(theme) <= LONGEST} | {*content_words(title[:TITLE])}))
