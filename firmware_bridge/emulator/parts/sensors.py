"""What the device can feel: coil temperature, contact, position, battery.

The coil's temperature follows a model; the rest stands as the control surface sets it. The
model's figures are this product's own choice, made to look plausible, and are no measurement.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from firmware_bridge.emulator.firmware.ports import SensorReading

AMBIENT_C = 24.0
RISE_C_PER_PULSE_AT_FULL_OUTPUT = 0.04
COOLING_TIME_S = 900.0
"""Time in which the excess over ambient falls to 1/e."""


class CoilTemperature:
    """Rises by each pulse with the square of its output, falls towards ambient exponentially."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._excess_c = 0.0
        self._at_ms = now_ms()

    def pulse(self, percent_mso: int) -> None:
        """Take up the heat of one pulse."""
        self._cool()
        self._excess_c += RISE_C_PER_PULSE_AT_FULL_OUTPUT * (percent_mso / 100) ** 2

    def celsius(self) -> float:
        """The temperature now."""
        self._cool()
        return AMBIENT_C + self._excess_c

    def _cool(self) -> None:
        passed_s = max(0, self._now_ms() - self._at_ms) / 1000
        self._excess_c *= math.exp(-passed_s / COOLING_TIME_S)
        self._at_ms = self._now_ms()


@dataclass(frozen=True)
class Surroundings:
    """What is set from outside; a `coil_temperature_c` here overrides the model (fault)."""

    contact: bool = True
    position_ok: bool = True
    battery_percent: int = 80
    coil_temperature_c: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.battery_percent <= 100:
            raise ValueError(f"battery_percent: {self.battery_percent}, from 0 to 100")


class SetSensors:
    """The sensors over a temperature model and settable surroundings."""

    def __init__(self, temperature: CoilTemperature) -> None:
        self._temperature = temperature
        self.surroundings = Surroundings()

    def read(self) -> SensorReading:
        """The present reading; the temperature is rounded up."""
        set_c = self.surroundings.coil_temperature_c
        return SensorReading(
            coil_temperature_c=math.ceil(self._temperature.celsius()) if set_c is None else set_c,
            contact=self.surroundings.contact,
            position_ok=self.surroundings.position_ok,
            battery_percent=self.surroundings.battery_percent,
        )

    def change(self, **settings: bool | int | None) -> None:
        """Set some of the surroundings, by the names of `Surroundings`."""
        self.surroundings = replace(self.surroundings, **settings)  # type: ignore[arg-type]
