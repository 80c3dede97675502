"""Memory after an hour of simulated use, against the same after everything was shown once.

The same hour is lived again by an app that keeps each of its pages on purpose: a rule that doesn't
find that would find nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys

from scripts.bench.figures import Row
from scripts.bench_app.hour import Hour

MOST_GROWTH = 1.05
"""Own figure: what an allocator keeps moves by some percent from round to round."""
MIB = 1 << 20


def memory() -> list[Row]:
    """Measure, and return the figures with their limits; say where it grew, where it did."""
    rows = rows_of(_live(), _live("--leaks"))
    if not all(row.holds for row in rows):
        _live("--sites")
    return rows


def rows_of(usual: Hour, leaking: Hour) -> list[Row]:
    """The promise, and that it can be missed."""
    done = (
        f"{usual.touches} touches, {usual.views} views, {usual.links_lost} links lost, "
        f"{usual.requests} requests to the clinic"
    )
    growth = growth_row("an hour's growth", usual)
    found = 0.0 if growth_row("", leaking).holds else 1.0
    return [
        Row("memory, everything shown once", usual.warm_bytes / MIB, "MiB"),
        Row("memory after an hour of use", usual.end_bytes / MIB, "MiB", beside=done),
        growth,
        Row("a leak is found", found, "", at_least=1.0, beside=f"{leaking.growth:.2f} times"),
    ]


def growth_row(name: str, hour: Hour) -> Row:
    """The rule for both."""
    return Row(name, hour.growth, "x", at_most=MOST_GROWTH)


def _live(*options: str) -> Hour:
    """An hour in a process of its own, whose memory nothing else has touched."""
    command = [sys.executable, "-m", "scripts.bench_app.hour", *options]
    lived = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Hour(**json.loads(lived.stdout.splitlines()[-1]))
