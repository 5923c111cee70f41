"""Foreign files as text: plain or gzip, UTF-8 or UTF-16, never larger than memory can bear."""

import gzip
import zlib
from pathlib import Path

from services.kit.errors import Refused, invalid

MAX_BYTES = 1024 * 1024 * 1024
GZIP, UTF16 = b"\x1f\x8b", (b"\xff\xfe", b"\xfe\xff")
# What people also give the name of a text file.
BINARY = {b"PK\x03\x04": "a zip archive or an office document", b"%PDF": "a PDF", b"\xd0\xcf\x11\xe0": "an old office document"}


def text_of(path: Path, *also: str) -> str:
    """The text of a file; `also` names encodings to try where it is not Unicode.

    Raises:
        Refused: FILE_TYPE for what is no text, FILE_TOO_LARGE over 1 GiB, ENCODING_INVALID naming the first bad byte.
        OSError: the file cannot be read.
    """
    data = _bytes_of(path)
    for magic, what in BINARY.items():
        if data.startswith(magic):
            raise invalid("FILE_TYPE", f"{path.name} is {what}")
    bad = 0
    for encoding in ["utf-16"] if data.startswith(UTF16) else ["utf-8-sig", *also]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            bad = bad or error.start
    raise _bad_byte(path, data, bad)


def _bytes_of(path: Path) -> bytes:
    """The file's bytes, inflated where it is gzip, whatever its name says."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    try:
        with gzip.open(path) if packed else path.open("rb") as stream:
            data: bytes = stream.read(MAX_BYTES + 1)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise invalid("FILE_TYPE", f"{path.name} begins as gzip and is broken: {error}") from None
    if len(data) > MAX_BYTES:
        raise invalid("FILE_TOO_LARGE", f"{path.name} holds more than {MAX_BYTES:,} bytes")
    return data


def _bad_byte(path: Path, data: bytes, at: int) -> Refused:
    row = data.count(b"\n", 0, at) + 1
    column = at - data.rfind(b"\n", 0, at)
    return invalid(
        "ENCODING_INVALID", f"{path.name}, line {row}, byte {column}: 0x{data[at]:02x} is no UTF-8", row=str(row), column=str(column)
    )
