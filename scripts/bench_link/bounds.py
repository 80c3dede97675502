"""What of bare notifications a blob could have at most, on an air that takes time.

Each packet of the exchange by the air alone, as if phone and band took no time at all. Not for
what they do take: that is measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firmware_bridge.radio.airtime import Phy
from firmware_bridge.radio.controller import LONGEST_PACKET_BYTES
from firmware_bridge.radio.flow import L2CAP_HEADER_BYTES
from shared.wire.blob_parts import parts
from shared.wire.framing import ATT_HEADER_BYTES, frames
from shared.wire.operations import (
    MAXIMUM_BLOB_BYTES,
    Answer,
    BlobBeginArguments,
    BlobKind,
    Nothing,
    Operation,
    Request,
    StatusCode,
    encode_answer,
    encode_request,
)

LONGEST_VALUE_BYTES = 512
HASH_BYTES = 32
OPCODE_BYTES = 1
"""A write's response, and an indication's confirmation, are an opcode alone."""


def best_of_blobs(phy: Phy, mtu: int) -> float:
    """The longest blob, as a part of as many bare bytes in the time that its packets take."""
    value_bytes = mtu - ATT_HEADER_BYTES
    full, rest = divmod(MAXIMUM_BLOB_BYTES, value_bytes)
    bare_us = full * _value_us(phy, value_bytes) + (_value_us(phy, rest) if rest else 0)
    return bare_us / sum(_blob_us(phy, min(value_bytes, LONGEST_VALUE_BYTES)))


def _blob_us(phy: Phy, value_bytes: int) -> Iterator[int]:
    """Announced, sent and committed. The announcement's answer comes while parts are sent."""
    begin = BlobBeginArguments(
        BlobKind.PRESCRIPTION, MAXIMUM_BLOB_BYTES, bytes(range(HASH_BYTES)), 0
    )
    yield from _written_us(phy, Operation.BLOB_BEGIN, begin, value_bytes)
    for part in parts(bytes(MAXIMUM_BLOB_BYTES), value_bytes):
        yield _value_us(phy, len(part))
    yield from _written_us(phy, Operation.BLOB_COMMIT, Nothing(), value_bytes)
    answer = encode_answer(Answer(1, StatusCode.OK, Nothing()))
    yield from (_value_us(phy, len(frame)) for frame in frames(answer, value_bytes))
    yield _att_us(phy, OPCODE_BYTES)


def _written_us(
    phy: Phy, operation: Operation, arguments: object, value_bytes: int
) -> Iterable[int]:
    """Each frame of a request, and its response."""
    for frame in frames(encode_request(Request(1, operation, arguments)), value_bytes):
        yield _value_us(phy, len(frame)) + _att_us(phy, OPCODE_BYTES)


def _value_us(phy: Phy, value_bytes: int) -> int:
    return _att_us(phy, ATT_HEADER_BYTES + value_bytes)


def _att_us(phy: Phy, att_bytes: int) -> int:
    """One ATT packet, in as many packets of the link as it takes."""
    full, rest = divmod(L2CAP_HEADER_BYTES + att_bytes, LONGEST_PACKET_BYTES)
    return full * phy.exchange_us(LONGEST_PACKET_BYTES, 0) + (
        phy.exchange_us(rest, 0) if rest else 0
    )
