"""What a fault is: what it means, where it acts, how long it stands, how it is taken back.

Not for the faults themselves: see `table`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from firmware_bridge.emulator.faults.reach import Reach
from firmware_bridge.emulator.faults.wanted import Wanted


class Where(StrEnum):
    """The part of the band that a fault acts on."""

    SENSOR = "sensor"
    PART = "part"
    FLASH = "flash"
    CLOCK = "clock"
    POWER = "power"
    FIRMWARE = "firmware"
    LINK = "link"
    PAIRING = "pairing"


class Lasts(StrEnum):
    """How long a fault stands."""

    HAPPENS = "happens once"
    STANDS = "until taken back"
    FOR_GOOD = "for good"


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Stands:
    """A fault that stands: how it is taken back, and whether it hasn't spent itself."""

    undo: Callable[[], None]
    still: Callable[[], bool] = _always


Inject = Callable[[Reach, Any], Stands | None]
"""Makes a fault true; returns how it stands, if it does."""

NO_VALUE = object()


@dataclass(frozen=True)
class Fault:
    """One thing that can go wrong, or be set."""

    meaning: str
    where: Where
    lasts: Lasts
    wanted: Wanted
    inject: Inject
    sound: Any = NO_VALUE
    """The value that takes it back, as false does for what is broken while it's true."""
