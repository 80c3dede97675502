"""The pulse generator: a countdown that gates its trigger and a counter of what it fired (R2).

Every pulse is also appended, unbuffered, to a log that the firmware never reads: the independent
oracle of tests and demonstrations. Not for deciding whether a pulse may be fired.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.emulator.parts.durable import write_whole
from firmware_bridge.emulator.parts.errors import storage


@dataclass(frozen=True)
class Pulse:
    """One pulse as the oracle has it."""

    at_us: int
    percent_mso: int


class LoggedCoil:
    """The coil. The countdown dies with the power: after a restart nothing fires unloaded."""

    def __init__(
        self, log: Path, *, on_pulse: Callable[[int], None] = lambda percent: None
    ) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = os.open(log, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._fired_total = len(read_pulses(log))
        self._fired_since_load = 0
        self._countdown = 0
        self._closed = False
        self._uncounted = 0
        self._on_pulse = on_pulse

    @property
    def fired_total(self) -> int:
        """Pulses in the oracle's log, over the coil's whole life."""
        return self._fired_total

    @property
    def countdown(self) -> int:
        """Pulses that the trigger still lets through."""
        return self._countdown

    def load(self, pulses: int) -> None:
        """Set the countdown and begin a new count."""
        if pulses < 0:
            raise ValueError(f"pulses: {pulses}, not below 0")
        self._countdown = pulses
        self._fired_since_load = 0

    def fire(self, at_us: int, percent_mso: int) -> bool:
        """Fire one pulse; False, and no pulse, when countdown or interlock refuse it."""
        if self._closed or self._countdown == 0:
            return False
        self._countdown -= 1
        with storage("coil"):
            write_whole(self._log, f"{at_us} {percent_mso}\n".encode())
        self._fired_total += 1
        self._count()
        self._on_pulse(percent_mso)
        return True

    def fired_since_load(self) -> int:
        """The hardware's own count of pulses since the last load."""
        return self._fired_since_load

    def interlock(self, *, closed: bool) -> None:
        """With `closed` no trigger reaches the coil, whatever the countdown says."""
        self._closed = closed

    def discharge(self) -> None:
        """Empty the capacitor: nothing fires until the next load."""
        self._countdown = 0

    def miscount(self, pulses: int) -> None:
        """Fault: let the hardware's counter miss the next `pulses` pulses."""
        self._uncounted = pulses

    def close(self) -> None:
        """Let go of the oracle's log."""
        os.close(self._log)

    def _count(self) -> None:
        if self._uncounted:
            self._uncounted -= 1
        else:
            self._fired_since_load += 1


def read_pulses(log: Path) -> tuple[Pulse, ...]:
    """Every pulse in an oracle's log."""
    if not log.exists():
        return ()
    lines = (line.split() for line in log.read_text().splitlines())
    return tuple(Pulse(int(at_us), int(percent)) for at_us, percent in lines)
