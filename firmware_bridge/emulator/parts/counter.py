"""The monotonic counter: a cell outside the flash that only ever goes up (R29).

Not for counting pulses: the coil has a counter of its own.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from firmware_bridge.emulator.parts.cells import Cell, FileCell
from firmware_bridge.emulator.parts.errors import CounterBroken


class CellCounter:
    """The counter over a cell of its own. It offers no way to set a value."""

    def __init__(self, kept: Cell) -> None:
        self._kept = kept
        self._stuck = False
        if kept.read() is None:
            kept.replace(cell(0))
        self._value = count_in(kept.read() or b"")

    def read(self) -> int:
        """The count, as the cell has it."""
        return self._value

    def advance(self) -> int:
        """Go up by one; when this returns the new count, it is in the cell."""
        if self._stuck:
            raise CounterBroken("the counter does not advance")
        self._kept.replace(cell(self._value + 1))
        self._value += 1
        return self._value

    def stick(self) -> None:
        """Fault: refuse to advance from now on."""
        self._stuck = True

    def mend(self) -> None:
        """Advance again."""
        self._stuck = False


class FileCounter(CellCounter):
    """The counter in a file."""

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        super().__init__(FileCell(path, durable=durable))


def cell(value: int) -> bytes:
    """A count with its CRC-32, as one line of text."""
    digits = str(value)
    return f"{digits} {zlib.crc32(digits.encode()):08x}\n".encode()


def count_in(content: bytes) -> int:
    """The count in a cell; CounterBroken if it does not read."""
    digits = content.split(b" ")[0]
    if not digits.isdigit() or cell(int(digits)) != content:
        raise CounterBroken("the cell does not read as a count")
    return int(digits)
