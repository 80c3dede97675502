"""What happened in the world, as it can be seen from outside the device: what the oracle reads.

Plain tuples in true time. Not what anybody thought or decided.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Pulse(NamedTuple):
    """One pulse as the coil model fired it, and what stood in flash and counter at that instant."""

    at_us: int
    percent_mso: int
    boot: int
    log_bytes: int
    counter: int
    after: int
    """How many facts came before it."""


class Asked(NamedTuple):
    """A whole request as the device got it, who sent it, and the answer; None where power went."""

    at_us: int
    boot: int
    origin: str
    message: bytes
    answer: bytes | None
    written: tuple[int, int] = (0, 0)
    """Where in the log in flash its records may lie, where power went before the answer."""


class Part(NamedTuple):
    """A part of a blob as the device got it."""

    value: bytes


class Linked(NamedTuple):
    """A phone's link became secure."""


class Pressed(NamedTuple):
    """The band's button went down."""

    at_us: int
    boot: int
    written: tuple[int, int] = (0, 0)
    """Where in the log in flash the records of what it agreed to lie."""


class Power(NamedTuple):
    """The band was switched on, or its power went."""

    at_us: int
    boot: int
    on: bool


class ClockBroke(NamedTuple):
    """The backed clock lost its supply."""

    at_us: int


class Felt(NamedTuple):
    """What the sensors have to measure was changed."""

    at_us: int
    name: str
    value: int


class Restored(NamedTuple):
    """An older flash image was put in; ``behind`` says that pulses were reserved since."""

    at_us: int
    behind: bool


class Broke(NamedTuple):
    """A part of the hardware failed; ``fatal`` where nobody may treat with it from then on."""

    at_us: int
    boot: int
    part: str
    fatal: bool


Fact = Asked | Part | Linked | Pressed | Power | ClockBroke | Felt | Restored | Broke


@dataclass
class World:
    """Everything that a schedule leaves behind."""

    device_id: bytes
    device_key: bytes
    manufacturer_key: bytes
    begin_wall_ms: int
    facts: list[Fact] = field(default_factory=list)
    pulses: list[Pulse] = field(default_factory=list)
    uploaded: list[tuple[str, bytes]] = field(default_factory=list)
    logs: list[tuple[int, bytes]] = field(default_factory=list)
    """The flash's log area, at each restoring and at the end, by how many pulses came before."""

    faulty: bool = False
    """Whether the device ended out of service."""

    may_be_faulty: bool = False
    """Whether anything was done to it that allows it to."""

    synced: bool = False
    """Whether the last exchange brought phone and cloud to the device's own head."""
