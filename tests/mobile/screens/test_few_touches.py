"""An ordinary day takes few touches: counted on the real screens, over the real engine and band.

At most 15 touches until the band's button starts the session, at most 6 after it, with every
question that can be asked.
"""

from __future__ import annotations

from pathlib import Path

from mobile.presenters.actions import Press
from mobile.presenters.views import AfterView, PageView, ReadyView, SessionView, TodayView
from shared.trust.statements import Gate
from tests.mobile.engine.world import World, whole_day
from tests.mobile.screens.running import Running

TO_START, AFTERWARDS = 15, 6
CONFIRMED_BY_YES = ("ear", "attended")


class Hand:
    """Touches what stands on the window, and counts."""

    def __init__(self, running: Running, world: World) -> None:
        self._running, self._world = running, world
        self._told = 0
        self.touches = 0

    async def touch(self, drive_id: str) -> None:
        """Touch it with a finger on the newest view, and let the engine have what came of it."""
        await self._running.show(self._world.views[-1])
        await self._running.tap(drive_id)
        self.touches += 1
        for action in self._running.engine.acts[self._told :]:
            self._world.act(action)
        self._told = len(self._running.engine.acts)


async def test_an_ordinary_day_takes_few_touches(running: Running, tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe(gates=(Gate.SCREENING, Gate.EAR_PROTECTION), still_here_s=300)
        await world.enrol_and_pair()
        hand = Hand(running, world)
        await world.see(TodayView, lambda view: view.button_action == "get-ready")
        await hand.touch("get-ready")
        questions = 0
        while True:
            page = await world.see(
                PageView, lambda view: view.name in ("screening", "screening-check")
            )
            if page.name == "screening-check":
                break
            questions += 1
            await hand.touch("yes" if page.place in CONFIRMED_BY_YES else "no")
            here = page.place
            await world.see(PageView, lambda view: view.place != here)  # noqa: B023 - awaited here
        assert questions == 12
        await world.see_page("screening-check", lambda view: view.foot[0].enabled)
        await hand.touch("get-ready")
        await world.see(ReadyView)
        await hand.touch("start")
        to_start = hand.touches
        await world.see(ReadyView, lambda view: view.waiting is not None)
        await world.shell.press()

        await world.see(SessionView)
        await world.see(AfterView)
        await hand.touch("no")
        await world.see(AfterView, lambda view: view.chosen == "no")
        await hand.touch("done")
        await world.see(TodayView)
        print(f"{to_start} touches to start, {hand.touches - to_start} after")
        assert to_start <= TO_START
        assert hand.touches - to_start <= AFTERWARDS


async def test_a_touch_that_bounces_answers_one_question_only(
    running: Running, tmp_path: Path
) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.see(TodayView, lambda view: view.button_action == "get-ready")
        world.act(Press("get-ready"))
        first = await world.see_page("screening")
        await running.show(first)
        for _ in range(2):
            finger = running.finger_on("no")
            finger.down()
            finger.up()
        await running.frame()
        for action in running.engine.acts:
            world.act(action)
        second = await world.see_page("screening", lambda view: view.place != first.place)
        assert second.subtitle.startswith("2 of ")
        assert len(running.engine.acts) == 1
