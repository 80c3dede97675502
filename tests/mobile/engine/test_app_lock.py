"""The app lock: it hides the app after a minute away, and never STOP, help or a way to a person."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mobile.engine import pin
from mobile.engine.app_lock import AWAY_MS
from mobile.platform.silent import NoWaysOut
from mobile.presenters.actions import Choose, LookAway, LookBack, Press, Stop, Typed
from mobile.presenters.app_lock import AGAIN_FIELD, OFF, ON, PIN_FIELD
from mobile.presenters.page import Box, PageView, Tab
from mobile.presenters.views import AfterView, HelpView, SessionView
from tests.mobile.engine.going import any_box, open_place, restart
from tests.mobile.engine.world import WITHIN_S, World, whole_day

DIGITS = "731946"


async def choose_a_pin(world: World) -> None:
    await open_place(world, "settings", "app-lock")
    await world.see_part("app-lock")
    world.act(Choose(ON, "lock"))
    await world.see_part("new-pin")
    world.act(Typed(PIN_FIELD, DIGITS))
    world.act(Typed(AGAIN_FIELD, "731947"))
    world.act(Press("keep-pin"))
    await world.see(PageView, lambda view: any_box(view, "Not yet"))
    world.act(Typed(AGAIN_FIELD, DIGITS))
    world.act(Press("keep-pin"))
    await world.see_part("app-lock")


async def go_away_for(world: World, length_ms: int) -> None:
    world.act(LookAway())
    await world.life.context.clock.sleep_ms(length_ms)
    world.act(LookBack())


async def test_after_a_minute_away_a_pin_is_asked_and_nothing_else_answers(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await choose_a_pin(world)
        await go_away_for(world, AWAY_MS // 2)
        await world.see_part("app-lock")
        await go_away_for(world, AWAY_MS + 1_000)
        await world.see_part("app-locked")
        world.act(Press(Tab.TODAY))
        world.act(Choose(OFF, "lock"))
        assert pin.kept(world.life.context.store) is not None
        world.act(Press("emergency-card"))
        card = await world.see_part("emergency-card")
        assert [push.action for push in card.foot] == ["back"]
        world.act(Press("back"))
        world.act(Press("help"))
        await world.see(HelpView)
        world.act(Press("back"))
        await world.see_part("app-locked")
        world.act(Typed(PIN_FIELD, "0000"))
        world.act(Press("unlock"))
        await world.see(PageView, lambda view: any_box(view, "Not this one"))
        world.act(Typed(PIN_FIELD, DIGITS))
        world.act(Press("unlock"))
        await world.see_part("app-lock")


async def test_a_locked_app_is_locked_after_a_restart_too(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await choose_a_pin(world)
        await restart(world, "app-locked")


async def test_stop_is_never_behind_the_lock(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await choose_a_pin(world)
        world.act(Press(Tab.TODAY))
        await world.answer_safety_questions()
        await world.begin_session()
        await go_away_for(world, AWAY_MS + 1_000)
        view = await world.see(SessionView)
        assert view.stop_label == "STOP"
        world.act(Stop())
        await world.see(SessionView, lambda view: view.paused)
        world.act(Press("end-here"))
        await world.see_part("app-locked")
        world.act(Typed(PIN_FIELD, DIGITS))
        world.act(Press("unlock"))
        await world.see(AfterView)


async def test_a_number_of_the_card_is_dialled_over_the_lock_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled: asyncio.Queue[str] = asyncio.Queue()

    async def dial(_: NoWaysOut, number: str) -> None:
        dialled.put_nowait(number)

    monkeypatch.setattr(NoWaysOut, "dial", dial)
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await choose_a_pin(world)
        await go_away_for(world, AWAY_MS + 1_000)
        await world.see_part("app-locked")
        world.act(Press("emergency-card"))
        card = await world.see_part("emergency-card")
        (emergency,) = [block for block in card.blocks if isinstance(block, Box)]
        assert emergency.action is not None
        world.act(Press(emergency.action))
        async with asyncio.timeout(WITHIN_S):
            assert await dialled.get() == world.life.context.card.emergency_number
        await world.see_part("emergency-card")
