"""When each pulse of a session falls, and the slices in which it is reserved (R1).

Lazy and exact: integer microseconds from the session's first pulse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.stimulation.pattern import Pattern

SLICE_PULSES_MAX = 50
SLICE_US_MAX = 10_000_000


@dataclass(frozen=True)
class TrainPlan:
    """``trains`` equal trains, ``interval_us`` from the end of one to the begin of the next."""

    pattern: Pattern
    trains: int
    interval_us: int

    @property
    def pulses(self) -> int:
        """Pulses of the whole plan, by formula."""
        return self.trains * self.pattern.pulses_per_train

    @property
    def duration_us(self) -> int:
        """From first pulse to the end of the last period, by formula."""
        return self.trains * self.pattern.train_us + (self.trains - 1) * self.interval_us

    def train_begin_us(self, train: int) -> int:
        """Microseconds from the first train's begin to that of ``train`` (from 1)."""
        return (train - 1) * (self.pattern.train_us + self.interval_us)


@dataclass(frozen=True)
class Place:
    """Where a train of a session stands: its part (from 0) and its number there (from 1)."""

    part: int
    train: int


@dataclass(frozen=True)
class SessionPlan:
    """The parts of a session in their order; trains are numbered through over all of them."""

    parts: tuple[TrainPlan, ...]

    @property
    def pulses(self) -> int:
        """Pulses of all parts."""
        return sum(part.pulses for part in self.parts)

    @property
    def trains(self) -> int:
        """Trains of all parts."""
        return sum(part.trains for part in self.parts)

    @property
    def duration_us(self) -> int:
        """Length of all parts, without the time in which the band is moved between them."""
        return sum(part.duration_us for part in self.parts)

    def place(self, train: int) -> Place:
        """Return where train number ``train`` (from 1) stands; raise IndexError beyond the last."""
        left = train
        for index, part in enumerate(self.parts):
            if left <= part.trains:
                return Place(index, left)
            left -= part.trains
        raise IndexError(f"train {train}: the session has {self.trains}")

    def pulses_from(self, train: int) -> int:
        """Return the pulses of train number ``train`` and all after it."""
        before = train - 1
        left = 0
        for part in self.parts:
            skipped = min(before, part.trains)
            before -= skipped
            left += (part.trains - skipped) * part.pattern.pulses_per_train
        return left


@dataclass(frozen=True)
class Slice:
    """Whole bursts of one train that are reserved together: pulses ``first`` to ``first+count-1``
    of the train (from 0)."""

    train: int
    number: int
    first: int
    count: int


def pulses(plan: TrainPlan) -> Iterator[int]:
    """Yield each pulse's microseconds from the begin of the first train."""
    for train in range(1, plan.trains + 1):
        begin = plan.train_begin_us(train)
        for index in range(plan.pattern.pulses_per_train):
            yield begin + plan.pattern.pulse_us(index)


def slices_of_train(pattern: Pattern, train: int, *, first: int = 0) -> Iterator[Slice]:
    """Yield the slices of one train from pulse ``first`` on: at most 50 pulses and 10 s each."""
    step = slice_pulses(pattern)
    number = first // step + 1
    while first < pattern.pulses_per_train:
        count = min(step - first % step, pattern.pulses_per_train - first)
        yield Slice(train, number, first, count)
        first += count
        number += 1


def slice_pulses(pattern: Pattern) -> int:
    """Return how many pulses a full slice holds: whole bursts, within both limits of R1."""
    by_pulses = SLICE_PULSES_MAX // pattern.pulses_per_burst
    by_time = max(1, SLICE_US_MAX * pattern.rate_mhz // 1_000_000_000)
    return min(by_pulses, by_time) * pattern.pulses_per_burst
