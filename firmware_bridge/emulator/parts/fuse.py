"""The one-way fuse: blown once, a device is released for ever (R30).

Not for anything that could be taken back.
"""

from __future__ import annotations

from firmware_bridge.emulator.parts.cells import Cell
from firmware_bridge.emulator.parts.errors import PartBroken

BLOWN = b"released\n"


class CellFuse:
    """A fuse over a cell of its own. It offers no way back."""

    def __init__(self, kept: Cell) -> None:
        self._kept = kept
        self._broken = False

    @property
    def released(self) -> bool:
        """Whether it is blown; whatever stands in the cell, if it isn't empty, says yes."""
        if self._broken:
            raise PartBroken("fuse")
        return bool(self._kept.read())

    def release(self) -> None:
        """Blow it."""
        if self._broken:
            raise PartBroken("fuse")
        self._kept.replace(BLOWN)

    def break_off(self) -> None:
        """Fault: it answers nothing any more."""
        self._broken = True

    def mend(self) -> None:
        """Answer again."""
        self._broken = False
