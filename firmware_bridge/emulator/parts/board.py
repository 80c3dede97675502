"""All parts of one emulated device, over a state folder or over memory.

The firmware gets `parts`; the control surface also reaches the parts themselves, to read the
oracle's counters and to inject faults. Not for any decision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from firmware_bridge.emulator.firmware.ports import CoilProfile, Identity, Parts
from firmware_bridge.emulator.parts.backed_clock import CellClock, FileBackedClock
from firmware_bridge.emulator.parts.battery import Battery
from firmware_bridge.emulator.parts.buzzer import HeardBuzzer
from firmware_bridge.emulator.parts.cells import FileCell, MemoryCell
from firmware_bridge.emulator.parts.coil import LoggedCoil
from firmware_bridge.emulator.parts.counter import CellCounter, FileCounter
from firmware_bridge.emulator.parts.flash import BlockFlash, FileFlash
from firmware_bridge.emulator.parts.fuse import CellFuse
from firmware_bridge.emulator.parts.heat import CoilTemperature
from firmware_bridge.emulator.parts.key import KeyPart
from firmware_bridge.emulator.parts.media import MemoryMedium
from firmware_bridge.emulator.parts.profiles import FIGURE_8
from firmware_bridge.emulator.parts.pulse_log import FilePulseLog, MemoryPulseLog, Pulse, PulseLog
from firmware_bridge.emulator.parts.randomness import RandomSource
from firmware_bridge.emulator.parts.security import SecurityCounter
from firmware_bridge.emulator.parts.sensors import BATTERY_PERCENT, SetSensors

PULSE_LOG = "pulses.log"
WORN_PARTS = ("flash", "counter", "coil", "clock", "fuse", "security")
"""Folders of the parts that keep something, below the state folder."""


@dataclass(frozen=True)
class Board:
    """The concrete parts."""

    identity: Identity
    flash: BlockFlash
    counter: CellCounter
    coil: LoggedCoil
    clock: CellClock
    sensors: SetSensors
    temperature: CoilTemperature
    battery: Battery
    randomness: RandomSource
    profile: CoilProfile
    buzzer: HeardBuzzer
    fuse: CellFuse
    security: SecurityCounter
    key: KeyPart

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
            randomness=self.randomness,
            profile=self.profile,
            buzzer=self.buzzer,
            fuse=self.fuse,
        )

    def lose_power(self) -> None:
        """Lose what a device without power loses; the world and what is broken stay as they are."""
        self.flash.lose_power()
        self.coil.lose_power()
        self.buzzer.lose_power()


@dataclass
class Kept:
    """All that a device in memory keeps over a power cut."""

    flash: MemoryMedium = field(default_factory=MemoryMedium)
    counter: MemoryCell = field(default_factory=MemoryCell)
    clock: MemoryCell = field(default_factory=MemoryCell)
    fuse: MemoryCell = field(default_factory=MemoryCell)
    security: MemoryCell = field(default_factory=MemoryCell)
    pulses: list[Pulse] = field(default_factory=list)

    def copy(self) -> Kept:
        """Return a second device that has kept the same."""
        return Kept(
            MemoryMedium(self.flash.image()),
            MemoryCell(self.counter.content),
            MemoryCell(self.clock.content),
            MemoryCell(self.fuse.content),
            MemoryCell(self.security.content),
            list(self.pulses),
        )


def build_board(
    state: Path,
    identity: Identity,
    now_ms: Callable[[], int],
    *,
    durable: bool = True,
    profile: CoilProfile = FIGURE_8,
    randomness: RandomSource | None = None,
) -> Board:
    """Build every part over its file in `state`; `now_ms` is the time the world's physics follow.

    Flash, counters, coil, clock and fuse lie in folders and files of their own: none shares a fate
    with another.
    """
    return _board(
        identity,
        now_ms,
        flash=FileFlash(state / "flash", durable=durable),
        counter=FileCounter(state / "counter" / "cell", durable=durable),
        log=FilePulseLog(state / "coil" / PULSE_LOG),
        clock=FileBackedClock(state / "clock" / "backed.json", now_ms, durable=durable),
        fuse=CellFuse(FileCell(state / "fuse" / "cell", durable=durable)),
        security=SecurityCounter(FileCell(state / "security" / "cell", durable=durable)),
        profile=profile,
        randomness=randomness or RandomSource(),
        seed=0,
    )


def build_board_in_memory(
    kept: Kept,
    identity: Identity,
    now_ms: Callable[[], int],
    *,
    profile: CoilProfile = FIGURE_8,
    randomness: RandomSource | None = None,
    seed: int = 0,
) -> Board:
    """Build the same parts over memory, for campaigns that boot thousands of devices."""
    return _board(
        identity,
        now_ms,
        flash=BlockFlash(kept.flash),
        counter=CellCounter(kept.counter),
        log=MemoryPulseLog(kept.pulses),
        clock=CellClock(kept.clock, now_ms),
        fuse=CellFuse(kept.fuse),
        security=SecurityCounter(kept.security),
        profile=profile,
        randomness=randomness or RandomSource(),
        seed=seed,
    )


def _board(
    identity: Identity,
    now_ms: Callable[[], int],
    *,
    flash: BlockFlash,
    counter: CellCounter,
    log: PulseLog,
    clock: CellClock,
    fuse: CellFuse,
    security: SecurityCounter,
    profile: CoilProfile,
    randomness: RandomSource,
    seed: int,
) -> Board:
    temperature = CoilTemperature(now_ms, profile)
    battery = Battery(now_ms, BATTERY_PERCENT)

    def on_pulse(percent_mso: int) -> None:
        temperature.pulse(percent_mso)
        battery.pulse(percent_mso)

    key = KeyPart(identity.signer)
    return Board(
        identity=replace(identity, signer=key),
        flash=flash,
        counter=counter,
        coil=LoggedCoil(log, on_pulse=on_pulse),
        clock=clock,
        sensors=SetSensors(temperature, battery, now_ms, seed=seed),
        temperature=temperature,
        battery=battery,
        randomness=randomness,
        profile=profile,
        buzzer=HeardBuzzer(now_ms),
        fuse=fuse,
        security=security,
        key=key,
    )
