"""A clock with a supply of its own: a count that goes on without power, and a backup flag (R5).

Its count follows the time source also while the device's process is gone, as a real one does.
Only differences of the count mean anything. Not a wall clock, and not proof of anything by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from firmware_bridge.emulator.firmware.ports import ClockReading
from firmware_bridge.emulator.parts.cells import Cell, FileCell


@dataclass(frozen=True)
class Counting:
    """Since when the clock counts, whether its supply held, and how wrong its crystal is."""

    zero_ms: int
    unbroken: bool
    drift_ppm: int = 0
    drift_from_ms: int = 0

    def count_ms(self, now_ms: int) -> int:
        """The count, drift included."""
        drifted_ms = (now_ms - self.drift_from_ms) * self.drift_ppm // 1_000_000
        return now_ms - self.zero_ms + drifted_ms


class CellClock:
    """Count and backup flag over a cell."""

    def __init__(self, kept: Cell, now_ms: Callable[[], int]) -> None:
        self._kept = kept
        self._now_ms = now_ms
        self._counting = self._load()

    def read(self) -> ClockReading:
        """Count and backup flag; a count that went back clears the flag."""
        now_ms = self._now_ms()
        if now_ms < self._counting.zero_ms:
            self.break_supply()
        return ClockReading(self._counting.count_ms(now_ms), self._counting.unbroken)

    def mark_trusted(self) -> None:
        """Set the backup flag: from now on a broken supply shows."""
        self._store(replace(self._counting, unbroken=True))

    def break_supply(self) -> None:
        """Fault: the supply breaks; the count begins anew and the flag falls."""
        self._store(Counting(self._now_ms(), unbroken=False))

    def drift(self, ppm: int) -> None:
        """Fault: count wrong by this much from now on; the flag stays up."""
        now_ms = self._now_ms()
        zero_ms = now_ms - self._counting.count_ms(now_ms)
        self._store(Counting(zero_ms, self._counting.unbroken, ppm, now_ms))

    def _load(self) -> Counting:
        try:
            return Counting(**json.loads(self._kept.read() or b""))
        except (ValueError, TypeError):
            return Counting(self._now_ms(), unbroken=False)

    def _store(self, counting: Counting) -> None:
        self._counting = counting
        self._kept.replace(json.dumps(asdict(counting)).encode())


class FileBackedClock(CellClock):
    """Count and backup flag in a file."""

    def __init__(self, path: Path, now_ms: Callable[[], int], *, durable: bool = True) -> None:
        super().__init__(FileCell(path, durable=durable), now_ms)
