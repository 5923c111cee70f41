"""Records that others wrote: a batch is inflated up to a limit only, and what can't be parsed is handed out instead of raised.

aiokafka inflates a whole batch whatever comes out (1 KiB may become gigabytes), and an exception while it parses, such as a header's
name that is not UTF-8, would stop its partition for ever.
"""

from collections.abc import Iterator
from typing import Any

import cramjam
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy, _DefaultRecordPy
from aiokafka.record.memory_records import _MemoryRecordsPy
from aiokafka.record.util import decode_varint_py as decode_varint  # the compiled one reads past the end of its buffer

MAX_BATCH, MAX_RECORD, GLIMPSE = 32 * 1024 * 1024, 1024 * 1024, 64 * 1024
CODECS = {1: cramjam.gzip, 3: cramjam.lz4, 4: cramjam.zstd}
SNAPPY = 2
XERIAL_MAGIC, XERIAL_HEADER = b"\x82SNAPPY\x00", 16


class Oversized(bytes):
    """The beginning of a value that is too large to be held."""


class _Full(Exception):  # noqa: N818 - it says what the buffer is
    def __init__(self, written: int) -> None:
        super().__init__(written)
        self.written = written


class Broken(bytes):
    """What could be had of a value that can't be read."""


def guard() -> None:
    """Read every topic of this process so. aiokafka has no other place for it than its module's own name."""
    fetcher.MemoryRecords = ForeignRecords


class ForeignRecords(_MemoryRecordsPy):  # type: ignore[misc]
    """What one fetch brought of one partition."""

    def next_batch(self) -> Any:
        """The next batch; those of Kafka before 0.11, which no broker stores any more, as aiokafka reads them."""
        piece = self._next_slice
        if piece is None or len(piece) < self.MIN_SLICE or piece[self.MAGIC_OFFSET] < 2:
            return super().next_batch()
        self._cache_next()
        return ForeignBatch(piece)


class ForeignBatch(_DefaultRecordBatchPy):  # type: ignore[misc]
    """One batch: its records, and for each that can't be read one whose value is Oversized or Broken."""

    def __iter__(self) -> Iterator[_DefaultRecordPy]:
        offset = self.base_offset
        buffer, whole = self._inflated()
        position = 0
        while offset < self.next_offset:
            try:
                record, position = self._read(buffer, position, offset)
            except (IndexError, ValueError):
                break
            yield record
            offset = record.offset + 1
        for lost in range(offset, self.next_offset):
            yield self._record(lost, None, Broken() if whole else Oversized(), [])

    def _inflated(self) -> tuple[bytes | bytearray, bool]:
        """The records' bytes as far as they are allowed, and whether that is all of them."""
        data = bytes(self._buffer[self._pos :])
        if not self.compression_type:
            return data, True
        out = bytearray(MAX_BATCH)
        whole = True
        try:
            size = _inflate(self.compression_type, data, out)
        except _Full as full:
            size, whole = full.written, False
        except cramjam.DecompressionError:
            size = 0
        del out[size:]
        return out, whole

    def _read(self, buffer: bytes | bytearray, position: int, least: int) -> tuple[_DefaultRecordPy, int]:
        """The record at a position, and where it ends. Raises IndexError or ValueError where that is none."""
        length, start = decode_varint(buffer, position)
        end = start + length
        _, position = decode_varint(buffer, start)  # attributes: none are in use
        _, position = decode_varint(buffer, position)  # time of creation: nobody here asks for it
        delta, position = decode_varint(buffer, position)
        key, position = _bytes(buffer, position)
        value, position = _bytes(buffer, position)
        offset = self.base_offset + delta
        if not least <= offset < self.next_offset or position > end:
            raise ValueError("the record does not belong here")
        if end > len(buffer) or length > MAX_RECORD:
            value = Oversized(value[:GLIMPSE] if value else b"")
        headers = _headers(buffer[position : min(end, position + GLIMPSE)])
        return self._record(offset, key[:GLIMPSE] if key else key, value, headers), end

    def _record(self, offset: int, key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]]) -> _DefaultRecordPy:
        return _DefaultRecordPy(offset, self.max_timestamp, self.timestamp_type, key, value, headers)


def _inflate(codec: int, data: bytes, out: bytearray) -> int:
    """Inflate into a buffer; answers how much. Raises DecompressionError, _Full."""
    if codec == SNAPPY:
        return _inflate_snappy(data, out)
    try:
        return int(CODECS[codec].decompress_into(data, out))
    except cramjam.DecompressionError as error:
        raise _Full(len(out)) if "whole buffer" in str(error) else error from None


def _inflate_snappy(data: bytes, out: bytearray) -> int:
    """One block, or those of the framing that Kafka's own client uses."""
    if not data.startswith(XERIAL_MAGIC):
        return _inflate_block(data, out, 0)
    position, written = XERIAL_HEADER, 0
    while position < len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        written += _inflate_block(data[position + 4 : position + 4 + size], out, written)
        position += 4 + size
    return written


def _inflate_block(block: bytes, out: bytearray, written: int) -> int:
    if written + cramjam.snappy.decompress_raw_len(block) > len(out):
        raise _Full(written)
    return int(cramjam.snappy.decompress_raw_into(block, memoryview(out)[written:]))


def _bytes(buffer: bytes | bytearray, position: int) -> tuple[bytes | None, int]:
    length, position = decode_varint(buffer, position)
    if length < 0:
        return None, position
    return bytes(buffer[position : position + length]), position + length


def _headers(buffer: bytes | bytearray) -> list[tuple[str, bytes | None]]:
    """A record's headers, as far as they can be read; a name that is not UTF-8 is read with replacements."""
    found: list[tuple[str, bytes | None]] = []
    try:
        count, position = decode_varint(buffer, 0)
        for _ in range(count):
            name, position = _bytes(buffer, position)
            value, position = _bytes(buffer, position)
            found.append(((name or b"").decode(errors="replace"), value))
    except (IndexError, ValueError):
        pass
    return found
