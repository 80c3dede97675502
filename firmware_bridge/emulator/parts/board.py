"""All parts of one emulated device, built over a state folder.

The firmware gets `parts`; the control surface also reaches the parts themselves, to read the
oracle's counters and to inject faults. Not for any decision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.emulator.firmware.ports import Identity, Parts
from firmware_bridge.emulator.parts.backed_clock import FileBackedClock
from firmware_bridge.emulator.parts.coil import LoggedCoil
from firmware_bridge.emulator.parts.counter import FileCounter
from firmware_bridge.emulator.parts.flash import FileFlash
from firmware_bridge.emulator.parts.randomness import SystemRandomness
from firmware_bridge.emulator.parts.sensors import CoilTemperature, SetSensors

PULSE_LOG = "pulses.log"
WORN_PARTS = ("flash", "counter", "coil", "clock")
"""Folders of the parts that keep something, below the state folder."""


@dataclass(frozen=True)
class Board:
    """The concrete parts."""

    identity: Identity
    flash: FileFlash
    counter: FileCounter
    coil: LoggedCoil
    clock: FileBackedClock
    sensors: SetSensors
    temperature: CoilTemperature

    @property
    def parts(self) -> Parts:
        """The same parts as the firmware sees them."""
        return Parts(
            identity=self.identity,
            flash=self.flash,
            counter=self.counter,
            coil=self.coil,
            clock=self.clock,
            sensors=self.sensors,
            randomness=SystemRandomness(),
        )


def build_board(
    state: Path, identity: Identity, now_ms: Callable[[], int], *, durable: bool = True
) -> Board:
    """Build every part over its file in `state`; `now_ms` is the time the world's physics follow.

    Flash, counter, coil and clock lie in folders and files of their own: none shares a fate with
    another.
    """
    temperature = CoilTemperature(now_ms)
    return Board(
        identity=identity,
        flash=FileFlash(state / "flash", durable=durable),
        counter=FileCounter(state / "counter" / "cell", durable=durable),
        coil=LoggedCoil(state / "coil" / PULSE_LOG, on_pulse=temperature.pulse),
        clock=FileBackedClock(state / "clock" / "backed.json", now_ms, durable=durable),
        sensors=SetSensors(temperature),
        temperature=temperature,
    )
