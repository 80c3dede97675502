"""The device's flash: one append-only log and a few small named pages, in files.

It survives kill -9 and power cuts, and it never hides damage: a torn last write and a break in
the middle are reported as such. Not for deciding what damage means: that is the ledger's.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from pathlib import Path

from firmware_bridge.emulator.firmware.ports import FlashContent
from firmware_bridge.emulator.parts.durable import replace_file, sync_folder, write_whole
from firmware_bridge.emulator.parts.errors import (
    BadPageName,
    EntryTooLong,
    FlashFull,
    PageBroken,
    storage,
)

MAGIC = b"\xc1\x4c\xe7\x0a"
HEADER = struct.Struct(">4sII")
"""Frame of an entry: magic, length, CRC-32 over length and content."""

ENTRY_LIMIT_BYTES = 4096
DEFAULT_ROOM_BYTES = 12 * 1024 * 1024
"""Size of the emulated log area (own figure: docs/hardware.md compares it with the need)."""

SLOT_HEADER = struct.Struct(">QII")
"""Frame of a page's slot: sequence, length, CRC-32 over sequence and content."""

PAGE_NAME = re.compile(r"[a-z0-9-]{1,32}")


class FileFlash:
    """Flash in a folder: `log` and `page-<name>.a|b`."""

    def __init__(
        self, folder: Path, *, durable: bool = True, room_bytes: int = DEFAULT_ROOM_BYTES
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._durable = durable
        self._room_bytes = room_bytes
        self._path = folder / "log"
        self._log = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        if durable:
            sync_folder(folder)

    def append(self, entry: bytes) -> None:
        """Add one entry; when this returns, it is in flash."""
        if len(entry) > ENTRY_LIMIT_BYTES:
            raise EntryTooLong(len(entry), ENTRY_LIMIT_BYTES)
        framed = frame(entry)
        if len(framed) > self.room_bytes():
            raise FlashFull(len(framed), self.room_bytes())
        with storage("flash"):
            write_whole(self._log, framed)
            if self._durable:
                os.fsync(self._log)

    def room_bytes(self) -> int:
        """Bytes of the log area still free."""
        return max(0, self._room_bytes - os.fstat(self._log).st_size)

    def limit_room(self, room_bytes: int) -> None:
        """Fault: let the log area be this large only."""
        self._room_bytes = room_bytes

    def read_all(self) -> FlashContent:
        """Every whole entry in order, those behind a break included; all damage is named.

        `broken_at` is the place in `entries` where the first damaged stretch lies.
        """
        entries, first_break, end, length = scan(self._path.read_bytes())
        return FlashContent(entries, torn_tail=end < length, broken_at=first_break)

    def cut_torn_tail(self) -> None:
        """Cut off a torn last write; a break with whole entries behind it is left as it is."""
        _, _, end, length = scan(self._path.read_bytes())
        if end == length:
            return
        os.ftruncate(self._log, end)
        if self._durable:
            os.fsync(self._log)

    def write_page(self, name: str, content: bytes) -> None:
        """Replace a named page in one step, keeping its former content in the other slot."""
        if len(content) > ENTRY_LIMIT_BYTES:
            raise EntryTooLong(len(content), ENTRY_LIMIT_BYTES)
        slots = {path: read_slot(path) for path in self._slots(name)}
        sequences = {path: -1 if slot is None else slot[0] for path, slot in slots.items()}
        older = min(sequences, key=lambda path: sequences[path])
        sequence = max(sequences.values()) + 1
        with storage("flash"):
            replace_file(older, slot_frame(sequence, content), durable=self._durable)

    def read_page(self, name: str) -> bytes | None:
        """The newest readable content of a named page; None if it was never written."""
        paths = self._slots(name)
        slots = [slot for slot in map(read_slot, paths) if slot is not None]
        if slots:
            return max(slots)[1]
        if any(path.exists() for path in paths):
            raise PageBroken(name)
        return None

    def close(self) -> None:
        """Let go of the log's file."""
        os.close(self._log)

    def _slots(self, name: str) -> tuple[Path, Path]:
        if not PAGE_NAME.fullmatch(name):
            raise BadPageName(name)
        return self._folder / f"page-{name}.a", self._folder / f"page-{name}.b"


def frame(entry: bytes) -> bytes:
    """An entry as it lies in the log."""
    return HEADER.pack(MAGIC, len(entry), checksum(len(entry), entry)) + entry


def checksum(number: int, content: bytes) -> int:
    """CRC-32 over a number and the content it belongs to."""
    return zlib.crc32(content, zlib.crc32(number.to_bytes(8, "big")))


def entry_at(raw: bytes, start: int) -> tuple[bytes, int] | None:
    """The whole entry that starts at `start` and where it ends; None if there is none."""
    if len(raw) - start < HEADER.size:
        return None
    magic, length, crc = HEADER.unpack_from(raw, start)
    content_start = start + HEADER.size
    content = raw[content_start : content_start + length]
    whole = magic == MAGIC and len(content) == length and checksum(length, content) == crc
    return (content, content_start + length) if whole else None


def parse(raw: bytes, start: int) -> tuple[tuple[bytes, ...], int]:
    """Whole entries from `start` on, and where the first thing that isn't one begins."""
    entries = []
    while (found := entry_at(raw, start)) is not None:
        entries.append(found[0])
        start = found[1]
    return tuple(entries), start


def scan(raw: bytes) -> tuple[tuple[bytes, ...], int | None, int, int]:
    """Whole entries, the index of the first break, the end of the last entry, and the length."""
    entries, end = parse(raw, 0)
    first_break = None
    start = end
    while (start := raw.find(MAGIC, start)) >= 0:
        behind, behind_end = parse(raw, start)
        if behind and first_break is None:
            first_break = len(entries)
        entries += behind
        end = max(end, behind_end) if behind else end
        start = max(behind_end, start + 1)
    if first_break is None and not could_be_torn(raw[end:]):
        return entries, len(entries), len(raw), len(raw)
    return entries, first_break, end, len(raw)


def could_be_torn(tail: bytes) -> bool:
    """Whether bytes behind the last whole entry can be the begin of a write that power cut off.

    A torn write is a true beginning that is too short; a full length that doesn't add up is damage.
    """
    if not MAGIC.startswith(tail[: len(MAGIC)]):
        return False
    if len(tail) < HEADER.size:
        return True
    _, length, _ = HEADER.unpack_from(tail)
    return bool(length <= ENTRY_LIMIT_BYTES and len(tail) < HEADER.size + length)


def slot_frame(sequence: int, content: bytes) -> bytes:
    """A page's content as it lies in a slot."""
    return SLOT_HEADER.pack(sequence, len(content), checksum(sequence, content)) + content


def read_slot(path: Path) -> tuple[int, bytes] | None:
    """Sequence and content of a slot; None if it is absent or damaged."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(raw) < SLOT_HEADER.size:
        return None
    sequence, length, crc = SLOT_HEADER.unpack_from(raw)
    content = raw[SLOT_HEADER.size :]
    whole = len(content) == length and checksum(sequence, content) == crc
    return (sequence, content) if whole else None
