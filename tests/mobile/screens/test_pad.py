"""The pad of the tasks: what it tells of a touch before the light, after it, and of none."""

from __future__ import annotations

import asyncio

from mobile.kit.pad import LightPad, TargetPad
from mobile.presenters.actions import Padded, PadTouch
from mobile.presenters.page import Pad, PadKind, PageView
from tests.mobile.screens.running import LONGEST_WAIT_S, Running


def light(run: int, *, wait_ms: int, limit_ms: int = 60_000) -> PageView:
    return PageView("run", "Light", blocks=(Pad("pad", PadKind.LIGHT, run, limit_ms, wait_ms),))


async def told(running: Running, count: int) -> list[Padded]:
    """Wait until so many touches were told."""
    async with asyncio.timeout(LONGEST_WAIT_S):
        while len(pads(running)) < count:
            await running.frame()
    return pads(running)


def pads(running: Running) -> list[Padded]:
    return [act for act in running.engine.acts if isinstance(act, Padded)]


async def until_lit(running: Running) -> LightPad:
    pad = running.widget("pad")
    assert isinstance(pad, LightPad)
    async with asyncio.timeout(LONGEST_WAIT_S):
        while pad._lit_s is None:
            await running.frame()
    return pad


async def test_a_touch_on_the_light_is_told_with_its_time_at_touch_down(running: Running) -> None:
    await running.show(light(1, wait_ms=20))
    pad = await until_lit(running)
    assert pad._lit_s is not None
    finger = running.finger_on("pad")
    finger.time_start = pad._lit_s + 0.312
    finger.down()
    assert await told(running, 1) == [Padded("pad", 1, PadTouch.TOUCH, 312)]
    finger.up()


async def test_a_touch_before_the_light_is_told_as_early_and_once(running: Running) -> None:
    await running.show(light(1, wait_ms=60_000))
    for _ in range(2):
        finger = running.finger_on("pad")
        finger.down()
        finger.up()
    assert await told(running, 1) == [Padded("pad", 1, PadTouch.EARLY, 0)]


async def test_a_light_that_nobody_touches_goes_by_itself(running: Running) -> None:
    await running.show(light(1, wait_ms=10, limit_ms=50))
    assert await told(running, 1) == [Padded("pad", 1, PadTouch.NONE, 0)]


async def test_the_next_run_waits_anew_and_the_same_one_does_not(running: Running) -> None:
    await running.show(light(1, wait_ms=10))
    pad = await until_lit(running)
    lit = pad._lit_s
    await running.show(light(1, wait_ms=10_000))
    assert pad._lit_s == lit
    await running.show(light(2, wait_ms=60_000))
    assert running.widget("pad") is pad
    assert pad._lit_s is None


async def test_targets_tell_each_tap_and_end_after_their_time(running: Running) -> None:
    block = Pad("pad", PadKind.TARGETS, 4, 200, targets=("Left", "Right"))
    await running.show(PageView("run", "Taps", blocks=(block,)))
    pad = running.widget("pad")
    assert isinstance(pad, TargetPad)
    at_s = pad.now_s()
    for number, across in enumerate((0.25, 0.75, 0.75)):
        finger = running.finger_on("pad", across=across)
        finger.time_start = at_s + 0.05 * number
        finger.down()
        finger.up()
    found = await told(running, 4)
    assert [(one.what, one.ms) for one in found] == [
        (PadTouch.LEFT, 0),
        (PadTouch.RIGHT, 50),
        (PadTouch.RIGHT, 100),
        (PadTouch.END, 200),
    ]
