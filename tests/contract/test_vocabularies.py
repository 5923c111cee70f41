"""Every code that people meet has its words in four languages, and the file has no code that nothing else has."""

import importlib
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import pytest
from google.protobuf.descriptor import EnumDescriptor

from services.kit import vocabulary
from services.kit.errors import Kind, Refused
from services.kit.text import Label
from services.kit.vocabularies import vocabularies
from services.kit.vocabularies import vocabulary as vocabulary_named
from services.proposals.domain.service_codes import BY_CODE

GENERATED = Path(__file__).parents[2] / "protos" / "python"
LANGUAGES = ("ko", "en", "zh", "vi")
HANGUL, HAN = re.compile("[가-힣]"), re.compile("[一-鿿]")


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def enumerations() -> Iterator[EnumDescriptor]:
    for path in sorted((GENERATED / "madang").rglob("*_pb2.py")):
        module = importlib.import_module(".".join(path.relative_to(GENERATED).with_suffix("").parts))
        yield from module.DESCRIPTOR.enum_types_by_name.values()


def codes_of(enum: EnumDescriptor) -> list[str]:
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return [value.name.removeprefix(prefix).lower() for value in enum.values if value.number]


def expected() -> dict[str, Sequence[str]]:
    """Every vocabulary with its codes: the contracts' enumerations, kit's, and those that are data."""
    found: dict[str, Sequence[str]] = {snake(enum.name): codes_of(enum) for enum in enumerations()}
    for name, item in vars(vocabulary).items():
        if isinstance(item, type) and issubclass(item, StrEnum) and item is not StrEnum:
            found.setdefault(snake(name), [str(code) for code in item])
    return found | {"district": list(vocabulary.DISTRICTS), "service_code": list(BY_CODE), "language": LANGUAGES}


def test_no_two_enumerations_share_a_name() -> None:
    names = [snake(enum.name) for enum in enumerations()]
    assert len(names) == len(set(names))


def test_there_is_a_vocabulary_for_each_enumeration_and_no_other() -> None:
    assert set(vocabularies()) == set(expected())


@pytest.mark.parametrize("name", sorted(expected()))
def test_a_vocabulary_has_exactly_the_codes_of_its_enumeration(name: str) -> None:
    assert sorted(vocabularies()[name].codes) == sorted(expected()[name])


@pytest.mark.parametrize("name", sorted(expected()))
def test_every_code_has_its_words_in_each_language_and_its_script(name: str) -> None:
    found = vocabularies()[name]
    for code, label in {"": found.label, **found.codes}.items():
        assert all(label.in_language(language).strip() for language in LANGUAGES), code
        assert all((label.ko, label.en, label.zh, label.vi)), code
        assert HANGUL.search(label.ko), code
        assert label.en.isascii(), code
        assert HAN.search(label.zh) or label.zh.isascii(), code
        assert not HANGUL.search(label.zh + label.vi), code
        assert not HAN.search(label.ko + label.vi), code


@pytest.mark.parametrize("name", sorted(expected()))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_codes_of_a_vocabulary_are_called_the_same(name: str, language: str) -> None:
    words = [label.in_language(language) for label in vocabularies()[name].codes.values()]
    assert len(words) == len(set(words))


def test_districts_bear_their_own_names() -> None:
    assert {code: label.ko for code, label in vocabularies()["district"].codes.items()} == vocabulary.DISTRICTS


def test_a_language_without_words_is_answered_in_korean() -> None:
    label = Label("주거", en="housing", zh="居住")
    assert [label.in_language(language) for language in ("en", "zh-Hans", "vi", "")] == ["housing", "居住", "주거", "주거"]


def test_a_vocabulary_that_nobody_has_is_not_found() -> None:
    with pytest.raises(Refused) as refused:
        vocabulary_named("colours")
    assert (refused.value.kind, refused.value.code) == (Kind.NOT_FOUND, "NOT_FOUND")
