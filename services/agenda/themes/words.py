"""The content words of a title: folded, without Korean particles and endings, without the words of administration.

Like a stemmer and unlike a parser: what matters is that a word is cut to the same form wherever it stands, which a table does in
microseconds, without a dictionary that would have to be kept.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from services.kit.text import fold, one_line, storable

THEME = "theme:"
SYLLABLES, LETTERS, LONGEST, TITLE = 2, 4, 60, 1_000
RUNS = re.compile(r"[가-힣]+|[^\W\d_가-힣]+")
TABLES = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
ENDINGS = sorted(TABLES["endings"].split(), key=len, reverse=True)
WHOLE, VERBS = tuple(TABLES["whole"].split()), tuple(TABLES["verbs"].split())
STOP_WORDS = frozenset(" ".join(TABLES["stop"]).split())


def words_of(title: str, tags: Iterable[str]) -> tuple[str, ...]:
    """What a source speaks of: its `theme:` tags as they are, and the content words of its title, each once, in order."""
    if title.endswith("…"):  # a voice's beginning, cut where it was too long: its last word may be none
        title = title.rpartition(" ")[0]
    themes = {fold(storable(one_line(tag.removeprefix(THEME)))) for tag in tags if tag.startswith(THEME)}
    return tuple(sorted({theme for theme in themes - STOP_WORDS if len(theme) <= LONGEST} | content_words(title[:TITLE])))


def content_words(text: str) -> set[str]:
    """The content words of a text: of two Hangul syllables or more, or of four letters or more."""
    return {word for run in RUNS.findall(fold(text)) if (word := _word(run))}


def _word(run: str) -> str:
    """A run of letters as the word that it stands for, empty for none."""
    if not _is_hangul(run):
        return run if LETTERS <= len(run) <= LONGEST and run not in STOP_WORDS else ""
    word = stem(run)
    return word if SYLLABLES <= len(word) <= LONGEST and not STOP_WORDS & {word, run} else ""


def stem(word: str) -> str:
    """A Hangul word without its longest ending, at least two syllables of it left, unless the ending belongs to the word.

    Empty for a verb: what would be left of one is no word.
    """
    if word.endswith(WHOLE):
        return word
    ending = next((each for each in ENDINGS if word.endswith(each) and len(word) - len(each) >= SYLLABLES), "")
    is_verb = any(len(each) > len(ending) for each in VERBS if word.endswith(each))
    return "" if is_verb else word.removesuffix(ending)


def _is_hangul(run: str) -> bool:
    return "가" <= run[0] <= "힣"
