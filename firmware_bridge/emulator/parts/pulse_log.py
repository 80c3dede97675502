"""The oracle's log of every pulse that left the coil, in a file or in memory.

The firmware never reads it. A file is written unbuffered, before `append` returns, so that a power
cut takes no pulse away.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from firmware_bridge.emulator.parts.durable import write_whole
from firmware_bridge.emulator.parts.errors import storage


@dataclass(frozen=True)
class Pulse:
    """One pulse as the oracle has it."""

    at_us: int
    percent_mso: int


class PulseLog(Protocol):
    """Where pulses are written down."""

    @property
    def count(self) -> int:
        """How many there are, over the coil's whole life."""

    def append(self, pulse: Pulse) -> None:
        """Write one down; it outlasts a power cut from here on."""

    def close(self) -> None:
        """Let go of what is open."""


class FilePulseLog:
    """Pulses in a file, a line each."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self.count = len(read_pulses(path))

    def append(self, pulse: Pulse) -> None:
        """Write a line."""
        with storage("coil"):
            write_whole(self._file, f"{pulse.at_us} {pulse.percent_mso}\n".encode())
        self.count += 1

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


class MemoryPulseLog:
    """Pulses in memory; a second log over the same list goes on with it."""

    def __init__(self, pulses: list[Pulse]) -> None:
        self._pulses = pulses

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._pulses)

    def append(self, pulse: Pulse) -> None:
        """Keep it."""
        self._pulses.append(pulse)

    def close(self) -> None:
        """Nothing is open."""


def read_pulses(log: Path) -> tuple[Pulse, ...]:
    """Every pulse in an oracle's log."""
    if not log.exists():
        return ()
    lines = (line.split() for line in log.read_text().splitlines())
    return tuple(Pulse(int(at_us), int(percent)) for at_us, percent in lines)
