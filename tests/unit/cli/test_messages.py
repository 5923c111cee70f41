"""A service's messages as commands show them."""

from madang.proposals.v1 import proposals_pb2
from madang.type.v1.text_pb2 import Text
from services.cli.messages import as_plain, text_of


def test_values_by_their_keys_are_shown_by_their_keys() -> None:
    handling = proposals_pb2.Handling(period="2026")
    [field] = [field for field in handling.DESCRIPTOR.fields if field.message_type and field.message_type.GetOptions().map_entry]
    behind = getattr(handling, field.name)
    value_type = field.message_type.fields_by_name["value"].message_type
    assert value_type is not None
    behind["received"].SetInParent()
    shown = as_plain(handling)[field.name]
    assert list(shown) == ["received"]
    assert set(shown["received"]) == {item.name for item in value_type.fields}


def test_words_are_korean_unless_a_language_stands_before_them() -> None:
    assert text_of("설치합니다") == Text(plain="설치합니다", language="ko")
    assert text_of("zh-Hans=安装") == Text(plain="安装", language="zh-Hans")
    assert text_of("a=b") == Text(plain="a=b", language="ko")
