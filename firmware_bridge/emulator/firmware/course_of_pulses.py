"""Where a session stands in its schedule: which pulse comes next, and when (R1, R4).

Plain arithmetic in microseconds of uptime; knows nothing of flash, link or coil. Trains are
numbered through over all parts of the session.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.stimulation.pattern import Pattern
from shared.stimulation.schedule import SessionPlan, Slice, TrainPlan, slices_of_train

REST_AFTER_PAUSE_US = 5_000_000
"""The rest of a broken train waits for the interval, and never less than this (R4)."""


@dataclass
class CourseOfPulses:
    """A cursor over the trains of one session."""

    plan: SessionPlan
    train: int = 1
    index: int = 0
    """Next pulse of the train, from 0."""
    base_us: int = 0
    """Uptime at which pulse ``base_index`` of the train falls."""
    base_index: int = 0
    last_pulse_us: int | None = None
    part: int = 0
    """Index of the part that the next pulse belongs to."""
    part_begins: bool = False
    """True when the next train is the first of a part that the band has to be moved for."""

    def __post_init__(self) -> None:
        self.part = self.plan.place(self.train).part

    @property
    def finished(self) -> bool:
        """True when no pulse is left."""
        return self.train > self.plan.trains

    @property
    def part_plan(self) -> TrainPlan:
        """Trains of the present part."""
        return self.plan.parts[self.part]

    @property
    def pattern(self) -> Pattern:
        """Pattern of the present part."""
        return self.part_plan.pattern

    @property
    def next_pulse_us(self) -> int:
        """Uptime of the next pulse."""
        pattern = self.pattern
        return self.base_us + pattern.pulse_us(self.index) - pattern.pulse_us(self.base_index)

    def begin(self, now_us: int, earliest_us: int) -> None:
        """Set the next pulse to now, or to ``earliest_us`` if that is later."""
        self.part_begins = False
        self.base_us = max(now_us, earliest_us)

    def slice(self) -> Slice:
        """Return the slice that begins with the next pulse."""
        return next(slices_of_train(self.pattern, self.train, first=self.index))

    def fired(self) -> bool:
        """Count the next pulse as fired; return True when it was its train's last."""
        self.last_pulse_us = self.next_pulse_us
        self.index += 1
        if self.index < self.pattern.pulses_per_train:
            return False
        plan = self.part_plan
        tail_us = plan.pattern.train_us - plan.pattern.pulse_us(self.index - 1)
        self.train += 1
        self.index = self.base_index = 0
        self.base_us = self.last_pulse_us + tail_us + plan.interval_us
        if not self.finished:
            part = self.plan.place(self.train).part
            self.part, self.part_begins = part, part != self.part
        return True

    def go_on(self, now_us: int) -> None:
        """Set the next pulse after a pause: after the interval and five seconds of rest (R4)."""
        rest_us = max(self.part_plan.interval_us, REST_AFTER_PAUSE_US)
        rested_us = now_us if self.last_pulse_us is None else self.last_pulse_us + rest_us
        self.base_us = max(now_us, rested_us, self.next_pulse_us)
        self.base_index = self.index

    def left_us(self, now_us: int) -> int:
        """Return the time from now to the end, should nothing interrupt."""
        if self.finished:
            return 0
        place = self.plan.place(self.train)
        plan = self.plan.parts[place.part]
        later = plan.trains - place.train
        rest_us = plan.pattern.train_us - plan.pattern.pulse_us(self.index)
        begin_us = max(now_us, self.next_pulse_us)
        parts_us = sum(part.duration_us for part in self.plan.parts[place.part + 1 :])
        here_us = rest_us + later * (plan.pattern.train_us + plan.interval_us)
        return begin_us - now_us + here_us + parts_us
