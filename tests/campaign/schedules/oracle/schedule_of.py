"""What a signed prescription lets a session look like: trains, gaps, output (R4, R13, R14)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from tests.campaign.schedules.oracle.reading import Body


@dataclass(frozen=True)
class Train:
    """One train: when its pulses fall from its begin, its length, and the rest after it."""

    part: int
    offsets_us: tuple[int, ...]
    length_us: int
    interval_us: int


def trains_of(body: Body) -> tuple[Train, ...]:
    """Every train of a session, all parts, in order."""
    found: list[Train] = []
    for index, part in enumerate(body[14]):
        pattern = part[2]
        rates = (pattern[2], pattern[3], pattern.get(4, 0), pattern[5])
        offsets = _offsets(*rates)
        length_us = -(-pattern[5] * 1_000_000_000 // pattern[2])
        found += [Train(index, offsets, length_us, part[4] * 1000)] * part[3]
    return tuple(found)


@functools.cache
def _offsets(rate_mhz: int, in_burst: int, intra_mhz: int, bursts: int) -> tuple[int, ...]:
    times = []
    for burst in range(bursts):
        begin = burst * 1_000_000_000 // rate_mhz
        times += [
            begin + (place * 1_000_000_000 // intra_mhz if place else 0)
            for place in range(in_burst)
        ]
    return tuple(times)


def percent_of(body: Body, part: int, completed: int) -> int:
    """The most output of a part after so many completed sessions, in percent."""
    threshold: Any = body[28] if part and body.get(28) else body[15]
    intensity: int = body[14][part][5]
    ramp = body.get(30, ())
    if completed < len(ramp):
        intensity = min(intensity, ramp[completed])
    percent: int = threshold[2] * threshold.get(9, 100) * intensity // 10_000
    return percent
