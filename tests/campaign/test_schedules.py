"""A thousand schedules of one seed, and some of a fresh one: the eight invariants hold (DESIGN 4).

`make campaign N=... SEED=...` runs as many as there is time for, and shrinks what fails.
"""

from __future__ import annotations

import secrets

import pytest

from tests.campaign.schedules.campaign import Tally, run_share
from tests.campaign.schedules.report import report

FIXED_SEED, FIXED, FRESH = 1, 1_000, 250


def judged(seed: int, schedules: int) -> Tally:
    tally = run_share(seed, range(schedules))
    print(f"seed {seed}")
    if tally.failures:
        pytest.fail("\n".join(report(tally, seed, tally.processor_s)), pytrace=False)
    return tally


def test_no_schedule_of_a_fixed_seed_breaks_an_invariant() -> None:
    tally = judged(FIXED_SEED, FIXED)
    assert tally.treated > FIXED // 3, "a campaign without sessions shows nothing"
    assert tally.pulses > 20 * FIXED
    assert len(tally.faults) > 20


def test_no_schedule_of_a_fresh_seed_breaks_an_invariant() -> None:
    judged(secrets.randbelow(2**31), FRESH)


def test_a_schedule_comes_out_the_same_each_time() -> None:
    first, second = run_share(3, [7]), run_share(3, [7])
    assert first.met == second.met
    assert first.pulses == second.pulses
    assert first.faults == second.faults
