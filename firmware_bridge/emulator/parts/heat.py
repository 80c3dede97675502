"""The coil's temperature: each pulse adds to it, the air takes it away (Newton's law of cooling).

Its figures come from the coil's profile. Not for the limit: that is the firmware's.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from firmware_bridge.emulator.firmware.ports import CoilProfile
from firmware_bridge.emulator.parts.profiles import FIGURE_8

AMBIENT_C = 24.0
"""The room's air (own figure)."""


class CoilTemperature:
    """Rises by each pulse with the square of its output, falls towards the air exponentially."""

    def __init__(
        self,
        now_ms: Callable[[], int],
        profile: CoilProfile = FIGURE_8,
        *,
        ambient_c: float = AMBIENT_C,
    ) -> None:
        self._now_ms = now_ms
        self._profile = profile
        self._ambient_c = ambient_c
        self._excess_c = 0.0
        self._at_ms = now_ms()

    def pulse(self, percent_mso: int) -> None:
        """Take up the heat of one pulse."""
        self._cool()
        self._excess_c += self._profile.heat_per_pulse_mk / 1000 * (percent_mso / 100) ** 2

    def celsius(self) -> float:
        """The temperature now."""
        self._cool()
        return self._ambient_c + self._excess_c

    def _cool(self) -> None:
        now_ms = self._now_ms()
        passed_s = max(0, now_ms - self._at_ms) / 1000
        if passed_s:
            self._excess_c *= math.exp(-passed_s / self._profile.cooling_time_s)
        self._at_ms = now_ms
