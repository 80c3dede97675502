"""What the next seconds feel like, worked out from the time left."""

from __future__ import annotations

import pytest

from mobile.presenters.rhythm import Coming, coming, coming_words
from tests.shared.clinic import itbs

PLAN = itbs()
CYCLE_MS, TRAIN_MS = 10_000, 2_000


@pytest.mark.parametrize(
    ("left_ms", "expected"),
    [
        (PLAN.session_ms, Coming(tapping=True, ms=2_000)),
        (PLAN.session_ms - 500, Coming(tapping=True, ms=1_500)),
        (PLAN.session_ms - 2_000, Coming(tapping=False, ms=8_000)),
        (PLAN.session_ms - 9_000, Coming(tapping=False, ms=1_000)),
        (2_000, Coming(tapping=True, ms=2_000)),
        (1, Coming(tapping=True, ms=1)),
        (0, Coming(tapping=True, ms=0)),
    ],
)
def test_it_alternates_between_tapping_and_quiet(left_ms: int, expected: Coming) -> None:
    assert coming(PLAN, left_ms) == expected


def test_every_moment_of_a_session_adds_up_to_its_trains() -> None:
    tapping = sum(coming(PLAN, left).tapping for left in range(1, PLAN.session_ms + 1))
    assert tapping == PLAN.trains_per_session * TRAIN_MS


def test_the_band_counts_where_both_differ_by_a_moment() -> None:
    quiet, tapping = Coming(tapping=False, ms=7_400), Coming(tapping=True, ms=1_700)
    assert coming_words(quiet, firing=False) == "Quiet for 8 seconds"
    assert coming_words(tapping, firing=True) == "Tapping for 2 seconds"
    assert coming_words(quiet, firing=True) == "Tapping now"
    assert coming_words(tapping, firing=False) == "The tapping begins"
    long = Coming(tapping=True, ms=150_000)
    assert coming_words(long, firing=True) == "Tapping for about 2 minutes"
