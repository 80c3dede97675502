"""The device's flash as the firmware sees it: a log in a ring of erase blocks, and small pages.

It never hides damage: a torn last write and a break in the middle are reported as such. It forgets
records only where it is told to. Not for deciding what damage means: that is the ledger's.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from firmware_bridge.emulator.firmware.ports import FlashContent
from firmware_bridge.emulator.parts.chip import BLOCK_BYTES, FlashChip
from firmware_bridge.emulator.parts.errors import EntryTooLong, FlashFull
from firmware_bridge.emulator.parts.frames import ENTRY_LIMIT_BYTES, Scan, frame, scan
from firmware_bridge.emulator.parts.media import ERASED, FileMedium, Medium
from firmware_bridge.emulator.parts.slots import Pages

LOG = "log"
DEFAULT_ROOM_BYTES = 12 * 1024 * 1024
"""Size of the emulated log area (own figure: docs/hardware.md compares it with the need)."""

VOID = b"\x00"
RING_PAGE = "log-ring"
RING = struct.Struct(">QQQQQ")


@dataclass(frozen=True)
class Ring:
    """Where the log begins, and what is being done to its cells, so that a boot can finish it."""

    start: int = 0
    erasing_block: int = 0
    erasing_blocks: int = 0
    void_start: int = 0
    void_bytes: int = 0


class BlockFlash:
    """Log and pages over one chip."""

    def __init__(self, medium: Medium, *, room_bytes: int = DEFAULT_ROOM_BYTES) -> None:
        self.chip = FlashChip(medium)
        self._pages = Pages(self.chip)
        self._size = room_bytes // BLOCK_BYTES * BLOCK_BYTES
        self.limit_bytes = self._size
        self.on_write: Callable[[str], None] = lambda area: None
        """Told before anything is written: the log, or a page by its name."""
        self.on_append: Callable[[bytes], None] = lambda entry: None
        """Told of an entry once it is in flash."""
        self._ring = Ring()
        self._end = 0
        self._mounted = False

    # The log

    def append(self, entry: bytes) -> None:
        """Add one entry; when this returns, it is in flash."""
        if len(entry) > ENTRY_LIMIT_BYTES:
            raise EntryTooLong(len(entry), ENTRY_LIMIT_BYTES)
        self._mount()
        framed = frame(entry)
        if len(framed) > self.room_bytes():
            raise FlashFull(len(framed), self.room_bytes())
        self.on_write(LOG)
        self._program(self._place(self._end), framed)
        self._end += len(framed)
        self.on_append(entry)

    def room_bytes(self) -> int:
        """Bytes of the log area still free."""
        self._mount()
        return max(0, min(self.limit_bytes, self._reach_bytes()) - self._end)

    def used_bytes(self) -> int:
        """Bytes from the log's begin to its end."""
        self._mount()
        return self._end

    def block_in_use(self) -> int:
        """The block that the next entry begins in."""
        return self._place(self.used_bytes()) // BLOCK_BYTES

    def read_all(self) -> FlashContent:
        """Every whole entry in order, those behind a break included; all damage is named.

        `broken_at` is the place in `entries` where the first damaged stretch lies.
        """
        self._mount()
        found = self._look()
        self._end = found.end
        return FlashContent(found.entries, found.torn_at is not None, found.broken_at)

    def cut_torn_tail(self) -> None:
        """Void a torn last write; a break with whole entries behind it is left as it is."""
        self._mount()
        found = self._look()
        if found.torn_at is None:
            return
        void = replace(
            self._ring, void_start=self._place(found.torn_at), void_bytes=found.end - found.torn_at
        )
        self._write_ring(void)
        self._finish()
        self._end = self._look().end

    def drop(self, entries: int) -> None:
        """Forget the oldest entries; blocks in which nothing else lies are erased."""
        if not entries:
            return
        self._mount()
        found = self._look()
        gone_bytes = found.ends[entries - 1]
        first = self._ring.start // BLOCK_BYTES
        last = (self._ring.start + gone_bytes) // BLOCK_BYTES
        start = self._place(gone_bytes)
        self._write_ring(Ring(start, first % self._blocks, last - first))
        self._finish()
        self._end = self._look().end

    # The pages

    def write_page(self, name: str, content: bytes) -> None:
        """Replace a named page in one step, keeping its former content in the other slot."""
        self.on_write(name)
        self._pages.write(name, content)

    def read_page(self, name: str) -> bytes | None:
        """The newest readable content of a named page; None if it was never written."""
        return self._pages.read(name)

    def lose_power(self) -> None:
        """Know nothing any more but what is in the cells."""
        self.chip.lose_power()
        self._pages = Pages(self.chip)
        self._ring, self._end, self._mounted = Ring(), 0, False

    def close(self) -> None:
        """Let go of the medium."""
        self.chip.close()

    # Faults

    def limit_room(self, room_bytes: int) -> None:
        """Fault: let the log area be this large only."""
        self.limit_bytes = room_bytes

    def lose_page(self, name: str) -> None:
        """Fault: a page reads as if it had never been written."""
        self._pages.lose(name)

    # The ring

    @property
    def _blocks(self) -> int:
        return self._size // BLOCK_BYTES

    def _reach_bytes(self) -> int:
        """Bytes from the log's begin once around to its first block."""
        return self._size - self._ring.start % BLOCK_BYTES

    def _place(self, offset: int) -> int:
        return (self._ring.start + offset) % self._size

    def _look(self) -> Scan:
        raw, start = self.chip.read(LOG), self._ring.start
        if start:
            first = start - start % BLOCK_BYTES
            raw = raw[start:].ljust(self._size - start, ERASED) + raw[:first]
        return scan(raw)

    def _program(self, place: int, content: bytes) -> None:
        before_wrap = self._size - place
        self.chip.program_in_order(LOG, place, content[:before_wrap])
        self.chip.program_in_order(LOG, 0, content[before_wrap:])
        self.chip.sync(LOG)

    def _mount(self) -> None:
        """Find the log and finish what was begun, at the first use: a failure is the caller's."""
        if self._mounted:
            return
        page = self._pages.read(RING_PAGE)
        self._ring = Ring() if page is None else Ring(*RING.unpack(page))
        self._finish()
        self._end = self._look().end
        self._mounted = True

    def _finish(self) -> None:
        """Erase and void what a power cut may have left half done; both can be done again."""
        ring = self._ring
        if not ring.erasing_blocks and not ring.void_bytes:
            return
        for block in range(ring.erasing_block, ring.erasing_block + ring.erasing_blocks):
            self.chip.erase(LOG, block % self._blocks)
        self._program(ring.void_start, VOID * ring.void_bytes)
        self._write_ring(Ring(ring.start))

    def _write_ring(self, ring: Ring) -> None:
        self._pages.write(
            RING_PAGE,
            RING.pack(
                ring.start,
                ring.erasing_block,
                ring.erasing_blocks,
                ring.void_start,
                ring.void_bytes,
            ),
        )
        self._ring = ring


class FileFlash(BlockFlash):
    """Flash in a folder: `log`, `page-<name>.a|b`, and how often each block was erased."""

    def __init__(
        self, folder: Path, *, durable: bool = True, room_bytes: int = DEFAULT_ROOM_BYTES
    ) -> None:
        super().__init__(FileMedium(folder, durable=durable), room_bytes=room_bytes)
