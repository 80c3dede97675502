"""A flash chip's physics: erase blocks, program pages, wear, and power cuts at any byte.

Programming only turns ones into zeros; only erasing a whole block gives ones back. Programs that
wait for each other by `settle` land in order; the others keep their order within one page only.
Not for what the bytes mean: log and pages stand in `flash.py` and `slots.py`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from firmware_bridge.emulator.parts.errors import BlockBad, BlockWorn, NotErased, PowerCut
from firmware_bridge.emulator.parts.media import ERASED, Medium

BLOCK_BYTES = 4096
PAGE_BYTES = 256
WEAR_LIMIT_ERASES = 100_000
"""Erasures that a block stands (own figure, of the size that makers of NOR flash promise)."""

WEAR_AREA = "wear"
"""Where the emulator writes down each block's erasures; on a chip the cells themselves age."""


@dataclass(frozen=True)
class Piece:
    """Bytes for one page."""

    area: str
    offset: int
    content: bytes

    @property
    def page(self) -> tuple[str, int]:
        """The page that they lie in."""
        return self.area, self.offset // PAGE_BYTES


class FlashChip:
    """One chip over a medium."""

    def __init__(self, medium: Medium, *, wear_limit: int = WEAR_LIMIT_ERASES) -> None:
        self._medium = medium
        self._wear_limit = wear_limit
        self._wear = read_wear(medium)
        self._waiting: list[Piece] = []
        self._left_bytes: int | None = None
        self._bad: set[tuple[str, int]] = set()
        self._order = random.Random()
        self.on_program: Callable[[int], None] = lambda pages: None
        self.on_erase: Callable[[], None] = lambda: None

    def areas(self) -> tuple[str, ...]:
        """Names of the areas that were ever programmed."""
        return tuple(area for area in self._medium.areas() if area != WEAR_AREA)

    def read(self, area: str) -> bytes:
        """Everything programmed in an area; what follows is erased."""
        self.settle()
        return self._medium.read(area)

    def length(self, area: str) -> int:
        """Bytes of an area up to the last one that was programmed since it was erased."""
        return self._medium.length(area)

    def cells(self, area: str) -> bytes:
        """What lies in the cells now, for an eye from outside: waits for nothing."""
        return self._medium.read(area)

    def program(self, area: str, offset: int, content: bytes) -> None:
        """Begin to program bytes, a page at a time; they're in the cells after `settle`."""
        self._waiting += pieces(area, offset, content)

    def program_in_order(self, area: str, offset: int, content: bytes) -> None:
        """Program bytes, each page once the one before it is in the cells."""
        for piece in pieces(area, offset, content):
            self._waiting.append(piece)
            self.settle()

    def settle(self) -> None:
        """Wait until everything begun is in the cells."""
        waiting, self._waiting = self._waiting, []
        for piece in self._in_landing_order(waiting):
            self.on_program(1)
            self._land(piece)

    def sync(self, area: str) -> None:
        """Wait until everything begun is in the cells and outlasts any power cut."""
        self.settle()
        self._medium.sync(area)

    def erase(self, area: str, first_block: int, blocks: int = 1) -> None:
        """Erase blocks; raise BlockWorn at one that was erased too often."""
        self.settle()
        held_blocks = -(-self._medium.length(area) // BLOCK_BYTES)
        for block in reversed(range(first_block, min(first_block + blocks, held_blocks))):
            self._erase_block(area, block)

    def erases(self, area: str, block: int = 0) -> int:
        """How often a block was erased."""
        worn = self._wear.get(area, [])
        return worn[block] if block < len(worn) else 0

    def takes(self, area: str, block: int) -> bool:
        """Whether a block can be programmed and erased at all."""
        return (area, block) not in self._bad and self.erases(area, block) < self._wear_limit

    def close(self) -> None:
        """Let go of the medium's files."""
        self._medium.close()

    @property
    def will_lose_power(self) -> bool:
        """Whether a power cut is due at some byte."""
        return self._left_bytes is not None

    def lose_power(self) -> None:
        """Forget what was begun and is not in the cells; the next power lasts."""
        self._waiting, self._left_bytes = [], None

    # Faults

    def cut_after(self, written_bytes: int, *, seed: int = 0) -> None:
        """Fault: the power goes once so many more bytes were programmed or erased.

        `seed` chooses the order in which pages land that don't wait for each other.
        """
        self._left_bytes, self._order = written_bytes, random.Random(seed)

    def keep_power(self) -> None:
        """Take back a power cut that is due."""
        self._left_bytes = None

    def flip(self, area: str, offset: int, bit: int = 0) -> None:
        """Fault: one bit of a cell turns over, whichever way."""
        flipped = self._padded(area, offset, 1)[0] ^ (1 << bit)
        self._medium.write(area, offset, bytes([flipped]))

    def wear_out(self, area: str, block: int = 0) -> None:
        """Fault: a block has reached the end of its life."""
        self._count_erase(area, block, self._wear_limit)

    def spoil(self, area: str, block: int) -> None:
        """Fault: a block takes no program and no erasure any more; what it holds still reads."""
        self._bad.add((area, block))

    def mend(self, area: str, block: int) -> None:
        """Let a bad block be as any other."""
        self._bad.discard((area, block))

    def lose(self, area: str) -> None:
        """Fault: an area reads as erased."""
        self._medium.shorten(area, 0)

    # Landing

    def _in_landing_order(self, waiting: list[Piece]) -> list[Piece]:
        if self._left_bytes is None or len(waiting) < 2:
            return waiting
        places = list(dict.fromkeys(piece.page for piece in waiting))
        self._order.shuffle(places)
        return sorted(waiting, key=lambda piece: places.index(piece.page))

    def _land(self, piece: Piece) -> None:
        self._require_good(piece.area, piece.offset // BLOCK_BYTES)
        if piece.offset < self._medium.length(piece.area):
            self._require_erased(piece)
        self._spend(
            len(piece.content),
            lambda landed: self._medium.write(piece.area, piece.offset, piece.content[:landed]),
        )

    def _require_good(self, area: str, block: int) -> None:
        if (area, block) in self._bad:
            raise BlockBad(area, block)

    def _require_erased(self, piece: Piece) -> None:
        old = int.from_bytes(self._padded(piece.area, piece.offset, len(piece.content)))
        new = int.from_bytes(piece.content)
        if old & new != new:
            raise NotErased(piece.area, piece.offset)

    def _erase_block(self, area: str, block: int) -> None:
        start = block * BLOCK_BYTES
        held_bytes = min(BLOCK_BYTES, self._medium.length(area) - start)
        if self._is_blank(area, start, held_bytes):
            return
        self._require_good(area, block)
        if self.erases(area, block) >= self._wear_limit:
            raise BlockWorn(area, block, self._wear_limit)
        self.on_erase()
        self._spend(held_bytes, lambda count: self._blank(area, start, held_bytes, count))
        self._medium.sync(area)
        self._count_erase(area, block, self.erases(area, block) + 1)

    def _blank(self, area: str, start: int, held_bytes: int, count: int) -> None:
        is_end = start + held_bytes == self._medium.length(area)
        if count == held_bytes and is_end:
            self._medium.shorten(area, start)
        else:
            self._medium.write(area, start, ERASED * count)

    def _is_blank(self, area: str, start: int, length: int) -> bool:
        return self._medium.read(area, start, length).count(ERASED) == length

    def _spend(self, wanted_bytes: int, change: Callable[[int], None]) -> None:
        """Change so many bytes, or as many as the power lasts for."""
        if self._left_bytes is None:
            change(wanted_bytes)
            return
        lasting = min(wanted_bytes, self._left_bytes)
        self._left_bytes -= lasting
        if lasting:
            change(lasting)
        if lasting < wanted_bytes:
            raise PowerCut

    def _count_erase(self, area: str, block: int, erases: int) -> None:
        worn = self._wear.setdefault(area, [])
        worn += [0] * (block + 1 - len(worn))
        worn[block] = erases
        self._medium.shorten(WEAR_AREA, 0)
        self._medium.write(WEAR_AREA, 0, json.dumps(self._wear).encode())

    def _padded(self, area: str, offset: int, length: int) -> bytes:
        return self._medium.read(area, offset, length).ljust(length, ERASED)


def pieces(area: str, offset: int, content: bytes) -> list[Piece]:
    """Cut bytes at the borders of pages."""
    cut, start = [], 0
    while start < len(content):
        end = start + PAGE_BYTES - (offset + start) % PAGE_BYTES
        cut.append(Piece(area, offset + start, content[start:end]))
        start = end
    return cut


def read_wear(medium: Medium) -> dict[str, list[int]]:
    """Erasures by area and block, as far as they were written down."""
    try:
        kept: dict[str, list[int]] = json.loads(medium.read(WEAR_AREA) or b"{}")
    except ValueError:
        return {}
    return kept
