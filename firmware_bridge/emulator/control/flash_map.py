"""The flash as a map: areas, and the state of each of their erase blocks.

It looks at the cells from outside, as a reader clipped to the chip does, and changes nothing.
"""

from __future__ import annotations

from itertools import groupby

from firmware_bridge.emulator.control.shapes import BlockRun, FlashArea, FlashMap
from firmware_bridge.emulator.parts.chip import BLOCK_BYTES, WEAR_LIMIT_ERASES, FlashChip
from firmware_bridge.emulator.parts.flash import DEFAULT_ROOM_BYTES, LOG, BlockFlash
from firmware_bridge.emulator.parts.media import ERASED

ERASED_BLOCK, USED, WORN, BAD = "erased", "used", "worn", "bad"
WORN_FROM_ERASES = WEAR_LIMIT_ERASES // 2


def flash_map(flash: BlockFlash) -> FlashMap:
    """Look at every area."""
    areas = tuple(_area(flash.chip, name) for name in flash.chip.areas())
    return FlashMap(BLOCK_BYTES, WEAR_LIMIT_ERASES, areas)


def _area(chip: FlashChip, name: str) -> FlashArea:
    cells = chip.cells(name)
    room_bytes = DEFAULT_ROOM_BYTES if name == LOG else None
    blocks = -(-(room_bytes or len(cells)) // BLOCK_BYTES)
    seen = [(_state(chip, name, block, cells), chip.erases(name, block)) for block in range(blocks)]
    runs, first = [], 0
    for state, group in groupby(seen, key=lambda block: block[0]):
        same = list(group)
        runs.append(BlockRun(first, len(same), state, max(erases for _, erases in same)))
        first += len(same)
    return FlashArea(name, len(cells), room_bytes, tuple(runs))


def _state(chip: FlashChip, area: str, block: int, cells: bytes) -> str:
    if not chip.takes(area, block):
        return BAD
    if chip.erases(area, block) >= WORN_FROM_ERASES:
        return WORN
    held = cells[block * BLOCK_BYTES : (block + 1) * BLOCK_BYTES]
    return ERASED_BLOCK if held.count(ERASED) == len(held) else USED
