"""Messages cut for values of every size, and frames out of order."""

from __future__ import annotations

import contextlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.wire.errors import WireError
from shared.wire.framing import FIRST, LAST, MAXIMUM_MESSAGE_BYTES, MORE, WHOLE, Reassembler, frames

SIZES = range(4, 515)
SECOND = 1 << 2
"""The number of a message's second frame, in its head byte."""


def put_together(values: list[bytes], into: Reassembler | None = None) -> list[bytes]:
    reassembler = into or Reassembler()
    fed = (reassembler.feed(value) for value in values)
    return [message for message in fed if message is not None]


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 19, 20, 21, 511, 512, 513, 514, 1024, 4096])
def test_a_message_comes_whole_through_values_of_every_size(length: int) -> None:
    message = bytes(index % 251 for index in range(length))
    for size in SIZES:
        cut = list(frames(message, size))
        assert all(len(value) <= size for value in cut)
        assert put_together(cut) == [message]


@given(st.binary(max_size=MAXIMUM_MESSAGE_BYTES), st.integers(4, 514))
@settings(deadline=None)
def test_any_message_comes_back(message: bytes, size: int) -> None:
    assert put_together(list(frames(message, size))) == [message]


@given(st.lists(st.binary(max_size=60), max_size=5), st.integers(4, 40))
def test_messages_in_a_row_stay_apart(messages: list[bytes], size: int) -> None:
    values = [value for message in messages for value in frames(message, size)]
    assert put_together(values) == messages


@given(st.lists(st.binary(max_size=24), max_size=12))
def test_arbitrary_values_raise_wire_error_or_nothing_and_the_next_message_comes(
    values: list[bytes],
) -> None:
    reassembler = Reassembler()
    for value in values:
        with contextlib.suppress(WireError):
            reassembler.feed(value)
    assert put_together(list(frames(b"after all that", 8)), reassembler) == [b"after all that"]


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_lost_frame_is_never_a_shorter_message(lost: int) -> None:
    cut = list(frames(bytes(50), 12))
    assert len(cut) > 4
    with pytest.raises(WireError):
        put_together(cut[:lost] + cut[lost + 1 :])
    assert put_together(cut[:-1]) == []


@pytest.mark.parametrize(
    "values",
    [
        [b""],
        [bytes([MORE]) + b"x"],
        [bytes([LAST]) + b"x"],
        [bytes([9]) + b"x"],
        [bytes([FIRST]) + b"\x00\x05"],
        [bytes([FIRST]) + b"\x00\x00x"],
        [bytes([FIRST]) + b"\xff\xffx"],
        [bytes([FIRST]) + b"\x00\x02xyz"],
        [bytes([FIRST]) + b"\x00\x05x", bytes([SECOND | LAST]) + b"y"],
        [bytes([FIRST]) + b"\x00\x05x", bytes([SECOND | MORE]) + b"vwxyz"],
        [bytes([FIRST]) + b"\x00\x02x", bytes([LAST]) + b"y"],
        [bytes([SECOND | FIRST]) + b"\x00\x02x"],
        [bytes([SECOND | WHOLE]) + b"x"],
    ],
)
def test_frames_that_do_not_add_up_are_refused(values: list[bytes]) -> None:
    with pytest.raises(WireError):
        put_together(values)


@given(st.integers(30, MAXIMUM_MESSAGE_BYTES), st.data())
def test_doubled_or_swapped_frames_are_never_another_message(
    length: int, data: st.DataObject
) -> None:
    cut = list(frames(bytes(length), 20))
    place = data.draw(st.integers(1, len(cut) - 1))
    doubled = [*cut[:place], cut[place - 1], *cut[place:]]
    swapped = [*cut[: place - 1], cut[place], cut[place - 1], *cut[place + 1 :]]
    for values in (doubled, swapped):
        reassembler = Reassembler()
        for value in values:
            with contextlib.suppress(WireError):
                assert reassembler.feed(value) in (None, bytes(length))


def test_no_two_frames_in_a_row_are_alike_whatever_they_carry() -> None:
    cut = list(frames(bytes(MAXIMUM_MESSAGE_BYTES), 20))
    assert all(one != other for one, other in pairwise(cut))


def test_a_new_first_frame_begins_anew() -> None:
    cut = list(frames(b"a message that is long", 9))
    assert put_together([cut[0], *cut]) == [b"a message that is long"]


def test_after_a_reset_half_a_message_is_forgotten() -> None:
    reassembler = Reassembler()
    cut = list(frames(b"a message that is long", 9))
    reassembler.feed(cut[0])
    reassembler.reset()
    with pytest.raises(WireError):
        reassembler.feed(cut[1])


def test_what_is_too_long_is_refused_on_both_sides() -> None:
    with pytest.raises(WireError):
        list(frames(bytes(MAXIMUM_MESSAGE_BYTES + 1), 100))
    with pytest.raises(WireError):
        Reassembler(10).feed(bytes([WHOLE]) + bytes(11))
    with pytest.raises(WireError):
        list(frames(b"x", 3))
