"""A band that falls silent within a session keeps nobody on its page for longer than it goes on by
itself; what it gave is asked about when it's heard again."""

from __future__ import annotations

from pathlib import Path

from mobile.presenters.actions import Press
from mobile.presenters.views import AfterView, SessionView, TodayView
from shared.wire.status import DeviceState
from tests.mobile.engine.going import any_box, bring_back, carry_away, open_place
from tests.mobile.engine.world import World, whole_day

ENDED_MS = 11 * 60_000


async def fall_silent(world: World) -> SessionView:
    """Begin a session, and go where the band isn't heard."""
    world.prescribe()
    await world.enrol_and_pair()
    await world.answer_safety_questions()
    await world.begin_session()
    await world.see(SessionView, lambda view: view.train >= 2)
    await carry_away(world)
    return await world.see(SessionView, lambda view: view.link_lost)


def buttons(view: SessionView) -> list[str]:
    return [choice.id for choice in view.buttons]


async def leave(world: World) -> None:
    """Wait for as long as a band goes on without a phone, and leave the page."""
    await world.let_pass(ENDED_MS)
    over = await world.see(SessionView, lambda view: "leave" in buttons(view))
    assert over.stop_label == "STOP"
    world.act(Press("leave"))
    await world.see(TodayView)


async def test_the_page_is_left_once_the_band_has_ended_the_session_and_not_before(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        lost = await fall_silent(world)
        assert "leave" not in buttons(lost)
        world.act(Press("leave"))
        assert world.life.context.session is not None
        await leave(world)
        assert world.shell.core.state is DeviceState.IDLE, "what the page says has come true"
        await open_place(world, "practice", "begin")
        await world.see_page("practice", lambda page: any_box(page, "Not yet"))


async def test_a_session_that_was_left_is_asked_about_when_the_band_is_back(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await fall_silent(world)
        await leave(world)
        bring_back(world)
        asked = await world.see(AfterView)
        assert asked.summary.startswith(f"{world.board.coil.fired_total} of 600 pulses given.")


async def test_a_start_of_the_app_comes_to_the_day_once_the_page_was_left(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await fall_silent(world)
        await world.end_phone()
        world.views.clear()
        world.begin_phone()
        first = await world.see(SessionView)
        assert "leave" not in buttons(first)
        await leave(world)
        await world.end_phone()
        world.views.clear()
        world.begin_phone()
        await world.see(TodayView)
        assert not any(isinstance(view, SessionView) for view in world.views)
        bring_back(world)
        await world.see(AfterView)
