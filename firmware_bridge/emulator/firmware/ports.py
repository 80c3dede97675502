"""What the firmware core asks of its hardware: each part one protocol, each with one job.

The emulator builds these as files and simulations (firmware_bridge.emulator.parts); a board would
build them as drivers. The core has no clock, no file and no Bluetooth of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shared.trust.keys import PublicKey, Signer


class PartFailure(Exception):
    """A part did not do its job, flash full or broken: the device stops and stays stopped."""


@dataclass(frozen=True)
class FlashContent:
    """Everything that stands in the log: whole entries in order, and whether a write was torn."""

    entries: tuple[bytes, ...]
    torn_tail: bool
    broken_at: int | None = None
    """Index of the first entry whose checksum fails though others follow it; None when none."""


class Flash(Protocol):
    """Append-only log, in a ring of erase blocks, beside small pages that are replaced whole."""

    def append(self, entry: bytes) -> None:
        """Write one entry durably; on return it survives a power cut."""

    def read_all(self) -> FlashContent:
        """Read the log from its beginning."""

    def cut_torn_tail(self) -> None:
        """Remove a torn last write; whole entries stay."""

    def drop(self, entries: int) -> None:
        """Forget so many of the oldest entries for good, and make their room free."""

    def room_bytes(self) -> int:
        """Return how much of the log is free."""

    def write_page(self, name: str, content: bytes) -> None:
        """Replace a page durably, all or nothing (two slots)."""

    def read_page(self, name: str) -> bytes | None:
        """Return the newest whole content of a page; None when never written."""


class MonotonicCounter(Protocol):
    """Counter outside the flash that only ever rises (R29)."""

    def read(self) -> int:
        """Return the count."""

    def advance(self) -> int:
        """Add one durably and return the new count."""


class Coil(Protocol):
    """Pulse generator with a hardware countdown that gates the trigger (R2)."""

    def load(self, pulses: int) -> None:
        """Set the countdown: at most this many pulses until the next load."""

    def fire(self, at_us: int, percent_mso: int) -> bool:
        """Fire one pulse; False when the countdown or the interlock refused it."""

    def fired_since_load(self) -> int:
        """Return the hardware's own count of pulses since the last load."""

    def interlock(self, *, closed: bool) -> None:
        """With ``closed`` no trigger reaches the coil."""

    def discharge(self) -> None:
        """Empty the capacitor: nothing fires until a load of at least one pulse charges it."""


@dataclass(frozen=True)
class ClockReading:
    """Count of the backed clock in milliseconds, and whether its supply never broke."""

    count_ms: int
    unbroken: bool


class BackedClock(Protocol):
    """Clock with a supply of its own; its count means nothing but differences (R5)."""

    def read(self) -> ClockReading:
        """Return count and backup flag."""

    def mark_trusted(self) -> None:
        """Set the backup flag: from now on a broken supply shows."""


@dataclass(frozen=True)
class SensorReading:
    """One look at the body and the board."""

    coil_temperature_c: int
    contact: bool
    position_ok: bool
    battery_percent: int
    motion_mg: int


class Sensors(Protocol):
    """What the device measures beside pulses."""

    def read(self) -> SensorReading:
        """Return the present reading."""


class Randomness(Protocol):
    """Source of nonces and keys."""

    def bytes(self, count: int) -> bytes:
        """Return ``count`` unpredictable bytes."""


@dataclass(frozen=True)
class CoilProfile:
    """What the maker says of the coil that is fitted; its name is what prescriptions say.

    Heat: how much one pulse at full output adds (less by the square of the output), and in which
    time the excess over the air falls to 1/e.
    """

    coil: str
    motion_limit_mg: int
    heat_per_pulse_mk: int
    cooling_time_s: int


class Buzzer(Protocol):
    """What the person hears: the alarm, and ``locate``."""

    def sound(self, duration_ms: int) -> None:
        """Sound for so long, from now."""


class Fuse(Protocol):
    """The step from manufacturing to released, which nothing takes back (R30)."""

    @property
    def released(self) -> bool:
        """True for ever, once released."""

    def release(self) -> None:
        """Blow the fuse."""


class RunningImage(Protocol):
    """The firmware's own image, as the bootloader left it (R15)."""

    version: str
    on_trial: bool
    """Until it is confirmed, the next boot takes the image before it."""

    def confirm(self) -> None:
        """Have the bootloader keep it."""


@dataclass(frozen=True)
class Identity:
    """What the maker put in at manufacture: the key cannot be read out."""

    device_id: bytes
    signer: Signer
    certificate: bytes
    manufacturer: PublicKey


@dataclass(frozen=True)
class Parts:
    """All parts of one device."""

    identity: Identity
    flash: Flash
    counter: MonotonicCounter
    coil: Coil
    clock: BackedClock
    sensors: Sensors
    randomness: Randomness
    profile: CoilProfile
    buzzer: Buzzer
    fuse: Fuse
