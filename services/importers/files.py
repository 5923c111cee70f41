"""Files of other people: whatever their compression and encoding, their text."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.kit.errors import Refused, invalid

MAX_BYTES = 2 * 1024**3
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def read_text(path: Path, *, also: str = "cp949") -> str:
    """A file's text, out of gzip where it is packed; `also` is the encoding to try where it is not Unicode.

    Raises:
        Refused: FILE_TYPE for archives and spreadsheets, FILE_TOO_LARGE past 2 GiB, ENCODING_INVALID with line and column.
        OSError: it cannot be read.
    """
    raw = path.read_bytes()
    if raw.startswith(GZIP):
        raw = _unpacked(path)
    if raw.startswith(ZIP) or (b"\x00" in raw[:1024] and not raw.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise invalid("FILE_TYPE", f"{path.name} is no text file")
    return _decoded(raw, path.name, also)


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path) as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise invalid("FILE_TYPE", f"{path.name} is no whole gzip file: {error}") from None
    if len(raw) > MAX_BYTES:
        raise invalid("FILE_TOO_LARGE", f"{path.name} unpacks to more than {MAX_BYTES:,} bytes")
    return raw


def _decoded(raw: bytes, name: str, also: str) -> str:
    """UTF-8, UTF-16 with a mark, or the other one (by default CP949, the old Korean code page); nothing is guessed past a bad byte."""
    encoding = next((encoding for mark, encoding in MARKS.items() if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        try:
            return raw.decode(also)
        except UnicodeDecodeError:
            raise _bad_byte(raw, error.start, name, also) from None


def _bad_byte(raw: bytes, at: int, name: str, also: str) -> Refused:
    line = raw.count(b"\n", 0, at) + 1
    column = at - (raw.rfind(b"\n", 0, at) + 1) + 1
    return invalid("ENCODING_INVALID", f"{name}: byte {raw[at]:#04x} at line {line}, column {column} is neither UTF-8 nor {also.upper()}")


def json_lines(text: str) -> Iterator[tuple[int, Any | Refused]]:
    """The objects of a JSON Lines text with their line numbers; a line that is no JSON object comes as its refusal."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _parsed(line)


def _parsed(line: str) -> Any | Refused:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        return invalid("DECODE_FAILED", f"no JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return invalid("DECODE_FAILED", "nested too deep")
    return value if isinstance(value, dict) else invalid("ROW_SHAPE", "a row is a JSON object")
