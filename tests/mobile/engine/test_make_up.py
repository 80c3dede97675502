"""The rest of a session that was stopped, given later: found on the course's page, once."""

from __future__ import annotations

from pathlib import Path

from mobile.presenters.actions import Choose, Press, Stop
from mobile.presenters.course import MAKE_UP
from mobile.presenters.views import AfterView, PageView, SessionView, TodayView
from shared.dose.ledger_state import ClosedSession
from shared.wire.records import SessionKind
from tests.mobile.engine.checking_in import see_page
from tests.mobile.engine.world import World, whole_day

PULSES = 600


async def stopped_early(world: World) -> int:
    """One session, stopped and ended after a few trains; return the pulses given."""
    world.prescribe(make_up_within_s=4 * 3_600, still_here_s=300)
    await world.enrol_and_pair()
    await world.answer_safety_questions()
    await world.begin_session()
    await world.see(SessionView, lambda view: view.train >= 3)
    world.act(Stop())
    await world.see(SessionView, lambda view: view.paused)
    world.act(Press("end-here"))
    await world.see(AfterView)
    world.act(Choose("no"))
    world.act(Press("done"))
    await world.see(TodayView)
    await world.drive("sync")
    return world.board.coil.fired_total


def sessions(world: World) -> list[ClosedSession]:
    ledger = world.life.context.ledger
    assert ledger is not None
    return list(ledger.sessions.values())


async def test_the_rest_of_a_stopped_session_is_offered_given_and_then_whole(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        given = await stopped_early(world)
        assert 0 < given < PULSES
        (partial,) = sessions(world)
        assert (partial.completed, partial.charged_pulses) == (False, given)

        world.act(Press("course"))
        course = await see_page(world, "course")
        assert "A part of it given" in repr(course.blocks)
        assert "A part of your last session is left" in repr(course.blocks)
        world.act(Press("missed-sessions"))
        offered = await see_page(world, "missed-sessions")
        assert f"{PULSES - given} pulses of your last session are left." in repr(offered.blocks)

        world.act(Press(MAKE_UP))
        await world.go_through_questions()
        await see_page(world, "screening-check")
        world.act(Press("get-ready"))
        running = await world.begin_session()
        rest = PULSES - given
        assert f" of {rest} pulses" in running.figures
        after = await world.see(AfterView)
        assert f"{rest} of {rest} pulses given." in after.summary
        assert after.subtitle.startswith("Session 1, ")
        assert world.board.coil.fired_total == PULSES
        await world.drive("sync")
        assert [one.kind for one in sessions(world)] == [
            SessionKind.TREATMENT,
            SessionKind.MAKE_UP,
        ]

        world.act(Choose("no"))
        world.act(Press("done"))
        await world.see(TodayView)
        world.act(Press("course"))
        await see_page(world, "course")
        world.act(Press("session-history"))
        history = await see_page(world, "session-history")
        assert "Session 1: 600 of 600" in repr(history.blocks)
        assert "Session 2" not in repr(history.blocks)
        world.act(Press("back"))
        await see_page(world, "course")
        world.act(Press("missed-sessions"))
        nothing = await world.see(PageView, lambda view: view.name == "missed-sessions")
        assert MAKE_UP not in repr(nothing.blocks)
