"""The device's room for blobs: streams put together, words said once, what came whole kept once."""

from __future__ import annotations

from typing import Any

import pytest

from firmware_bridge.emulator.firmware.blobs import Blobs
from firmware_bridge.emulator.firmware.outside import Refused
from shared.wire.blob_parts import (
    HEAD_BYTES,
    MAXIMUM_BLOB_BYTES,
    Verdict,
    Word,
    parts,
    stream_of,
)
from shared.wire.operations import BlobKind, StatusCode

KIND = BlobKind.ASSIGNMENT
DATA = b"0123456789"
WHOLE = (Verdict.WHOLE, len(DATA))
VALUE_BYTES = 20


def stream(data: bytes = DATA, **changed: Any) -> bytes:
    """A stream as a phone makes it."""
    return stream_of(KIND, data, **changed)


def cut(data: bytes = DATA, step: int = 4) -> list[bytes]:
    """A stream in parts: the first with the whole head, each with so many of the blob's bytes."""
    whole = stream(data)
    contents = [whole[: HEAD_BYTES + step]]
    contents += [data[start : start + step] for start in range(step, len(data), step)]
    return [bytes([number]) + content for number, content in enumerate(contents)]


def said(blobs: Blobs, *values: bytes) -> list[tuple[Verdict, int]]:
    """Give values; return the words for them, without the streams' numbers."""
    words = [blobs.part(value) for value in values]
    return [(word.verdict, word.held) for word in words if word is not None]


def held(blobs: Blobs, data: bytes = DATA) -> tuple[Verdict, int]:
    """Ask what is held."""
    (word,) = said(blobs, b"\0" + stream(data, offset=None))
    return word


def test_a_blob_is_received_and_used_once() -> None:
    blobs = Blobs()
    *others, last = parts(stream(), VALUE_BYTES)
    assert said(blobs, *others) == []
    assert KIND not in blobs
    assert said(blobs, last) == [WHOLE]
    assert KIND in blobs
    assert blobs.look(KIND) == DATA
    assert blobs.take(KIND) == DATA
    with pytest.raises(Refused) as refused:
        blobs.take(KIND)
    assert (refused.value.status, refused.value.code) == (StatusCode.WRONG_STATE, "no_assignment")


@pytest.mark.parametrize("size", [1, MAXIMUM_BLOB_BYTES])
@pytest.mark.parametrize("value_bytes", [VALUE_BYTES, 512])
def test_the_shortest_and_the_longest_come_whole(size: int, value_bytes: int) -> None:
    blobs = Blobs()
    assert said(blobs, *parts(stream(bytes(size)), value_bytes)) == [(Verdict.WHOLE, size)]
    assert blobs.look(KIND) == bytes(size)


def test_the_word_names_its_stream() -> None:
    assert Blobs().part(b"\0" + stream(stream=7)) == Word(7, Verdict.WHOLE, len(DATA))


def test_values_of_no_stream_are_let_go() -> None:
    assert said(Blobs(), b"", b"\0", b"\1x", b"\xff") == []


def test_a_doubled_part_counts_once() -> None:
    blobs = Blobs()
    assert said(blobs, *(value for value in cut() for _ in range(2))) == [WHOLE]
    assert blobs.look(KIND) == DATA


@pytest.mark.parametrize("number", [2, 3, 255])
def test_what_follows_a_lost_part_is_let_go_and_told_once(number: int) -> None:
    blobs, (first, second, third) = Blobs(), cut()
    assert said(blobs, first) == []
    assert said(blobs, bytes([number]) + b"late") == [(Verdict.GO_ON, 4)]
    assert said(blobs, second, third) == []
    assert held(blobs) == (Verdict.GO_ON, 4)


def test_a_part_beyond_the_size_is_let_go_and_told() -> None:
    blobs, (first, second, third) = Blobs(), cut()
    assert said(blobs, first, second, third + b"x") == [(Verdict.GO_ON, 8)]
    assert held(blobs) == (Verdict.GO_ON, 8)


def test_numbers_do_not_go_around() -> None:
    blobs, data = Blobs(), bytes(300)
    first = b"\0" + stream(data)[: HEAD_BYTES + 1]
    assert said(blobs, first, *(bytes([number, 0]) for number in range(1, 256))) == []
    assert said(blobs, b"\0" + data[256:]) == [(Verdict.REFUSED, 0)]
    assert held(blobs, data) == (Verdict.GO_ON, 256)


