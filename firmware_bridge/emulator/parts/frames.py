"""How entries lie in the flash's log: each in a frame that shows whether it is whole.

A frame is magic, length, CRC-32, content, and an end byte that an erased cell can't imitate. So a
torn write (its end still erased) differs from damage (its end is there). Zeros between frames are a
torn write that was voided. Not for what damage means: that is the ledger's.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

MAGIC = b"\xc1\x4c\xe7\x0a"
HEADER = struct.Struct(">4sII")
END = b"\x00"
FRAME_BYTES = HEADER.size + len(END)
"""What a frame adds to its entry."""

ENTRY_LIMIT_BYTES = 4096


@dataclass(frozen=True)
class Scan:
    """What lies in a log: whole entries, where the first damage is, and where the writing ends."""

    entries: tuple[bytes, ...]
    ends: tuple[int, ...]
    """Where the frame of each entry ends."""
    broken_at: int | None
    """Index of the entry before which the first damaged stretch lies."""
    torn_at: int | None
    """Where a torn last write begins."""
    end: int


def frame(entry: bytes) -> bytes:
    """An entry as it lies in the log."""
    return HEADER.pack(MAGIC, len(entry), checksum(len(entry), entry)) + entry + END


def checksum(number: int, content: bytes) -> int:
    """CRC-32 over a number and the content it belongs to."""
    return zlib.crc32(content, zlib.crc32(number.to_bytes(8, "big")))


def entry_at(raw: bytes, start: int) -> tuple[bytes, int] | None:
    """The whole entry that starts at `start` and where its frame ends; None if there is none."""
    if len(raw) - start < FRAME_BYTES:
        return None
    magic, length, crc = HEADER.unpack_from(raw, start)
    end = start + FRAME_BYTES + length
    if magic != MAGIC or length > ENTRY_LIMIT_BYTES or raw[end - 1 : end] != END:
        return None
    content = raw[start + HEADER.size : end - 1]
    return (content, end) if checksum(length, content) == crc else None


def scan(raw: bytes) -> Scan:
    """Find every whole entry, those behind damage included, and name the damage."""
    entries: list[bytes] = []
    ends: list[int] = []
    start = parse(raw, 0, entries, ends)
    whole_end, broken_at, found = start, None, start
    while (found := raw.find(MAGIC, found)) >= 0:
        before = len(entries)
        end = parse(raw, found, entries, ends)
        if len(entries) > before:
            whole_end, broken_at = end, before if broken_at is None else broken_at
        found = max(end, found + 1)
    tail = raw[whole_end:].rstrip(b"\xff")
    torn = could_be_torn(tail)
    if tail and not torn and broken_at is None:
        broken_at = len(entries)
    return Scan(
        tuple(entries),
        tuple(ends),
        broken_at,
        torn_at=whole_end if tail and torn else None,
        end=whole_end + len(tail),
    )


def parse(raw: bytes, start: int, entries: list[bytes], ends: list[int]) -> int:
    """Collect whole entries from `start` on; return where the first thing that isn't one begins."""
    while True:
        found = entry_at(raw, start)
        if found is not None:
            entries.append(found[0])
            ends.append(found[1])
            start = found[1]
        elif raw[start : start + 1] == END:
            start = _behind_zeros(raw, start)
        else:
            return start


def could_be_torn(tail: bytes) -> bool:
    """Whether bytes behind the last whole entry can be the begin of a write that power cut off.

    A torn write is a true beginning whose end is still erased; one whose end is there and that
    doesn't add up is damage.
    """
    if not MAGIC.startswith(tail[: len(MAGIC)]):
        return False
    if len(tail) < HEADER.size:
        return True
    _, length, _ = HEADER.unpack_from(tail)
    return bool(length <= ENTRY_LIMIT_BYTES and len(tail) < FRAME_BYTES + length)


def _behind_zeros(raw: bytes, start: int) -> int:
    return len(raw) - len(raw[start:].lstrip(END))
