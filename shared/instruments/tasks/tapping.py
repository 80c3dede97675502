"""Tapping: two targets in turn, as fast as one can, ten seconds with each hand."""

from __future__ import annotations

import functools
import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from shared.instruments.tasks.data import TaskData, read_task

LEFT, RIGHT = 0, 1


@dataclass(frozen=True)
class Tap:
    """A touch on a target, so many milliseconds after the first one."""

    target: int
    at_ms: int


@dataclass(frozen=True)
class HandFigures:
    """One hand: taps that changed the target, and how uneven the time between them was, as the
    standard deviation in percent of the mean."""

    taps: int
    variation_percent: int


@functools.cache
def tapping_task() -> TaskData:
    """Return the task's data and where its figures are from."""
    return read_task("tapping")


def length_ms() -> int:
    """Return how long one hand taps."""
    return int(tapping_task().value["length_s"]) * 1000


def score(taps: Sequence[Tap]) -> HandFigures:
    """Return the figures of one hand; a second touch of the same target doesn't count."""
    counted: list[Tap] = []
    for tap in taps:
        if 0 <= tap.at_ms <= length_ms() and (not counted or counted[-1].target != tap.target):
            counted.append(tap)
    gaps = [later.at_ms - earlier.at_ms for earlier, later in itertools.pairwise(counted)]
    if len(gaps) < 2:
        return HandFigures(len(counted), 0)
    mean = statistics.fmean(gaps)
    return HandFigures(len(counted), round(100 * statistics.pstdev(gaps) / mean) if mean else 0)


def ratio_percent(affected: HandFigures, other: HandFigures) -> int:
    """Return the affected hand's taps in percent of the other's; 0 where that had none."""
    return round(100 * affected.taps / other.taps) if other.taps else 0


def as_answers(affected: HandFigures, other: HandFigures) -> tuple[int, ...]:
    """Return the figures as they are kept and sent, in this order."""
    return (
        affected.taps,
        affected.variation_percent,
        other.taps,
        other.variation_percent,
        ratio_percent(affected, other),
    )
