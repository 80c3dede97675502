"""The monotonic counter: a cell outside the flash that only ever goes up (R29).

Not for counting pulses: the coil has a counter of its own.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from firmware_bridge.emulator.parts.durable import replace_file
from firmware_bridge.emulator.parts.errors import CounterBroken, storage


class FileCounter:
    """The counter in a file of its own. It offers no way to set a value."""

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._durable = durable
        self._stuck = False
        if not path.exists():
            replace_file(path, cell(0), durable=durable)
        self._value = read_cell(path)

    def read(self) -> int:
        """The count, as the cell has it."""
        return self._value

    def advance(self) -> int:
        """Go up by one; when this returns the new count, it is in the cell."""
        if self._stuck:
            raise CounterBroken("the counter does not advance")
        with storage("counter"):
            replace_file(self._path, cell(self._value + 1), durable=self._durable)
        self._value += 1
        return self._value

    def stick(self) -> None:
        """Fault: refuse to advance from now on."""
        self._stuck = True


def cell(value: int) -> bytes:
    """A count with its CRC-32, as one line of text."""
    digits = str(value)
    return f"{digits} {zlib.crc32(digits.encode()):08x}\n".encode()


def read_cell(path: Path) -> int:
    """The count in a cell; CounterBroken if it does not read."""
    content = path.read_bytes()
    digits = content.split(b" ")[0]
    if not digits.isdigit() or cell(int(digits)) != content:
        raise CounterBroken(f"the cell {path.name} does not read as a count")
    return int(digits)
