"""Where emulated flash keeps its bytes: named areas in files, or in memory.

A file survives kill -9; memory survives what a test calls a power cut, and can be copied as an
image. Neither knows pages, blocks or wear: that is the chip's. Bytes beyond what an area holds read
as erased.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from firmware_bridge.emulator.parts.durable import sync_folder, write_whole
from firmware_bridge.emulator.parts.errors import storage

ERASED = b"\xff"


class Medium(Protocol):
    """Bytes by area; each area begins as erased."""

    def areas(self) -> tuple[str, ...]:
        """Names of the areas that were ever written."""

    def length(self, area: str) -> int:
        """Bytes up to the last one that was ever written."""

    def read(self, area: str, offset: int = 0, length: int | None = None) -> bytes:
        """Bytes as they lie; fewer than asked for where the rest is erased."""

    def write(self, area: str, offset: int, content: bytes) -> None:
        """Put bytes in their place, whatever lay there."""

    def shorten(self, area: str, length: int) -> None:
        """Let everything from `length` on be erased."""

    def sync(self, area: str) -> None:
        """Return when what was written outlasts the machine's own power cut."""

    def close(self) -> None:
        """Let go of what is open."""


class FileMedium:
    """An area is a file of its own in a folder. One file is open at a time."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._durable = durable
        self._open_area = ""
        self._file = -1

    def areas(self) -> tuple[str, ...]:
        """Names of the files, in order."""
        return tuple(sorted(path.name for path in self._folder.iterdir()))

    def length(self, area: str) -> int:
        """Size of the file; none is 0 bytes."""
        if area == self._open_area:
            return os.fstat(self._file).st_size
        path = self._folder / area
        return path.stat().st_size if path.exists() else 0

    def read(self, area: str, offset: int = 0, length: int | None = None) -> bytes:
        """Read from the file; an absent one is erased."""
        if area != self._open_area and not (self._folder / area).exists():
            return b""
        file = self._open(area)
        return os.pread(file, os.fstat(file).st_size if length is None else length, offset)

    def write(self, area: str, offset: int, content: bytes) -> None:
        """Write into the file; a gap before `offset` is filled as erased."""
        with storage("flash"):
            file = self._open(area)
            gap = max(0, offset - os.fstat(file).st_size)
            os.lseek(file, offset - gap, os.SEEK_SET)
            write_whole(file, ERASED * gap + content)

    def shorten(self, area: str, length: int) -> None:
        """Cut the file."""
        if self.length(area) > length:
            with storage("flash"):
                os.ftruncate(self._open(area), length)

    def sync(self, area: str) -> None:
        """Call `fsync`, unless durability isn't asked for."""
        if self._durable:
            with storage("flash"):
                os.fsync(self._open(area))

    def close(self) -> None:
        """Close the file that is open."""
        if self._open_area:
            os.close(self._file)
            self._open_area = ""

    def _open(self, area: str) -> int:
        if area != self._open_area:
            self.close()
            path = self._folder / area
            fresh = not path.exists()
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            self._open_area = area
            if fresh and self._durable:
                sync_folder(self._folder)
        return self._file


class MemoryMedium:
    """Areas in memory, for campaigns that boot thousands of devices."""

    def __init__(self, image: dict[str, bytes] | None = None) -> None:
        self._cells = {area: bytearray(cells) for area, cells in (image or {}).items()}

    def image(self) -> dict[str, bytes]:
        """Everything that is kept, to be restored later or elsewhere."""
        return {area: bytes(cells) for area, cells in self._cells.items()}

    def restore(self, image: dict[str, bytes]) -> None:
        """Put an image in the place of everything that is kept."""
        self._cells = {area: bytearray(cells) for area, cells in image.items()}

    def areas(self) -> tuple[str, ...]:
        """Names of the areas, in order."""
        return tuple(sorted(self._cells))

    def length(self, area: str) -> int:
        """Bytes up to the last one that was ever written."""
        return len(self._cells.get(area, b""))

    def read(self, area: str, offset: int = 0, length: int | None = None) -> bytes:
        """Copy bytes out."""
        cells = self._cells.get(area, bytearray())
        return bytes(cells[offset : None if length is None else offset + length])

    def write(self, area: str, offset: int, content: bytes) -> None:
        """Copy bytes in; a gap before `offset` is filled as erased."""
        cells = self._cells.setdefault(area, bytearray())
        cells += ERASED * max(0, offset - len(cells))
        cells[offset : offset + len(content)] = content

    def shorten(self, area: str, length: int) -> None:
        """Drop the end."""
        del self._cells.setdefault(area, bytearray())[length:]

    def sync(self, area: str) -> None:
        """Memory has nothing to wait for."""

    def close(self) -> None:
        """Memory has nothing open."""
