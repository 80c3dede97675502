"""The ledger as bytes: what lies in flash, what the cloud got, and what it adds up to."""

from __future__ import annotations

import functools
import hashlib
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import cbor2

_MAGIC = b"\xc1\x4c\xe7\x0a"
_HEADER = struct.Struct(">4sII")
RESERVED, CLOSED, SESSION_CLOSED = 15, 16, 19


@dataclass(frozen=True)
class Line:
    """One record: its number, type and body, and where its frame ends in flash."""

    number: int
    type: int
    body: dict[int, Any]
    data: bytes
    end: int = 0


@functools.lru_cache(maxsize=16_384)
def line(data: bytes, end: int = 0) -> Line:
    """Decode one record."""
    number, kind, _, _, _, body = cbor2.loads(data)
    return Line(number, kind, body, data, end)


def lines_in(area: bytes) -> list[Line]:
    """Every whole record in a log area, in the order in which they lie there."""
    found, at = [], 0
    while (at := area.find(_MAGIC, at)) >= 0:
        content = _content(area, at)
        if content is None:
            at += 1
            continue
        at += _HEADER.size + len(content) + 1
        found.append(line(content, at))
    return found


def _content(area: bytes, at: int) -> bytes | None:
    if len(area) < at + _HEADER.size + 1:
        return None
    _, length, crc = _HEADER.unpack_from(area, at)
    content = area[at + _HEADER.size : at + _HEADER.size + length]
    if area[at + _HEADER.size + length : at + _HEADER.size + length + 1] != b"\0":
        return None
    if zlib.crc32(content, zlib.crc32(length.to_bytes(8, "big"))) != crc:
        return None
    return content


@dataclass
class Account:
    """What the records so far charge: closed slices by the greater count, an open one whole."""

    charged: int = 0
    open_pulses: int = 0
    open_counter: int | None = None
    open_percent: int = 0

    def take(self, record: Line) -> None:
        """Go on by one record."""
        if record.type == RESERVED:
            self.charged += self.open_pulses
            self.open_pulses, self.open_counter = record.body[3], record.body[5]
            self.open_percent = record.body[4]
        elif record.type == CLOSED:
            self.charged += max(record.body[3], record.body[4])
            self.open_pulses, self.open_counter = 0, None
        elif record.type == SESSION_CLOSED:
            self.charged += self.open_pulses
            self.open_pulses, self.open_counter = 0, None

    @property
    def total(self) -> int:
        """Everything that is charged."""
        return self.charged + self.open_pulses


def first_hash(device_id: bytes, epoch: bytes) -> bytes:
    """The chain's hash before record 1."""
    return hashlib.sha256(b"circlet/ledger/v1" + device_id + epoch).digest()


def next_hash(before: bytes, data: bytes) -> bytes:
    """The chain's hash after a record."""
    return hashlib.sha256(before + data).digest()
