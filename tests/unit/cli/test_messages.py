"""A service's messages as commands show them."""

from madang.proposals.v1 import proposals_pb2
from madang.type.v1.text_pb2 import Text
from services.cli.messages import as_plain, text_of


def test_values_by_their_keys_are_shown_by_their_keys() -> None:
    number = proposals_pb2.HandlingRecords(filter={"received_in": "2026"})
    assert as_plain(number)["filter"] == {"received_in": "2026"}


def test_words_are_korean_unless_a_language_stands_before_them() -> None:
    assert text_of("설치합니다") == Text(plain="설치합니다", language="ko")
    assert text_of("zh-Hans=安装") == Text(plain="安装", language="zh-Hans")
    assert text_of("a=b") == Text(plain="a=b", language="ko")
