"""A clock with a supply of its own: a count that goes on without power, and a backup flag (R5).

Its count follows the time source also while the device's process is gone, as a real one does.
Only differences of the count mean anything. Not a wall clock, and not proof of anything by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from firmware_bridge.emulator.firmware.ports import ClockReading
from firmware_bridge.emulator.parts.durable import replace_file
from firmware_bridge.emulator.parts.errors import storage


class FileBackedClock:
    """Count and backup flag in a file."""

    def __init__(self, path: Path, now_ms: Callable[[], int], *, durable: bool = True) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._now_ms = now_ms
        self._durable = durable
        self._zero_ms, self._unbroken = self._load()

    def read(self) -> ClockReading:
        """Count and backup flag; a count that went back clears the flag."""
        if self._now_ms() < self._zero_ms:
            self.break_supply()
        return ClockReading(self._now_ms() - self._zero_ms, self._unbroken)

    def mark_trusted(self) -> None:
        """Set the backup flag: from now on a broken supply shows."""
        self._store(self._zero_ms, unbroken=True)

    def break_supply(self) -> None:
        """Fault: the supply breaks; the count begins anew and the flag falls."""
        self._store(self._now_ms(), unbroken=False)

    def _load(self) -> tuple[int, bool]:
        try:
            kept = json.loads(self._path.read_text())
            return int(kept["zero_ms"]), bool(kept["unbroken"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return self._now_ms(), False

    def _store(self, zero_ms: int, *, unbroken: bool) -> None:
        self._zero_ms, self._unbroken = zero_ms, unbroken
        content = json.dumps({"zero_ms": zero_ms, "unbroken": unbroken})
        with storage("clock"):
            replace_file(self._path, content.encode(), durable=self._durable)
