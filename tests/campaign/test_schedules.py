"""Schedules of one seed, and some of a fresh one: the eight invariants hold (DESIGN 4).

`make campaign N=... SEED=...` runs as many as there is time for, and shrinks what fails.
"""

from __future__ import annotations

import secrets
from contextlib import nullcontext

import pytest

from firmware_bridge.emulator.firmware.states import Happening
from shared.wire.operations import Operation
from shared.wire.status import DeviceState
from tests.campaign.schedules import running
from tests.campaign.schedules.actions.anything import ASKED
from tests.campaign.schedules.campaign import Tally, run_campaign, run_share, runner
from tests.campaign.schedules.report import can_occur, report
from tests.campaign.schedules.schedule import Schedule, Step

FIXED_SEED, FIXED, FRESH, MANY, SOME = 1, 200, 100, 3_000, 12


def judged(seed: int, schedules: int, *, processes: int = 1) -> Tally:
    tally = Tally()
    for share in run_campaign(seed, schedules, processes):
        tally.add(share)
    print(f"seed {seed}")
    if tally.failures:
        pytest.fail("\n".join(report(tally, seed, tally.processor_s)), pytrace=False)
    return tally


@pytest.mark.early
@pytest.mark.timeout(400)
def test_no_schedule_of_a_fixed_seed_breaks_an_invariant() -> None:
    tally = judged(FIXED_SEED, FIXED)
    assert tally.treated > FIXED // 3, "a campaign without sessions shows nothing"
    assert tally.pulses > 20 * FIXED
    assert len(tally.faults) > 20


def test_no_schedule_of_a_fresh_seed_breaks_an_invariant() -> None:
    judged(secrets.randbelow(2**31), FRESH)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_no_schedule_of_many_breaks_an_invariant() -> None:
    judged(secrets.randbelow(2**31), MANY, processes=2)


def test_a_schedule_comes_out_the_same_each_time() -> None:
    first, second = run_share(3, [7]), run_share(3, [7])
    assert first.met == second.met
    assert first.pulses == second.pulses
    assert first.faults == second.faults


def test_what_is_remembered_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    first = run_share(3, range(SOME))
    monkeypatch.setattr(running, "remembering", nullcontext)
    second = run_share(3, range(SOME))
    assert (first.met, first.pulses, first.faults) == (second.met, second.pulses, second.faults)


def test_resumed_in_the_very_instant_of_a_pulse_it_goes_on_as_signed() -> None:
    steps = (
        Step("cloud_lies", 1985446416),
        Step("ask_anything", 1768157833),
        Step("let_run", 20802765),
    )
    outcome = runner().run(Schedule(1343372448105928, "attended", 0, steps))
    assert (outcome.sessions, outcome.broken) == (1, ())


def test_every_operation_can_be_asked_for_at_any_moment() -> None:
    assert set(ASKED) == set(Operation)


def test_events_that_the_table_gives_no_meaning_can_not_occur() -> None:
    pairs = can_occur()
    assert pairs[Happening.ARMED_LIMIT] == (DeviceState.ARMED,)
    assert set(pairs[Operation.TITRATE]) == set(DeviceState)
    assert set(pairs[Happening.BUTTON]) == set(DeviceState)
