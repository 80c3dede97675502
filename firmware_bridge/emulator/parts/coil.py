"""The pulse generator: a countdown that gates its trigger and a counter of what it fired (R2).

Every pulse is also appended to a log that the firmware never reads: the independent oracle of tests
and demonstrations. Not for deciding whether a pulse may be fired.
"""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.emulator.parts.pulse_log import Pulse, PulseLog, read_pulses

__all__ = ["LoggedCoil", "Pulse", "read_pulses"]


class LoggedCoil:
    """The coil. The countdown dies with the power: after a restart nothing fires unloaded."""

    def __init__(
        self, log: PulseLog, *, on_pulse: Callable[[int], None] = lambda percent: None
    ) -> None:
        self._log = log
        self._fired_since_load = 0
        self._countdown = 0
        self._countdown_stuck = False
        self._charged = False
        self._closed = False
        self.uncounted = self.missing = self.extra = 0
        self._on_pulse = on_pulse
        self.on_fired: Callable[[], None] = lambda: None

    @property
    def fired_total(self) -> int:
        """Pulses in the oracle's log, over the coil's whole life."""
        return self._log.count

    @property
    def countdown(self) -> int:
        """Pulses that the trigger still lets through."""
        return self._countdown

    @property
    def charged(self) -> bool:
        """Whether the capacitor holds enough for a pulse."""
        return self._charged

    @property
    def interlocked(self) -> bool:
        """Whether no trigger reaches the coil."""
        return self._closed

    def load(self, pulses: int) -> None:
        """Set the countdown, begin a new count, and charge the capacitor if there is cause."""
        if pulses < 0:
            raise ValueError(f"pulses: {pulses}, not below 0")
        self._countdown = pulses
        self._fired_since_load = 0
        self._charged = self._charged or pulses > 0

    def fire(self, at_us: int, percent_mso: int) -> bool:
        """Fire one pulse; False, and no pulse, when countdown, capacitor or interlock refuse it."""
        if not self._let_through():
            return False
        if self.missing:
            self.missing -= 1
            return True
        self._discharge_once(at_us, percent_mso)
        if self.extra and self._let_through():
            self.extra -= 1
            self._discharge_once(at_us, percent_mso)
        return True

    def fired_since_load(self) -> int:
        """The hardware's own count of pulses since the last load."""
        return self._fired_since_load

    def interlock(self, *, closed: bool) -> None:
        """With `closed` no trigger reaches the coil, whatever the countdown says."""
        self._closed = closed

    def discharge(self) -> None:
        """Empty the capacitor: nothing fires until the next load of a pulse."""
        self._countdown = 0
        self._charged = False

    def miscount(self, pulses: int) -> None:
        """Fault: let the hardware's counter miss the next `pulses` pulses.

        Below zero it counts so many that nobody fired.
        """
        self.uncounted = max(0, pulses)
        self._fired_since_load += max(0, -pulses)

    def leave_out(self, pulses: int) -> None:
        """Fault: fire nothing at so many of the next triggers."""
        self.missing = pulses

    def fire_more(self, pulses: int) -> None:
        """Fault: fire a second pulse at so many of the next triggers, if the countdown lets it."""
        self.extra = pulses

    def stick_countdown(self) -> None:
        """Fault: the countdown stays where it is and gates nothing once it was loaded."""
        self._countdown_stuck = True

    def free_countdown(self) -> None:
        """Let the countdown count again."""
        self._countdown_stuck = False

    def lose_power(self) -> None:
        """Lose what has no supply: countdown, count and charge. Whoever powers up may fire nothing
        before the next load."""
        self._countdown = self._fired_since_load = self.uncounted = 0
        self._charged = self._closed = False

    def close(self) -> None:
        """Let go of the oracle's log."""
        self._log.close()

    def _let_through(self) -> bool:
        """Whether a trigger reaches the coil; if so the countdown counts it."""
        if self._closed or self._countdown == 0 or not self._charged:
            return False
        if not self._countdown_stuck:
            self._countdown -= 1
        return True

    def _discharge_once(self, at_us: int, percent_mso: int) -> None:
        self._log.append(Pulse(at_us, percent_mso))
        self._count()
        self._on_pulse(percent_mso)
        self.on_fired()

    def _count(self) -> None:
        if self.uncounted:
            self.uncounted -= 1
        else:
            self._fired_since_load += 1
