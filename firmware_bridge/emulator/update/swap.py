"""The two slots change places, block by block over a scratch block.

At every instant each block of either image stands whole somewhere: a power cut at any byte is
taken up where it was at the next boot. The slots' trailers change only once both images are whole
in their new places.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from enum import IntEnum

from firmware_bridge.emulator.parts.chip import FlashChip
from firmware_bridge.emulator.update.slots import FIRST, SCRATCH, SECOND, Slot
from firmware_bridge.emulator.update.steps import Steps

SWAP_STATUS = "image-swap"
_PLAN = struct.Struct(">BB")
_MOVES_OF_A_BLOCK = 3


class SwapKind(IntEnum):
    """Why the slots change places."""

    TEST = 1
    """The image in the second slot is tried."""
    REVERT = 2
    """The image in the first slot didn't confirm itself: the one before it comes back."""


class Swap:
    """One swap under way, or none."""

    def __init__(self, chip: FlashChip) -> None:
        self._steps = Steps(chip, SWAP_STATUS)
        self._first, self._second = Slot(chip, FIRST), Slot(chip, SECOND)
        self._scratch = Slot(chip, SCRATCH)

    @property
    def under_way(self) -> bool:
        """Whether a swap was begun and not finished."""
        return self._steps.plan() is not None

    def begin(self, kind: SwapKind) -> None:
        """Put down that the slots are to change places."""
        blocks = max(self._first.used_blocks, self._second.used_blocks)
        self._steps.begin(_PLAN.pack(kind, blocks))

    def finish(self, settled: Callable[[], None]) -> None:
        """Do what is left of it; ``settled`` is called while it can still be taken up."""
        kind, blocks = _PLAN.unpack(self._steps.plan() or b"")
        for step in range(blocks * _MOVES_OF_A_BLOCK):
            if not self._steps.is_done(step):
                self._move(*divmod(step, _MOVES_OF_A_BLOCK))
                self._steps.mark(step)
        self._first.set_swapped(confirmed=kind == SwapKind.REVERT)
        self._second.erase_trailer()
        settled()
        self._steps.end()

    def _move(self, block: int, move: int) -> None:
        """Second to scratch, first to second, scratch to first: each can be done again."""
        if move == 0:
            self._scratch.replace_block(0, self._second.block(block))
        elif move == 1:
            self._second.replace_block(block, self._first.block(block))
        else:
            self._first.replace_block(block, self._scratch.block(0))
