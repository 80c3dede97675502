"""What of bare notifications a blob could have at most, on an air that takes time.

Each packet of the exchange by the air alone, as if phone and band took no time at all. Not for
what they do take: that is measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from firmware_bridge.radio.airtime import Phy
from firmware_bridge.radio.controller import LONGEST_PACKET_BYTES
from firmware_bridge.radio.flow import L2CAP_HEADER_BYTES
from shared.wire.blob_parts import HEAD_BYTES, MAXIMUM_BLOB_BYTES, WORD_BYTES, parts
from shared.wire.framing import ATT_HEADER_BYTES
from shared.wire.gatt import ONE_PACKET_VALUE_BYTES


def best_of_blobs(phy: Phy, mtu: int) -> float:
    """The longest blob, as a part of as many bare bytes in the time that its packets take."""
    value_bytes = mtu - ATT_HEADER_BYTES
    full, rest = divmod(MAXIMUM_BLOB_BYTES, value_bytes)
    bare_us = full * _value_us(phy, value_bytes) + (_value_us(phy, rest) if rest else 0)
    return bare_us / sum(_blob_us(phy, min(value_bytes, ONE_PACKET_VALUE_BYTES)))


def _blob_us(phy: Phy, value_bytes: int) -> Iterator[int]:
    """A stream and the band's word for it."""
    for part in parts(bytes(HEAD_BYTES + MAXIMUM_BLOB_BYTES), value_bytes):
        yield _value_us(phy, len(part))
    yield _value_us(phy, WORD_BYTES)


def _value_us(phy: Phy, value_bytes: int) -> int:
    """One value, in as many packets of the link as it takes."""
    att_bytes = ATT_HEADER_BYTES + value_bytes
    full, rest = divmod(L2CAP_HEADER_BYTES + att_bytes, LONGEST_PACKET_BYTES)
    return full * phy.exchange_us(LONGEST_PACKET_BYTES, 0) + (
        phy.exchange_us(rest, 0) if rest else 0
    )
