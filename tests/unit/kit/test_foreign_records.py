"""Batches that others wrote: bounded when inflated, readable as far as they can be, never an exception."""

import struct
import zlib
from typing import Any

import pytest
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from services.kit.foreign_records import MAX_BATCH, MAX_RECORD, Broken, ForeignRecords, Oversized

CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
COMPRESSED = [name for name in CODECS if name != "none"]


def batch(codec: str, *values: bytes, headers: list[tuple[str, bytes]] | None = None) -> bytes:
    builder = _DefaultRecordBatchBuilderPy(
        magic=2, compression_type=CODECS[codec], is_transactional=0, producer_id=-1, producer_epoch=-1, base_sequence=-1, batch_size=1 << 30
    )
    for offset, value in enumerate(values):
        builder.append(offset, 1_000, b"key", value, headers or [("ce_id", b"1")])
    return bytes(builder.build())


def read(raw: bytes) -> list[Any]:
    found, records = [], ForeignRecords(raw)
    while (piece := records.next_batch()) is not None:
        assert piece.validate_crc() or True
        found += list(piece)
    return found


@pytest.mark.parametrize("codec", CODECS)
def test_a_sound_batch_is_read_as_it_was_written(codec: str) -> None:
    records = read(batch(codec, b"one", b"two"))
    assert [(record.offset, record.key, record.value, record.headers) for record in records] == [
        (0, b"key", b"one", [("ce_id", b"1")]),
        (1, b"key", b"two", [("ce_id", b"1")]),
    ]


@pytest.mark.parametrize("codec", COMPRESSED)
def test_a_bomb_is_not_inflated_beyond_the_limit_and_its_beginning_is_kept(codec: str) -> None:
    good, bomb, after = read(batch(codec, b"good", b'{"id":"bomb"' + bytes(MAX_BATCH), b"after"))
    assert good.value == b"good"
    assert isinstance(bomb.value, Oversized)
    assert bomb.value.startswith(b'{"id":"bomb"')
    assert len(bomb.value) < MAX_RECORD
    assert isinstance(after.value, Oversized)
    assert [bomb.offset, after.offset] == [1, 2]


def test_a_large_record_is_cut_and_the_next_one_is_read() -> None:
    large, after = read(batch("gzip", bytes(MAX_RECORD + 1), b"after"))
    assert isinstance(large.value, Oversized)
    assert after.value == b"after"


@pytest.mark.parametrize("codec", COMPRESSED)
def test_a_batch_that_cannot_be_inflated_is_handed_out_as_broken_records(codec: str) -> None:
    raw = bytearray(batch(codec, b"one" * 50, b"two" * 50))
    raw[61:] = b"\xff" * (len(raw) - 61)
    records = read(bytes(raw))
    assert [record.offset for record in records] == [0, 1]
    assert all(isinstance(record.value, Broken) for record in records)


def test_a_batch_that_lies_about_its_lengths_is_handed_out_as_broken_records() -> None:
    for seed in range(300):
        raw = bytearray(batch("none", b"one", b"two", b"three"))
        place = 61 + zlib.crc32(struct.pack("i", seed)) % (len(raw) - 61)
        raw[place] = zlib.crc32(struct.pack("ii", seed, 1)) % 256
        assert [record.offset for record in read(bytes(raw))] == [0, 1, 2]


def test_the_name_of_a_header_need_not_be_text() -> None:
    raw = batch("none", b"one", headers=[("ce_xx", b"1")]).replace(b"ce_xx", b"\xff\xfe\x00\x01\x02")
    (record,) = read(raw)
    assert record.value == b"one"
    assert len(record.headers) == 1
