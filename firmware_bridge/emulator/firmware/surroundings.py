"""What the sensors say while a session is open: heat, motion, position, contact (R3, R11, R12)."""

from __future__ import annotations

from enum import Enum, auto

from firmware_bridge.emulator.firmware.ports import SensorReading, Sensors
from shared.stimulation.limits import absolute_limits

LOOK_EVERY_MS = 50
"""How often the sensors are looked at while a session is open, however long a step of time is."""

CONTACT_GRACE_MS = 300


class Seen(Enum):
    """What is worth acting on, the gravest first."""

    TOO_HOT = auto()
    MOVED = auto()
    SLIPPED = auto()
    CONTACT_LOST = auto()
    CONTACT_BACK = auto()
    NOTHING = auto()


class Surroundings:
    """Looks at the sensors, and remembers since when contact is lost."""

    def __init__(self, sensors: Sensors, motion_limit_mg: int) -> None:
        self._sensors, self._motion_limit_mg = sensors, motion_limit_mg
        self._contact_lost_ms: int | None = None
        self._looked_ms = 0

    @property
    def next_look_ms(self) -> int:
        """When the next look is due."""
        return self._looked_ms + LOOK_EVERY_MS

    def is_moving(self, reading: SensorReading) -> bool:
        """Return whether the head moves more than the coil's profile allows (R31)."""
        return reading.motion_mg >= self._motion_limit_mg

    def look(self, now_ms: int) -> Seen:
        """Return what the sensors say now."""
        reading, lost_ms = self._sensors.read(), self._contact_lost_ms
        self._looked_ms = now_ms
        if lost_ms is None or reading.contact:
            self._contact_lost_ms = None if reading.contact else now_ms
        if reading.coil_temperature_c >= absolute_limits().coil_temperature_c_max:
            return Seen.TOO_HOT
        if self.is_moving(reading):
            return Seen.MOVED
        if not reading.position_ok:
            return Seen.SLIPPED
        if reading.contact:
            return Seen.NOTHING if lost_ms is None else Seen.CONTACT_BACK
        if lost_ms is not None and now_ms - lost_ms > CONTACT_GRACE_MS:
            return Seen.CONTACT_LOST
        return Seen.NOTHING
