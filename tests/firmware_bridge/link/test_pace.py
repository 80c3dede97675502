"""Quick while somebody waits, thrifty when nobody does, and at once when somebody comes."""

import asyncio

import pytest

from firmware_bridge.link import BackOff, Pace
from firmware_bridge.link.pace import QUICK, THRIFTY
from firmware_bridge.timebase import SystemClock


@pytest.mark.parametrize("back_off", [QUICK, THRIFTY])
def test_waits_double_up_to_their_bound(back_off: BackOff) -> None:
    waits = [back_off.wait_ms(failures, 1.0) for failures in range(40)]
    assert waits[0] == back_off.first_ms
    assert waits[1] == 2 * back_off.first_ms
    assert waits == sorted(waits)
    assert waits[-1] == back_off.longest_ms


def test_the_draw_takes_up_to_half_of_the_wait_away() -> None:
    assert QUICK.wait_ms(0, 0.0) == QUICK.first_ms // 2
    assert QUICK.wait_ms(0, 1.0) == QUICK.first_ms


@pytest.mark.parametrize("first_ms", [0, -1, 101])
def test_bounds_that_make_no_sense_are_refused(first_ms: int) -> None:
    with pytest.raises(ValueError, match="first_ms"):
        BackOff(first_ms, 100)


async def test_haste_ends_a_long_wait_at_once() -> None:
    pace = Pace(SystemClock(), thrifty=BackOff(60_000, 60_000))
    pace.take_time()
    waiting = asyncio.create_task(pace.wait(0))
    await asyncio.sleep(0)
    assert not waiting.done()
    pace.hurry()
    async with asyncio.timeout(5):
        await waiting


async def test_a_thrifty_wait_ends_by_itself_too() -> None:
    pace = Pace(SystemClock(), thrifty=BackOff(2, 2))
    pace.take_time()
    async with asyncio.timeout(5):
        await pace.wait(0)
    assert not pace.in_haste
