"""The short tasks through the real engine: run, score, kept, and told sealed to the care team."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from mobile.engine.places import tasks
from mobile.presenters.actions import Choose, Padded, PadTouch, Press
from mobile.presenters.page import Figure, Group, Pad
from mobile.presenters.tasks import DIGIT, NEXT, START
from mobile.presenters.views import PageView
from shared.care import bodies
from shared.care.bodies import TaskResult
from shared.trust import sealing
from shared.wire.items import care_context
from tests.mobile.engine.checking_in import see_page
from tests.mobile.engine.world import World, whole_day
from tests.shared.clinic import PATIENT_ID


async def begin(world: World, task: str) -> None:
    await world.enrol_and_pair()
    world.act(Press("check-ins"))
    await see_page(world, "check-ins")
    world.act(Press(f"open:{task}"))
    await see_page(world, f"{task}-intro")
    world.act(Press(START))


def pad_of(view: PageView) -> Pad:
    return next(block for block in view.blocks if isinstance(block, Pad))


async def told(world: World) -> TaskResult:
    """Return what the care team got."""
    await world.drive("sync")
    (sealed,) = world.cared().values()
    plain = sealing.open_sealed(sealed, key=world.server.care, context=care_context(PATIENT_ID))
    _frame, item = bodies.unpack(plain)
    assert isinstance(item, TaskResult)
    return item


@pytest.mark.long
async def test_three_minutes_of_lights_become_figures(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await begin(world, "reaction")
        touches = itertools.cycle(
            [(PadTouch.TOUCH, 300), (PadTouch.TOUCH, 400), (PadTouch.EARLY, 0)]
        )
        seen: set[int] = set()
        await see_page(world, "reaction-run")
        while True:
            view = await world.see(PageView, lambda v: v.name.startswith("reaction-"))
            if view.name == "reaction-done":
                break
            pad = pad_of(view)
            assert 1_000 <= pad.wait_ms <= 4_000
            if pad.run in seen:
                await world.until(lambda last=view: world.views[-1] != last)  # type: ignore[misc]
                continue
            seen.add(pad.run)
            world.act(Padded("reaction", pad.run, *next(touches)))
        result = {figure.name: figure.value for figure in (await told(world)).figures}
        assert result["touches"] + result["false_starts"] == len(seen)
        assert result["median_ms"] in (300, 350, 400)
        assert result["lapses"] == sum(1 for n in range(len(seen)) if n % 3 == 1)
        done = world.views[-1]
        assert "A trembling hand makes them longer" in repr(done)


async def test_a_late_touch_of_an_earlier_light_counts_nowhere(tmp_path: Path) -> None:
    async with whole_day(tmp_path, rate=1.0) as world:
        await begin(world, "reaction")
        first = pad_of(await see_page(world, "reaction-run"))
        world.act(Padded("reaction", first.run, PadTouch.TOUCH, 300))
        await world.see(PageView, lambda view: "300 ms" in repr(view.blocks))
        world.act(Padded("reaction", first.run, PadTouch.TOUCH, 301))
        world.act(Press("back"))
        await see_page(world, "reaction-intro")
        assert not any("301 ms" in repr(view) for view in world.views)


async def test_both_hands_tap_and_are_compared(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await begin(world, "tapping")
        for run, gap_ms in ((1, 500), (2, 250)):
            await see_page(world, "tapping-run", str(run))
            for number in range(10_000 // gap_ms):
                what = PadTouch.LEFT if number % 2 == 0 else PadTouch.RIGHT
                world.act(Padded("tapping", run, what, number * gap_ms))
            world.act(Padded("tapping", run, PadTouch.END, 10_000))
        await see_page(world, "tapping-done")
        assert [figure.value for figure in (await told(world)).figures] == [20, 0, 40, 0, 50]


async def test_figures_are_shown_touched_and_scored_both_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = itertools.cycle((3, 1, 4, 5, 9, 2, 6, 8, 7))
    monkeypatch.setattr(tasks, "CHANCE", lambda _low, _high: next(row))
    async with whole_day(tmp_path) as world:
        await begin(world, "digit-span")
        # Forward: both tries of 3 and of 4 right, then two wrong. Backward: two wrong.
        for right in (True, True, True, True, False, False, False, False):
            between = await see_page(world, "digit-span-between")
            world.act(Press(NEXT))
            await world.see(PageView, lambda view: view.name == "digit-span-type")
            shown = figures_shown(world)
            typed = shown[::-1] if between.title == "Backward" else shown
            for figure in typed if right else (0,) * len(typed):
                world.act(Choose(str(figure), DIGIT))
            await world.see(PageView, lambda view: view.name != "digit-span-type")
        await see_page(world, "digit-span-done")
        assert [figure.value for figure in (await told(world)).figures] == [4, 0]


def figures_shown(world: World) -> tuple[int, ...]:
    """The figures of the newest row that was shown."""
    found: list[int] = []
    for view in world.views:
        if not isinstance(view, PageView) or view.name != "digit-span-show":
            if found and isinstance(view, PageView) and view.name == "digit-span-between":
                found = []
            continue
        (group,) = [block for block in view.blocks if isinstance(block, Group)]
        (figure,) = [block for block in group.blocks if isinstance(block, Figure)]
        if figure.text and (not found or found[-1] != int(figure.text)):
            found.append(int(figure.text))
    return tuple(found)


async def test_a_kill_within_a_task_comes_back_to_its_beginning(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await begin(world, "reaction")
        await see_page(world, "reaction-run")
        await world.drive("sync")
        await world.end_phone()
        world.views.clear()
        world.begin_phone()
        await see_page(world, "reaction-intro")
