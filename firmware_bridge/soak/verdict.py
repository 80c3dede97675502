"""Whether what the processes hold grew: the last quarter of a run against its second.

The first quarter is left off: caches fill, and Python's allocator finds its size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from firmware_bridge.soak.measures import Held, Sample

MEMORY_SLACK_KB = 4_096
"""Flat is what rises by no more (own figure): the ledger grows, and its caches with it."""

LEAST_SAMPLES = 4


@dataclass(frozen=True)
class Grown:
    """One thing of one process, early and late."""

    process: str
    what: str
    early: int
    late: int
    allowed: int

    @property
    def too_much(self) -> bool:
        """It isn't flat."""
        return self.late > self.allowed

    def __str__(self) -> str:
        return f"{self.process}: {self.what} {self.early} -> {self.late} (allowed {self.allowed})"


def judge(samples: Sequence[Sample]) -> list[Grown]:
    """Every figure of every process, early and late."""
    if len(samples) < LEAST_SAMPLES:
        raise ValueError(f"{len(samples)} samples, at least {LEAST_SAMPLES}")
    quarter = len(samples) // 4
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    return [
        grown
        for process in samples[0].held
        for grown in _of_process(process, [_held(early, process), _held(late, process)])
    ]


def _of_process(process: str, halves: list[list[Held]]) -> list[Grown]:
    early, late = (_middle(half, lambda held: held.memory_kb) for half in halves)
    figures = [Grown(process, "memory (kB)", early, late, early + MEMORY_SLACK_KB)]
    early, late = (_most(half, lambda held: held.handles) for half in halves)
    figures.append(Grown(process, "handles", early, late, early))
    if all(held.tasks is not None for half in halves for held in half):
        early, late = (_most(half, lambda held: held.tasks or 0) for half in halves)
        figures.append(Grown(process, "tasks", early, late, early))
    return figures


def _held(samples: Sequence[Sample], process: str) -> list[Held]:
    return [sample.held[process] for sample in samples]


def _middle(held: list[Held], of: Callable[[Held], int]) -> int:
    return int(median(of(each) for each in held))


def _most(held: list[Held], of: Callable[[Held], int]) -> int:
    return max(of(each) for each in held)
