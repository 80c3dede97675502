"""The firmware and the oracle put blobs together by code of their own, and come to the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.emulator.firmware.blobs import Blobs
from shared.wire.blob_parts import Head as BlobHead
from shared.wire.blob_parts import encode_head, parts, stream_of
from shared.wire.operations import BlobKind
from tests.campaign.schedules.oracle.blobs import Blobs as SecondBlobs

DATA = (b"", b"0123456789", b"9876543210", bytes(range(60)), bytes(60))
KINDS = st.sampled_from([BlobKind.TRANSFER, BlobKind.STAFF_WORD])
OFFSETS = st.sampled_from([None, 0, 0, 0, 3, 12, 31])
NEW_LINK = None
"""In the place of a part: another link begins."""


@st.composite
def streams(draw: st.DrawFn) -> list[bytes | None]:
    """A stream's parts: some lost, doubled, swapped or spoilt; or another link, or noise."""
    data, value_bytes = draw(st.sampled_from(DATA)), draw(st.sampled_from([8, 20, 40]))
    offset = draw(OFFSETS)
    stream = stream_of(draw(KINDS), data, offset=offset) if data else draw(_heads())
    sent: list[bytes | None] = list(parts(stream, value_bytes))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(sent) - 1))
        harm = draw(st.sampled_from(["lose", "double", "swap", "late", "spoil", "link"]))
        if harm == "lose":
            sent[at : at + 1] = [b""]
        elif harm == "double":
            sent.insert(at, sent[at])
        elif harm == "swap":
            sent[at], sent[-1] = sent[-1], sent[at]
        elif harm == "late":
            sent.append(sent[at])
        elif harm == "spoil":
            sent[at] = (sent[at] or b"")[:-1] + b"?"
        else:
            sent.insert(at, NEW_LINK)
    return sent


@st.composite
def _heads(draw: st.DrawFn) -> bytes:
    """A head that may name what no blob has."""
    kind, size = draw(st.integers(0, 10)), draw(st.sampled_from([0, 1, 2048, 2049]))
    head = bytearray(encode_head(BlobHead(1, BlobKind.TRANSFER, 1, 0, bytes(32))))
    head[1:4] = bytes([kind]) + size.to_bytes(2)
    return bytes(head)


@given(st.lists(streams(), min_size=1, max_size=6))
def test_both_have_the_same_blobs_after_every_part(sent: list[list[bytes | None]]) -> None:
    first, second = Blobs(), SecondBlobs()
    for value in (value for stream in sent for value in stream):
        if value is NEW_LINK:
            first.forget_link()
            second.new_link()
        else:
            first.part(value)
            second.part(value)
        waiting = {int(kind): first.look(kind) for kind in BlobKind if kind in first}
        assert waiting == second.waiting
        assert bytes(first._received) == second._received


@given(st.binary(min_size=1, max_size=100))
def test_a_blob_that_nothing_happens_to_comes_whole_to_both(data: bytes) -> None:
    first, second = Blobs(), SecondBlobs()
    for value in parts(stream_of(BlobKind.TRANSFER, data), 20):
        first.part(value)
        second.part(value)
    assert first.look(BlobKind.TRANSFER) == second.waiting[BlobKind.TRANSFER] == data
