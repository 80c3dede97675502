"""Practice on real parts: without a pulse, ended by whoever ends it, and never a page without a way
out."""

from __future__ import annotations

from pathlib import Path

from mobile.presenters.actions import Press, Stop
from mobile.presenters.views import SessionView, TodayView
from shared.wire.records import PracticeBody, decode_record
from shared.wire.status import DeviceState
from tests.mobile.engine.going import any_box, bring_back, carry_away, open_place
from tests.mobile.engine.world import World, whole_day

HEARD_WITHIN_MS = 120_000
"""Long for a link that comes back, and short beside the ten minutes of a practice."""


def device_state(world: World) -> DeviceState:
    return world.shell.core.state


async def test_practice_runs_without_a_pulse_and_stop_ends_it(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await open_place(world, "practice", "begin")
        running = await world.see(SessionView)
        assert running.title == "Practice"
        assert device_state(world) is DeviceState.PRACTICE
        await world.see(SessionView, lambda view: view.train > running.train)
        world.act(Stop())
        done = await world.see_part("practice-done")
        assert done.title == "It has stopped"
        assert device_state(world) is DeviceState.IDLE
        assert world.board.coil.fired_total == 0
        await world.drive("sync")
        ledger = world.life.context.ledger
        assert ledger is not None
        assert ledger.state.total_pulses == 0
        assert ledger.epoch is not None
        records = world.life.context.store.records.read(ledger.epoch)
        found = [decode_record(each).body for each in records]
        assert [each.begun for each in found if isinstance(each, PracticeBody)] == [True, False]


async def test_the_bands_button_ends_a_practice_and_enough_does_too(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await open_place(world, "practice", "begin")
        await world.see(SessionView)
        await world.shell.press()
        await world.see_part("practice-done")
        world.act(Press("again"))
        await world.see_part("practice")
        world.act(Press("begin"))
        await world.see(SessionView)
        world.act(Press("end-practice"))
        done = await world.see_part("practice-done")
        assert done.title == "The practice is over"
        assert device_state(world) is DeviceState.IDLE


# Without a link


async def begin_and_carry_away(world: World) -> None:
    """Begin a practice, and go where the band isn't heard."""
    await world.enrol_and_pair()
    await open_place(world, "practice", "begin")
    await world.see(SessionView)
    await carry_away(world)
    await world.see(SessionView, lambda view: view.link_lost)


async def test_whoever_went_away_from_the_band_leaves_and_stop_follows(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await begin_and_carry_away(world)
        world.act(Press("leave"))
        await world.see(TodayView)
        await open_place(world, "practice", "begin")
        await world.see_page("practice", lambda page: any_box(page, "Not yet"))
        assert device_state(world) is DeviceState.PRACTICE
        bring_back(world)
        clock = world.life.context.clock
        back_ms = clock.elapsed_ms()
        await world.until(lambda: device_state(world) is DeviceState.IDLE)
        assert clock.elapsed_ms() - back_ms < HEARD_WITHIN_MS, "it ended by itself"


async def test_a_practice_that_ended_far_away_is_over_when_the_band_is_back(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await begin_and_carry_away(world)
        world.act(Press("end-practice"))
        await world.shell.press()
        assert device_state(world) is DeviceState.IDLE
        bring_back(world)
        await world.see_part("practice-done")


async def test_a_practice_goes_on_where_only_the_link_was_gone(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await begin_and_carry_away(world)
        bring_back(world)
        await world.see(SessionView, lambda view: not view.link_lost)
        assert device_state(world) is DeviceState.PRACTICE
        world.act(Press("end-practice"))
        await world.see_part("practice-done")
