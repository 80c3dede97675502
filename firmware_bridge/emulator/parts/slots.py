"""Small named pages in flash: replaced whole or not at all, and the version before survives.

Two slots of erase blocks take turns. Small versions lie behind each other in one block, so that a
page written every five minutes wears its blocks out in decades, not in years. The newest version
that reads counts, whatever lies before it. Not for the log.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from firmware_bridge.emulator.parts.chip import BLOCK_BYTES, FlashChip
from firmware_bridge.emulator.parts.errors import BadPageName, EntryTooLong, PageBroken
from firmware_bridge.emulator.parts.frames import END, checksum

MAGIC = b"\xc1\x4c\xe7\x5b"
HEADER = struct.Struct(">4sQII")
"""Frame of a version: magic, sequence, length, CRC-32 over sequence and content."""

SLOT_BLOCKS = 40
PAGE_LIMIT_BYTES = SLOT_BLOCKS * BLOCK_BYTES - HEADER.size - len(END)
"""The largest content (own figure: what was overwritten in the log, in 1,000 summaries)."""

PAGE_NAME = re.compile(r"[a-z0-9-]{1,32}")


@dataclass(frozen=True)
class Version:
    """One version of a page."""

    sequence: int
    content: bytes
    area: str


@dataclass(frozen=True)
class Slot:
    """What one slot holds: its newest version, and where another may follow it."""

    newest: Version | None
    end: int
    is_clean: bool
    """True when nothing but erased cells follows the newest version."""
    is_torn: bool = False
    """True when a write that power cut off follows it, or its own erasure was cut off: that begins
    at the front, where a version's first byte would be."""


class Pages:
    """The pages of one chip."""

    def __init__(self, chip: FlashChip) -> None:
        self._chip = chip
        self._known: dict[str, tuple[Slot, Slot]] = {}

    def write(self, name: str, content: bytes) -> None:
        """Replace a page in one step; its former content stays until this one is whole."""
        if len(content) > PAGE_LIMIT_BYTES:
            raise EntryTooLong(len(content), PAGE_LIMIT_BYTES)
        areas = areas_of(name)
        slots = self._known.pop(name, None) or self._slots(areas)
        newer = int(_sequence(slots[1]) > _sequence(slots[0]))
        sequence = _sequence(slots[newer]) + 1
        framed = version_frame(sequence, content)
        slot = slots[newer]
        if slot.is_clean and slot.newest is not None and slot.end + len(framed) <= BLOCK_BYTES:
            which, offset = newer, slot.end
        else:
            which, offset = 1 - newer, 0
            self._chip.erase(areas[which], 0, SLOT_BLOCKS)
        self._chip.program_in_order(areas[which], offset, framed)
        self._chip.sync(areas[which])
        kept = Slot(Version(sequence, content, areas[which]), offset + len(framed), is_clean=True)
        self._known[name] = (kept, slots[1]) if which == 0 else (slots[0], kept)

    def read(self, name: str) -> bytes | None:
        """The newest whole content of a page; None if it was never written."""
        areas = areas_of(name)
        slots = self._known[name] = self._slots(areas)
        versions = [slot.newest for slot in slots if slot.newest is not None]
        if versions:
            return max(versions, key=lambda version: version.sequence).content
        if not all(slot.is_clean or slot.is_torn for slot in slots):
            raise PageBroken(name)
        return None

    def lose(self, name: str) -> None:
        """Fault: both slots read as erased."""
        for area in areas_of(name):
            self._chip.lose(area)
        self._known.pop(name, None)

    def _slots(self, areas: tuple[str, str]) -> tuple[Slot, Slot]:
        first, second = (read_slot(area, self._chip.read(area)) for area in areas)
        return first, second


def areas_of(name: str) -> tuple[str, str]:
    """The two areas of a page."""
    if not PAGE_NAME.fullmatch(name):
        raise BadPageName(name)
    return f"page-{name}.a", f"page-{name}.b"


def version_frame(sequence: int, content: bytes) -> bytes:
    """A version as it lies in a slot."""
    header = HEADER.pack(MAGIC, sequence, len(content), checksum(sequence, content))
    return header + content + END


def read_slot(area: str, raw: bytes) -> Slot:
    """The newest version in a slot, found also behind damage."""
    newest, end, found = None, 0, 0
    while (found := raw.find(MAGIC, found)) >= 0:
        version = _version_at(area, raw, found)
        if version is None:
            found += 1
            continue
        found += HEADER.size + len(version.content) + len(END)
        if newest is None or version.sequence > newest.sequence:
            newest, end = version, found
    behind = raw[end:].rstrip(b"\xff")
    torn = _could_be_torn(behind) or (newest is None and raw.startswith(b"\xff"))
    return Slot(newest, end, is_clean=not behind, is_torn=torn)


def _could_be_torn(behind: bytes) -> bool:
    if not MAGIC.startswith(behind[: len(MAGIC)]):
        return False
    if len(behind) < HEADER.size:
        return True
    length: int = HEADER.unpack_from(behind)[2]
    return len(behind) < HEADER.size + length + len(END)


def _version_at(area: str, raw: bytes, start: int) -> Version | None:
    if len(raw) - start < HEADER.size + len(END):
        return None
    _, sequence, length, crc = HEADER.unpack_from(raw, start)
    end = start + HEADER.size + length
    content = raw[start + HEADER.size : end]
    whole = raw[end : end + len(END)] == END and checksum(sequence, content) == crc
    return Version(sequence, content, area) if whole else None


def _sequence(slot: Slot) -> int:
    return -1 if slot.newest is None else slot.newest.sequence
