"""The battery: pulses and time drain it, its voltage sags under load, a charger fills it.

The figures are this product's own choice, made to look plausible, and are no measurement. Between
sessions the band lies on its charger, unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

DRAIN_PERCENT_PER_PULSE_AT_FULL_OUTPUT = 0.008
DRAIN_PERCENT_PER_HOUR = 0.1
SAG_PERCENT_AT_FULL_OUTPUT = 6.0
SAG_MS = 2_000
"""How long after a pulse the voltage is still low."""

CHARGE_PERCENT_PER_MINUTE = 1.0
FULL_PERCENT = 100.0
CHARGING_AFTER_MS = 60_000
"""The band is laid on its charger so long after its last pulse."""


class Battery:
    """Charge in percent, and what a voltmeter makes of it."""

    def __init__(self, now_ms: Callable[[], int], percent: int) -> None:
        self._now_ms = now_ms
        self._at_ms = now_ms()
        self._charge = self._full = float(percent)
        self._pulse_ms: int | None = None
        self._sag = 0.0
        self.on_charger = True
        self.plugged_in = False
        """A charger hangs on it now, in a session too."""

    def set(self, percent: int) -> None:
        """Have this charge now; the charger goes no higher either."""
        self._pass()
        self._charge = self._full = float(percent)

    def plug_in(self, *, plugged_in: bool) -> None:
        """Hang it on a charger that fills it up, also in a session; or take it off."""
        self._pass()
        self.plugged_in = plugged_in
        if plugged_in:
            self._full = FULL_PERCENT

    def pulse(self, percent_mso: int) -> None:
        """Give the energy of one pulse."""
        self._pass()
        energy = (percent_mso / 100) ** 2
        self._charge = max(0.0, self._charge - DRAIN_PERCENT_PER_PULSE_AT_FULL_OUTPUT * energy)
        self._sag = SAG_PERCENT_AT_FULL_OUTPUT * energy
        self._pulse_ms = self._at_ms

    def percent(self) -> int:
        """What the device reads: the charge, less what a load takes off the voltage."""
        self._pass()
        under_load = self._pulse_ms is not None and self._at_ms - self._pulse_ms < SAG_MS
        return max(0, round(self._charge - (self._sag if under_load else 0.0)))

    def _pass(self) -> None:
        now_ms = self._now_ms()
        passed_ms = now_ms - self._at_ms
        if passed_ms <= 0:
            return
        charging_ms = min(passed_ms, self._charging_ms(now_ms))
        if charging_ms > 0:
            gained = charging_ms / 60_000 * CHARGE_PERCENT_PER_MINUTE
            self._charge = min(self._full, self._charge + gained)
        else:
            drained = passed_ms / 3_600_000 * DRAIN_PERCENT_PER_HOUR
            self._charge = max(0.0, self._charge - drained)
        self._at_ms = now_ms

    def _charging_ms(self, now_ms: int) -> int:
        if self.plugged_in:
            return now_ms - self._at_ms
        return now_ms - self._charging_from_ms() if self.on_charger else 0

    def _charging_from_ms(self) -> int:
        return self._at_ms if self._pulse_ms is None else self._pulse_ms + CHARGING_AFTER_MS
