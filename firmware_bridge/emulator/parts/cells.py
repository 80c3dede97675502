"""Where a part keeps one small value: in a file that is replaced whole, or in memory.

Not for flash, whose bytes wear and tear: see `media.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from firmware_bridge.emulator.parts.durable import replace_file
from firmware_bridge.emulator.parts.errors import storage


class Cell(Protocol):
    """One value, replaced in one step."""

    def read(self) -> bytes | None:
        """The value; None if it was never set."""

    def replace(self, content: bytes) -> None:
        """Set the value; it outlasts a power cut from here on."""


class FileCell:
    """A value in a file of its own."""

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._durable = durable

    def read(self) -> bytes | None:
        """The file's content; None if there is no file."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None

    def replace(self, content: bytes) -> None:
        """Write the file beside, and put it in its place."""
        with storage(self._path.name):
            replace_file(self._path, content, durable=self._durable)


class MemoryCell:
    """A value in memory: it outlasts what a test calls a power cut."""

    def __init__(self, content: bytes | None = None) -> None:
        self.content = content

    def read(self) -> bytes | None:
        """The value."""
        return self.content

    def replace(self, content: bytes) -> None:
        """Set the value."""
        self.content = content
