"""Where a session stands in its schedule: which pulse comes next, and when (R1, R4).

Plain arithmetic in microseconds of uptime; knows nothing of flash, link or coil.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.stimulation.schedule import Slice, TrainPlan, slices_of_train

REST_AFTER_PAUSE_US = 5_000_000
"""The rest of a broken train waits for the interval, and never less than this (R4)."""


@dataclass
class CourseOfPulses:
    """A cursor over the trains of one session."""

    plan: TrainPlan
    train: int = 1
    index: int = 0
    """Next pulse of the train, from 0."""
    base_us: int = 0
    """Uptime at which pulse ``base_index`` of the train falls."""
    base_index: int = 0
    last_pulse_us: int | None = None

    @property
    def finished(self) -> bool:
        """True when no pulse is left."""
        return self.train > self.plan.trains

    @property
    def next_pulse_us(self) -> int:
        """Uptime of the next pulse."""
        pattern = self.plan.pattern
        return self.base_us + pattern.pulse_us(self.index) - pattern.pulse_us(self.base_index)

    def begin(self, now_us: int, earliest_us: int) -> None:
        """Set the first pulse to now, or to ``earliest_us`` if that is later."""
        self.base_us = max(now_us, earliest_us)

    def slice(self) -> Slice:
        """Return the slice that begins with the next pulse."""
        return next(slices_of_train(self.plan.pattern, self.train, first=self.index))

    def fired(self) -> bool:
        """Count the next pulse as fired; return True when it was its train's last."""
        self.last_pulse_us = self.next_pulse_us
        self.index += 1
        if self.index < self.plan.pattern.pulses_per_train:
            return False
        pattern = self.plan.pattern
        tail_us = pattern.train_us - pattern.pulse_us(self.index - 1)
        self.train += 1
        self.index = self.base_index = 0
        self.base_us = self.last_pulse_us + tail_us + self.plan.interval_us
        return True

    def go_on(self, now_us: int) -> None:
        """Set the next pulse after a pause: after the interval and five seconds of rest (R4)."""
        rest_us = max(self.plan.interval_us, REST_AFTER_PAUSE_US)
        earliest_us = 0 if self.last_pulse_us is None else self.last_pulse_us + rest_us
        planned_us = self.next_pulse_us if self.index == 0 else 0
        self.base_us = max(now_us, earliest_us, planned_us)
        self.base_index = self.index

    def left_us(self, now_us: int) -> int:
        """Return the time from now to the end, should nothing interrupt."""
        if self.finished:
            return 0
        pattern, later = self.plan.pattern, self.plan.trains - self.train
        rest_us = pattern.train_us - pattern.pulse_us(self.index)
        begin_us = max(now_us, self.next_pulse_us)
        return begin_us - now_us + rest_us + later * (pattern.train_us + self.plan.interval_us)
