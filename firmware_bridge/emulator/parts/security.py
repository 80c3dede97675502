"""The security counter: a cell outside the flash below which no firmware image is booted.

It only goes up, to what a confirmed image says. Not the monotonic counter of the ledger.
"""

from __future__ import annotations

from firmware_bridge.emulator.parts.cells import Cell
from firmware_bridge.emulator.parts.counter import cell, count_in


class SecurityCounter:
    """The counter over a cell of its own; an empty one reads as 0."""

    def __init__(self, kept: Cell) -> None:
        self._kept = kept

    def read(self) -> int:
        """The least counter that an image must have."""
        content = self._kept.read()
        return 0 if content is None else count_in(content)

    def raise_to(self, value: int) -> None:
        """Go up to ``value``; nothing happens where it is no higher."""
        if value > self.read():
            self._kept.replace(cell(value))
