"""What a session sounds like: each cue once, when the band has said so, and never by guess."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mobile.engine.cueing import break_ms, cue_between
from mobile.platform.cues import Cue
from mobile.presenters.actions import Press, Stop
from mobile.presenters.views import SessionView
from shared.wire.records import CloseCause
from shared.wire.status import DeviceState, Status
from tests.mobile.engine.world import World, whole_day
from tests.shared.clinic import itbs

IDLE = Status(
    DeviceState.IDLE,
    proven_ms=1,
    reasons=(),
    head_number=1,
    battery_percent=80,
    coil_temperature_c=25,
    contact=True,
    position_ok=True,
    clock_trusted=True,
)
RUNNING = replace(IDLE, state=DeviceState.STIMULATING)
FIRING = replace(RUNNING, firing=True)
PAUSED = replace(IDLE, state=DeviceState.PAUSED)
COMPLETED = replace(IDLE, close_cause=int(CloseCause.COMPLETED))
CLOSED = replace(IDLE, close_cause=int(CloseCause.ENDED_BY_PERSON))


@pytest.mark.parametrize(
    ("before", "after", "cue"),
    [
        (None, RUNNING, None),
        (IDLE, RUNNING, None),
        (RUNNING, FIRING, None),
        (FIRING, RUNNING, Cue.BREAK),
        (FIRING, PAUSED, Cue.STOPPED),
        (RUNNING, COMPLETED, Cue.DONE),
        (FIRING, CLOSED, Cue.STOPPED),
        (PAUSED, CLOSED, None),
        (PAUSED, RUNNING, None),
        (RUNNING, replace(RUNNING, still_here_due_ms=20_000), Cue.STILL_HERE),
        (
            replace(RUNNING, still_here_due_ms=20_000),
            replace(RUNNING, still_here_due_ms=19_000),
            None,
        ),
        (FIRING, replace(RUNNING, still_here_due_ms=20_000), Cue.STILL_HERE),
    ],
)
def test_a_cue_says_what_has_happened(before: Status | None, after: Status, cue: Cue) -> None:
    assert cue_between(before, after) is cue


def test_a_break_lasts_as_long_as_the_plan_of_the_present_part_says() -> None:
    plan = itbs()
    assert break_ms(plan, RUNNING) == plan.parts[0].interval_ms
    assert break_ms(plan, replace(RUNNING, part=7)) == plan.parts[-1].interval_ms
    assert break_ms(None, RUNNING) == 0


async def test_a_session_asks_stops_and_is_heard_doing_so(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await _begin(world)
        await world.see(SessionView, lambda view: view.still_here)
        await world.until(lambda: Cue.STILL_HERE in world.senses.given)
        world.act(Press("still-here"))
        world.act(Stop())
        await world.see(SessionView, lambda view: view.paused)
        await world.until(lambda: world.senses.given[-1] is Cue.STOPPED)
        # Theta burst has breaks of 8 s: no cue for each of them.
        assert set(world.senses.given) == {Cue.STILL_HERE, Cue.STOPPED}


async def _begin(world: World) -> None:
    await world.enrol_and_pair()
    world.prescribe()
    await world.answer_safety_questions()
    await world.begin_session()


async def test_a_long_break_is_cued_and_the_next_train_foretold(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        (part,) = itbs().parts
        await world.enrol_and_pair()
        world.prescribe(parts=(replace(part, interval_ms=20_000),))
        await world.answer_safety_questions()
        await world.begin_session()
        await world.until(lambda: Cue.TRAIN_SOON in world.senses.given)
        heard = [cue for cue in world.senses.given if cue is not Cue.STILL_HERE]
        assert heard[:2] == [Cue.BREAK, Cue.TRAIN_SOON]
        status = world.life.context.require_status()
        assert not status.firing


async def test_nothing_is_heard_that_the_person_does_not_want(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await _begin(world)
        context = world.life.context
        context.preferences = replace(context.preferences, sound=False, vibration=False)
        world.act(Stop())
        await world.see(SessionView, lambda view: view.paused)
        await world.until(lambda: "Paused" in str(world.standing.words))
        assert Cue.STOPPED not in world.senses.given