def test_part_0_begins_a_stream_in_the_midst_of_another() -> None:
    blobs, other = Blobs(), cut(DATA[::-1])
    assert said(blobs, *cut()[:2], *other) == [WHOLE]
    assert blobs.look(KIND) == DATA[::-1]


def test_a_head_that_is_lost_in_part_is_asked_about_by_the_phone() -> None:
    blobs, (first, _, *others) = Blobs(), parts(stream(), VALUE_BYTES)
    assert said(blobs, first, *others) == []
    assert held(blobs) == (Verdict.GO_ON, 0)


def test_a_stream_from_an_offset_drops_what_was_held_beyond_it() -> None:
    blobs = Blobs()
    assert said(blobs, *cut()[:2]) == []
    assert said(blobs, b"\0" + stream(offset=6)) == [WHOLE]
    assert blobs.look(KIND) == DATA


def test_an_offset_beyond_what_is_held_takes_no_part() -> None:
    blobs = Blobs()
    assert said(blobs, cut()[0]) == []
    assert said(blobs, b"\0" + stream(offset=6), b"\1x") == [(Verdict.GO_ON, 4)]
    assert held(blobs) == (Verdict.GO_ON, 4)


def test_behind_a_question_nothing_is_taken() -> None:
    blobs = Blobs()
    assert held(blobs) == (Verdict.GO_ON, 0)
    assert said(blobs, b"\1" + DATA) == []
    assert held(blobs) == (Verdict.GO_ON, 0)


def test_a_blob_whose_word_was_not_heard_is_whole_until_it_is_used() -> None:
    blobs = Blobs()
    assert said(blobs, b"\0" + stream()) == [WHOLE]
    assert held(blobs) == WHOLE
    assert said(blobs, cut()[0]) == [WHOLE]
    assert blobs.take(KIND) == DATA
    assert held(blobs) == (Verdict.GO_ON, 0)


def test_other_bytes_are_not_kept_and_begin_anew() -> None:
    blobs = Blobs()
    assert said(blobs, b"\0" + stream()[:-1] + b"x") == [(Verdict.OTHER_BYTES, 0)]
    assert KIND not in blobs
    assert held(blobs) == (Verdict.GO_ON, 0)


def test_a_newer_blob_takes_the_place_of_one_of_its_kind_that_waits() -> None:
    blobs = Blobs()
    said(blobs, b"\0" + stream(), b"\0" + stream(DATA[::-1]))
    assert blobs.take(KIND) == DATA[::-1]
    assert KIND not in blobs


def test_one_of_each_kind_waits() -> None:
    blobs = Blobs()
    for kind in BlobKind:
        said(blobs, b"\0" + stream_of(kind, bytes([kind])))
    assert [blobs.take(kind) for kind in BlobKind] == [bytes([kind]) for kind in BlobKind]


def test_another_blob_drops_the_one_under_way() -> None:
    blobs = Blobs()
    said(blobs, *cut()[:2])
    assert held(blobs, DATA[::-1]) == (Verdict.GO_ON, 0)
    assert held(blobs) == (Verdict.GO_ON, 0)


@pytest.mark.parametrize(
    ("at", "value"), [(1, 0), (1, 9), (1, 255), (2, 0x08), (3, 0), (2, 0xFF)], ids=str
)
def test_a_kind_or_a_size_that_no_blob_has_is_refused_and_drops_nothing(
    at: int, value: int
) -> None:
    blobs = Blobs()
    said(blobs, cut()[0])
    head = bytearray(stream(stream=3))
    head[at] = value
    word = blobs.part(b"\0" + bytes(head))
    assert word == Word(3, Verdict.REFUSED, 0)
    assert said(blobs, b"\1x") == []
    assert held(blobs) == (Verdict.GO_ON, 4)


def test_another_link_takes_the_transfer_up_and_not_the_stream() -> None:
    blobs, (first, second, _) = Blobs(), cut()
    said(blobs, first)
    blobs.forget_link()
    assert said(blobs, second) == []
    assert held(blobs) == (Verdict.GO_ON, 4)
