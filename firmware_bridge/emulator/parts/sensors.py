"""What the device can feel: coil temperature, contact, position, motion, battery.

Contact, position and motion are measured with noise, which a seed and the instant fix: the same
instant reads the same twice. Whoever plays the world sets what there is to measure. The figures are
this product's own choice. Not for any limit: those are the firmware's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from firmware_bridge.emulator.firmware.ports import SensorReading
from firmware_bridge.emulator.parts.battery import Battery
from firmware_bridge.emulator.parts.heat import CoilTemperature

CONTACT_LIMIT = 50
CONTACT_GOOD, CONTACT_NONE, CONTACT_NOISE = 90, 5, 6
"""Contact by its conductance, in percent of bare skin's."""

POSITION_LIMIT_MM = 5
POSITION_GOOD_MM, POSITION_SLIPPED_MM, POSITION_NOISE_MM = 1, 12, 1
"""How far the coil lies from where it was placed."""

MOTION_NOISE_MG = 15
SEIZURE_MG, SEIZURE_JERKS_PER_S = 2_500, 3
"""A head that jerks (own figures, of the size that public descriptions of clonic jerks give)."""

BROKEN_THERMOMETER_C = 150
BATTERY_PERCENT = 80

BITS_64, BITS_21, HALF_21 = 2**64 - 1, 2**21 - 1, 2**20
MIXED_IN = 0x2545F4914F6CDD1D
"""So that instant 0 is as noisy as any other."""


@dataclass(frozen=True)
class Surroundings:
    """What is set from outside; a `coil_temperature_c` here overrides the model.

    Faults: `noise` multiplies the sensors' noise, `stuck` lets them repeat their last reading,
    `contact_flickers_ms` lets contact come and go, each for so long.
    """

    contact: bool = True
    position_ok: bool = True
    battery_percent: int = BATTERY_PERCENT
    coil_temperature_c: int | None = None
    motion_mg: int = 30
    on_charger: bool = True
    charger_plugged_in: bool = False
    noise: int = 1
    stuck: bool = False
    contact_flickers_ms: int = 0
    seizure: bool = False
    thermometer_broken: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.battery_percent <= 100:
            raise ValueError(f"battery_percent: {self.battery_percent}, from 0 to 100")
        if self.motion_mg < 0:
            raise ValueError(f"motion_mg: {self.motion_mg}, not below 0")

    def touches(self, at_ms: int) -> bool:
        """Whether the coil touches the head at that instant."""
        away = self.contact_flickers_ms and at_ms // self.contact_flickers_ms % 2
        return self.contact and not away

    def shakes_mg(self, at_ms: int) -> int:
        """How much the head moves at that instant."""
        if not self.seizure:
            return self.motion_mg
        turns = SEIZURE_JERKS_PER_S * at_ms / 1_000
        return max(self.motion_mg, round(SEIZURE_MG * abs(math.sin(math.pi * turns))))


class SetSensors:
    """The sensors over temperature, battery, and settable surroundings."""

    def __init__(
        self,
        temperature: CoilTemperature,
        battery: Battery,
        now_ms: Callable[[], int],
        *,
        seed: int = 0,
    ) -> None:
        self._temperature = temperature
        self._battery = battery
        self._now_ms = now_ms
        self._seed = seed
        self._last: SensorReading | None = None
        self.surroundings = Surroundings()

    def read(self) -> SensorReading:
        """The present reading; the temperature is rounded up."""
        if not self.surroundings.stuck or self._last is None:
            self._last = self._measure()
        return self._last

    def change(self, **settings: bool | int | None) -> None:
        """Set some of the surroundings, by the names of `Surroundings`."""
        self.surroundings = replace(self.surroundings, **settings)  # type: ignore[arg-type]
        if "battery_percent" in settings:
            self._battery.set(self.surroundings.battery_percent)
        self._battery.on_charger = self.surroundings.on_charger
        if "charger_plugged_in" in settings:
            self._battery.plug_in(plugged_in=self.surroundings.charger_plugged_in)

    def _measure(self) -> SensorReading:
        around, now_ms = self.surroundings, self._now_ms()
        touch, shift, shake = noises(self._seed, now_ms)
        contact = CONTACT_GOOD if around.touches(now_ms) else CONTACT_NONE
        off_mm = POSITION_GOOD_MM if around.position_ok else POSITION_SLIPPED_MM
        motion_mg = around.shakes_mg(now_ms) + round(shake * MOTION_NOISE_MG * around.noise)
        return SensorReading(
            coil_temperature_c=self._celsius(),
            contact=contact + touch * CONTACT_NOISE * around.noise >= CONTACT_LIMIT,
            position_ok=off_mm + shift * POSITION_NOISE_MM * around.noise < POSITION_LIMIT_MM,
            battery_percent=self._battery.percent(),
            motion_mg=motion_mg if motion_mg > 0 else 0,
        )

    def _celsius(self) -> int:
        if self.surroundings.thermometer_broken:
            return BROKEN_THERMOMETER_C
        set_c = self.surroundings.coil_temperature_c
        return math.ceil(self._temperature.celsius()) if set_c is None else set_c


def noises(seed: int, at_ms: int) -> tuple[float, float, float]:
    """Return three numbers from -1 to 1 that only look random (splitmix64 over seed and time)."""
    mixed = (at_ms * 0x9E3779B97F4A7C15 + seed * 0xBF58476D1CE4E5B9 + MIXED_IN) & BITS_64
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & BITS_64
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & BITS_64
    mixed ^= mixed >> 31
    return (
        (mixed & BITS_21) / HALF_21 - 1,
        (mixed >> 21 & BITS_21) / HALF_21 - 1,
        (mixed >> 42 & BITS_21) / HALF_21 - 1,
    )
