"""Page tokens: nobody makes one up, and none serves another query."""

from pathlib import Path

import pytest

from services.kit.errors import Refused
from services.kit.paging import PageTokens


@pytest.fixture
def tokens(tmp_path: Path) -> PageTokens:
    key = tmp_path / "key"
    key.write_bytes(b"secret")
    return PageTokens(str(key))


def test_a_token_names_its_place(tokens: PageTokens) -> None:
    assert tokens.read(tokens.sign(["2026-11-22", "id"], "q"), "q") == ["2026-11-22", "id"]


def test_no_token_is_the_first_page(tokens: PageTokens) -> None:
    assert tokens.read("", "q") is None


@pytest.mark.parametrize("altered", ["{token}AAAA", "AAAA{token}", "%%%", "가나다", "A"])
def test_an_altered_token_is_refused(tokens: PageTokens, altered: str) -> None:
    with pytest.raises(Refused) as refused:
        tokens.read(altered.format(token=tokens.sign([1], "q")), "q")
    assert refused.value.code == "PAGE_TOKEN_INVALID"


def test_a_token_of_another_query_is_refused(tokens: PageTokens) -> None:
    with pytest.raises(Refused):
        tokens.read(tokens.sign([1], "q"), "p")
