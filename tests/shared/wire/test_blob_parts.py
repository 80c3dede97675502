"""A blob's stream on the wire: head, parts and word, byte by byte."""

from __future__ import annotations

import hashlib

import pytest

from shared.wire.blob_parts import (
    HEAD_BYTES,
    MAXIMUM_BLOB_BYTES,
    NUMBERS,
    WORD_BYTES,
    Head,
    Verdict,
    Word,
    decode_head,
    decode_word,
    encode_head,
    encode_word,
    parts,
    read_part,
    stream_of,
)
from shared.wire.errors import WireError
from shared.wire.operations import BlobKind

SHORTEST_VALUE_BYTES = 20
DIGEST = bytes(range(32))


def test_a_head_has_its_bytes_in_this_order() -> None:
    head = Head(9, BlobKind.PRESCRIPTION, 0x0203, 0x0102, DIGEST)
    assert encode_head(head) == bytes([9, 5, 2, 3, 1, 2]) + DIGEST
    assert decode_head(encode_head(head)) == head


def test_a_question_is_a_head_alone() -> None:
    question = stream_of(BlobKind.TRANSFER, b"abc", stream=4, offset=None)
    assert question[:6] == bytes([4, 1, 0, 3, 0xFF, 0xFF])
    assert len(question) == HEAD_BYTES == 38
    assert decode_head(question).offset is None


def test_a_stream_is_a_head_and_the_bytes_from_its_offset_on() -> None:
    stream = stream_of(BlobKind.TRANSFER, b"abcdef", offset=2)
    head = decode_head(stream[:HEAD_BYTES])
    assert (head.size, head.offset) == (6, 2)
    assert head.hash == hashlib.sha256(b"abcdef").digest()
    assert stream[HEAD_BYTES:] == b"cdef"


def test_streams_are_numbered_round_after_255() -> None:
    assert encode_head(Head(256, BlobKind.TRANSFER, 1, 0, DIGEST))[0] == 0


@pytest.mark.parametrize(
    ("kind", "size", "field"), [(0, 1, "kind"), (9, 1, "kind"), (1, 0, "size"), (1, 2049, "size")]
)
def test_a_kind_or_a_size_that_no_blob_has_is_named(kind: int, size: int, field: str) -> None:
    with pytest.raises(WireError, match=field):
        decode_head(bytes([1, kind]) + size.to_bytes(2) + bytes(2) + DIGEST)


@pytest.mark.parametrize("length", [0, HEAD_BYTES - 1, HEAD_BYTES + 1])
def test_a_head_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(WireError, match="head"):
        decode_head(bytes(length))


@pytest.mark.parametrize("verdict", Verdict)
def test_a_word_has_its_bytes_in_this_order(verdict: Verdict) -> None:
    word = Word(7, verdict, 0x0102)
    assert encode_word(word) == bytes([7, verdict, 1, 2])
    assert decode_word(encode_word(word)) == word


@pytest.mark.parametrize("value", [b"", bytes(WORD_BYTES), b"\1\5\0\0", b"\1\1\0", b"\1\1\0\0\0"])
def test_what_is_no_word_is_refused(value: bytes) -> None:
    with pytest.raises(WireError):
        decode_word(value)


@pytest.mark.parametrize("value_bytes", [SHORTEST_VALUE_BYTES, 61, 182, 244, 512])
def test_parts_come_together_to_the_stream(value_bytes: int) -> None:
    stream = stream_of(BlobKind.TRANSFER, bytes(range(256)) * (MAXIMUM_BLOB_BYTES // 256))
    cut = list(parts(stream, value_bytes))
    assert max(map(len, cut)) <= value_bytes
    read = [read_part(value) for value in cut]
    assert [number for number, _ in read] == list(range(len(cut)))
    assert b"".join(data for _, data in read) == stream


def test_no_stream_needs_a_number_twice() -> None:
    longest = stream_of(BlobKind.TRANSFER, bytes(MAXIMUM_BLOB_BYTES))
    assert len(list(parts(longest, SHORTEST_VALUE_BYTES))) == 110
    assert len(list(parts(bytes(NUMBERS), 2))) == NUMBERS
    with pytest.raises(WireError, match="256"):
        list(parts(bytes(NUMBERS + 1), 2))


@pytest.mark.parametrize("value", [b"", b"\0"])
def test_a_value_without_bytes_is_no_part(value: bytes) -> None:
    with pytest.raises(WireError, match="nothing"):
        read_part(value)
