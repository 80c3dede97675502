"""One trial: some tests, one after the other, until one fails; each with its limits.

A trial runs in a process of its own that ends with it. The limits are timers of the process
itself: whoever outruns one is ended by the system, whatever it is doing.
"""

from __future__ import annotations

import resource
import signal
import time
from collections.abc import Mapping, Sequence
from enum import StrEnum

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from tests.mutants.selection import Timed

MEMORY_BYTES = 4 << 30
TIMES_USUAL = 5
GRACE_S = 2.0
WALL_GRACE_S = 60.0
EXAMPLES_MAX = 30


class Verdict(StrEnum):
    """What became of a change."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"
    UNTESTED = "untested"
    """No test passes here."""
    NO_CODE = "no code"
    """The change is no Python; it counts nowhere."""


def search_little() -> None:
    """Let Hypothesis look at fewer examples, the same in each run, and not shrink what it finds."""
    settings.register_profile(
        "mutants",
        settings.get_profile("house"),
        max_examples=EXAMPLES_MAX,
        phases=(Phase.explicit, Phase.generate),
        database=None,
    )
    settings.load_profile("mutants")


def run(tests: Sequence[Timed], items: Mapping[str, pytest.Item]) -> str | None:
    """Return the first test that fails; None when all pass."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, most))
    chosen = [(items[timed.test], timed.usual_s) for timed in tests if timed.test in items]
    for place, (item, usual_s) in enumerate(chosen):
        following = chosen[place + 1][0] if place + 1 < len(chosen) else None
        _limit(usual_s)
        if not passes(item, following):
            return item.nodeid
    return None


def passes(item: pytest.Item, following: pytest.Item | None = None) -> bool:
    """Run one test as pytest would, saying nothing."""
    reports = runtestprotocol(item, log=False, nextitem=following)
    return not any(report.failed for report in reports)


def timed(item: pytest.Item) -> tuple[bool, float]:
    """Run one test; return whether it passed and its processor time."""
    began = time.process_time()
    passed = passes(item)
    return passed, time.process_time() - began


def lift_limits() -> None:
    """Let this process take its time."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)


def _limit(usual_s: float) -> None:
    limit_s = TIMES_USUAL * usual_s + GRACE_S
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    signal.setitimer(signal.ITIMER_REAL, 4 * limit_s + WALL_GRACE_S)
