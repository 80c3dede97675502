"""Pages that come in several slots, of which the ledger says the one that counts (R17, R22, R23).

A page is written before its record and into a slot that nothing in force stands in: a power cut
between the two loses neither, and what no record names counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from firmware_bridge.emulator.firmware.ports import Flash, PartFailure
from shared.wire.errors import WireError

T = TypeVar("T")
_WIPED = b""


class KeptPages(Generic[T]):
    """What stands in the slots of one page."""

    def __init__(self, flash: Flash, name: str, slots: int, read: Callable[[bytes], T]) -> None:
        self._flash, self._read = flash, read
        self._names = tuple(f"{name}-{slot}" for slot in range(slots))
        self._kept: dict[str, T] = {}

    @property
    def all(self) -> tuple[T, ...]:
        """Everything that stands in a slot, whether it counts or not."""
        return tuple(self._kept.values())

    def load(self) -> None:
        """Read every slot."""
        self._kept = {}
        for name in self._names:
            data = self._flash.read_page(name)
            if data is not None and data != _WIPED:
                self._kept[name] = self._decoded(name, data)

    def keep(self, data: bytes, *, beside: Iterable[T]) -> T:
        """Write a page into a slot that holds none of ``beside``; return what it says."""
        in_force = list(beside)
        name = next(name for name in self._names if self._kept.get(name) not in in_force)
        self._flash.write_page(name, data)
        self._kept[name] = self._decoded(name, data)
        return self._kept[name]

    def wipe(self, *, but: T | None = None) -> None:
        """Take away what stands in every slot, or in every other one."""
        for name in [name for name, kept in self._kept.items() if kept != but]:
            self._flash.write_page(name, _WIPED)
            del self._kept[name]

    def _decoded(self, name: str, data: bytes) -> T:
        try:
            return self._read(data)
        except WireError as problem:
            raise PartFailure(f"the page {name} is whole and can't be read") from problem
