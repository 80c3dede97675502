"""Reaction time: a cue after a wait at random, a touch as soon as it's seen, for three minutes."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.instruments.tasks.data import TaskData, read_task

ANTICIPATED_BELOW_MS = 100
"""A touch this soon after the cue wasn't an answer to it: a false start (own figure, recalled)."""

NO_ANSWER_MS = 10_000
"""After so long without a touch the cue goes, and counts as a lapse (own figure)."""


@dataclass(frozen=True)
class ReactionRules:
    """Times of the task, in milliseconds."""

    length_ms: int
    wait_from_ms: int
    wait_to_ms: int
    lapse_over_ms: int

    def wait_ms(self, chance: Callable[[int, int], int]) -> int:
        """Return the wait before the next cue; ``chance(low, high)`` picks, both ends included."""
        return chance(self.wait_from_ms, self.wait_to_ms)


@dataclass(frozen=True)
class ReactionFigures:
    """What a run comes to. ``speed_per_s`` is the mean of 1/RT, in 1/s times 1,000."""

    touches: int
    median_ms: int
    speed_per_s: int
    lapses: int
    false_starts: int

    def as_answers(self) -> tuple[int, ...]:
        """Return the figures as they are kept and sent, in this order."""
        return (
            self.touches,
            self.median_ms,
            self.speed_per_s,
            self.lapses,
            self.false_starts,
        )


@functools.cache
def reaction_task() -> TaskData:
    """Return the task's data and where its figures are from."""
    return read_task("reaction")


@functools.cache
def reaction_rules() -> ReactionRules:
    """Return the times of the task."""
    value = reaction_task().value
    return ReactionRules(
        value["length_s"] * 1000,
        value["wait_from_ms"],
        value["wait_to_ms"],
        value["lapse_over_ms"],
    )


def score(times_ms: Sequence[int], false_starts: int, *, latency_ms: int = 0) -> ReactionFigures:
    """Return the figures of a run.

    ``times_ms`` are from cue to touch, one for each cue that was answered or went unanswered;
    ``latency_ms`` is the touch screen's own delay where somebody measured it on this device.
    """
    answered = [time for time in times_ms if time >= ANTICIPATED_BELOW_MS]
    early = len(times_ms) - len(answered) + false_starts
    if not answered:
        return ReactionFigures(0, 0, 0, 0, early)
    limit_ms = reaction_rules().lapse_over_ms + latency_ms
    return ReactionFigures(
        touches=len(answered),
        median_ms=round(statistics.median(answered)),
        speed_per_s=round(statistics.fmean(1_000_000 / time for time in answered)),
        lapses=sum(time > limit_ms for time in answered),
        false_starts=early,
    )
