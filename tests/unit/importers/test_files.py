"""Files of other people, in whatever form they come."""

import gzip
from pathlib import Path

import pytest

from services.importers.files import read_text
from services.kit.errors import Refused


def written(folder: Path, raw: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_text_is_read_whatever_its_encoding(tmp_path: Path, encoding: str) -> None:
    assert read_text(written(tmp_path, "서울의 목소리".encode(encoding))) == "서울의 목소리"


def test_gzip_is_unpacked_whatever_the_name(tmp_path: Path) -> None:
    assert read_text(written(tmp_path, gzip.compress("서울".encode()))) == "서울"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"PK\x03\x04 a spreadsheet", "FILE_TYPE"),
        (b"\x7fELF\x00\x00", "FILE_TYPE"),
        (gzip.compress(b"cut off" * 100)[:-20], "FILE_TYPE"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, raw: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_text(written(tmp_path, raw))
    assert refused.value.code == code


def test_a_byte_that_fits_no_encoding_is_named_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_text(written(tmp_path, "첫 줄\n둘째 ".encode() + b"\xff\xff"))
    assert refused.value.code == "ENCODING_INVALID"
    assert "line 2, column 8" in refused.value.message
