"""Which faults stand in a band now, and how each is taken back.

A fault stands once: set anew it takes the new value, and is taken back to what was before the
first. Not for when a fault strikes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firmware_bridge.emulator.faults.errors import FaultRefused
from firmware_bridge.emulator.faults.fault import Fault, Stands
from firmware_bridge.emulator.faults.reach import Reach
from firmware_bridge.emulator.faults.table import FAULTS


class StandingFaults:
    """The faults of one band."""

    def __init__(self, band: Reach) -> None:
        self._band = band
        self._standing: dict[str, tuple[Any, Stands]] = {}
        self.on_fault: Callable[[str, Any], None] = lambda name, value: None
        self.on_sound: Callable[[str], None] = lambda name: None

    def now(self) -> dict[str, Any]:
        """Every fault that stands, with its value."""
        over = [name for name, (_, stands) in self._standing.items() if not stands.still()]
        for name in over:
            del self._standing[name]
        return {name: value for name, (value, _) in self._standing.items()}

    def inject(self, name: str, value: Any) -> None:
        """Make a fault true; the value that is sound takes it back."""
        fault, standing = FAULTS[name], name in self.now()
        if value == fault.sound and type(value) is type(fault.sound):
            self.take_back(name)
            return
        self.on_fault(name, value)
        stands = fault.inject(self._band, value)
        if stands is not None:
            first = self._standing[name][1] if standing else stands
            self._standing[name] = (value, Stands(first.undo, stands.still))

    def take_back(self, name: str) -> None:
        """Undo a fault; one that doesn't stand is left as it is."""
        if name in self.now():
            self.on_sound(name)
            self._standing.pop(name)[1].undo()


def named(name: str) -> Fault:
    """Return the fault of that name; raise FaultRefused if there is none."""
    fault = FAULTS.get(name)
    if fault is None:
        raise FaultRefused(name, "one of " + ", ".join(FAULTS))
    return fault


def judge(name: str, value: Any) -> Fault:
    """Return the fault of that name; raise FaultRefused if it takes no such value."""
    fault = named(name)
    if not fault.wanted.accepts(value):
        raise FaultRefused(name, fault.wanted.words)
    return fault
