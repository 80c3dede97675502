"""After a session: side effects on their way, red flags that hold at once, and what is found again
when the app was lost."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from mobile.engine import softer
from mobile.presenters.actions import Choose, Press
from mobile.presenters.views import AfterView, PageView, ReadyView, SessionView, TodayView
from shared.care.bodies import Graded, RedFlag, SideEffects
from shared.care.from_clinic import Seen
from shared.wire import fields
from shared.wire.items import DownKind
from shared.wire.records import RecordType, SliceReservedBody, decode_record
from tests.mobile.engine.going import bring_back, carry_away
from tests.mobile.engine.test_before import told
from tests.mobile.engine.world import World, whole_day
from tests.shared.clinic import itbs

"""In real time: longer than any test; it's ended by hand."""


async def through_a_session(world: World) -> None:
    """Enrol, pair, treat a little, end here: the questions after it stand there."""
    world.prescribe()
    await world.enrol_and_pair()
    await world.answer_safety_questions()
    await world.begin_session()
    await world.see(SessionView, lambda view: view.train >= 2)
    world.act(Press("end-here"))
    await world.see(AfterView)


async def pick(world: World, **grades: int) -> None:
    """Say that something was noticed, pick it, and grade it."""
    world.act(Choose("yes"))
    world.act(Press("done"))
    await world.see_page("side-effects")
    for name in grades:
        world.act(Choose(name, "noticed"))
    world.act(Press("next"))
    for name, grade in grades.items():
        await world.see_page("side-effect-grade", lambda page: page.place == name)  # noqa: B023
        world.act(Choose(str(grade), name))


async def test_nothing_unusual_reaches_band_and_clinic_with_two_touches(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await through_a_session(world)
        session_id = world.ledger.last_session
        assert session_id is not None
        world.act(Choose("no"))
        world.act(Press("done"))
        await world.see(TodayView)
        await world.drive("sync")
        last = world.ledger.last_session
        assert last is not None
        assert last.red_flag is False
        assert await told(world) == [SideEffects(last.session_id, 1, (), softer=False)]


async def test_grades_reach_the_clinic_and_a_softer_session_is_wished_for(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await through_a_session(world)
        await pick(world, headache=3, tired=1)
        advice = await world.see_page("side-effect-advice")
        assert "What helps now" in str(advice)
        world.act(Choose("softer", "softer"))
        world.act(Press("done"))
        await world.see(TodayView)
        (said,) = await told(world)
        assert isinstance(said, SideEffects)
        assert said.grades == (Graded("headache", 3), Graded("tired", 1))
        assert said.softer
        assert softer.is_wished(world.life.context.store)


async def test_a_softer_session_that_was_wished_for_begins_one_step_down(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        softer.wish(world.life.context.store)
        await world.answer_safety_questions()
        await world.see(ReadyView)
        checks = [v for v in world.views if isinstance(v, PageView) and v.name == "screening-check"]
        assert "Softer today" in str(checks[-1])
        assert not softer.is_wished(world.life.context.store)
        assert await _output_of_a_session(world) == itbs().percent_mso() - 5


async def test_softer_in_the_session_is_one_step_down_and_asked_about_first(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.begin_session()
        running = await world.see(SessionView, lambda view: len(view.buttons) == 2)
        assert [button.id for button in running.buttons] == ["pause", "softer"]
        world.act(Press("softer"))
        asked = await world.see(SessionView, lambda view: "can't go up" in (view.sentence or ""))
        assert [button.id for button in asked.buttons] == ["softer-yes", "softer-no"]
        world.act(Press("softer-yes"))
        await world.see(SessionView, lambda view: [b.id for b in view.buttons][-1] == "softer")
        train = (await world.see(SessionView)).train
        await world.see(SessionView, lambda view: view.train >= train + 2)
        world.act(Press("end-here"))
        await world.see(AfterView)
        await world.drive("sync")
        outputs = _outputs(world)
        assert (outputs[0], outputs[-1]) == (itbs().percent_mso(), itbs().percent_mso() - 5)
        assert outputs == sorted(outputs, reverse=True)


async def _output_of_a_session(world: World) -> int:
    """Begin, end early, and return the output of the first pulses."""
    await world.begin_session()
    await world.see(SessionView, lambda view: view.train >= 2)
    world.act(Press("end-here"))
    await world.see(AfterView)
    await world.drive("sync")
    return _outputs(world)[0]


def _outputs(world: World) -> list[int]:
    """The output of each slice, in order."""
    bodies = [decode_record(data).body for data in records(world)]
    return [body.percent_mso for body in bodies if isinstance(body, SliceReservedBody)]


def records(world: World) -> list[bytes]:
    """The band's records as the clinic has them, in order."""
    numbered = (
        (int(name.rsplit("/", 1)[1]), body)
        for name, (kind, body) in world.server.accepted.items()
        if kind == "record"
    )
    return [body for _, body in sorted(numbered)]


async def test_a_red_flag_locks_the_band_before_anything_is_asked(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await through_a_session(world)
        world.act(Press("red-flag"))
        first = await world.see_page("red-flag")
        assert "Did it happen?" in str(first)
        await world.see_page("red-flag", lambda page: "The band is locked" in str(page))
        (hold,) = world.ledger.holds
        assert hold.reason.startswith("seizure")
        flag, *_ = await told(world)
        assert flag == RedFlag("seizure or stroke sign", _last_session(world))
        await world.see_page("red-flag", lambda page: "Nobody has read it yet" in str(page))

        item_id = next(iter(world.cared()))
        now_ms = world.server.now_ms()
        world.server.put(DownKind.SEEN, fields.pack(Seen(item_id, "K.", now_ms)))
        await world.drive("sync")
        await world.see_page("red-flag", lambda page: "Seen by K., " in str(page))

        world.act(Choose("happened", "red-flag"))
        world.act(Press("done"))
        await world.see(AfterView)
        world.act(Choose("no"))
        world.act(Press("done"))
        held = await world.see(TodayView, lambda v: v.chip.text == "Paused after what you noticed")
        assert held.button is None


def _last_session(world: World) -> bytes:
    last = world.ledger.last_session
    assert last is not None
    return last.session_id


async def test_a_slip_is_taken_back_and_both_stand_on_the_record(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await through_a_session(world)
        await pick(world, skin=2)
        await world.see_page("red-flag", lambda page: "The band is locked" in str(page))
        assert len(world.ledger.holds) == 1
        world.act(Choose("slip", "red-flag"))
        await world.see_page("red-flag", lambda page: "isn't locked" in str(page))
        assert not world.ledger.holds
        await world.drive("sync")
        types = [decode_record(data).type for data in records(world)]
        assert {RecordType.HOLD_PLACED, RecordType.HOLD_TAKEN_BACK} <= set(types)
        assert [said.slip for said in await told(world) if isinstance(said, RedFlag)] == [
            False,
            True,
        ]
        world.act(Press("done"))
        listed = await world.see_page("side-effects")
        assert not listed.foot[0].enabled


async def test_a_seizure_that_was_a_slip_stays_locked_and_is_marked(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await through_a_session(world)
        world.act(Choose("yes"))
        world.act(Press("done"))
        await world.see_page("side-effects")
        world.act(Choose("seizure", "noticed"))
        await world.see_page("red-flag", lambda page: "The band is locked" in str(page))
        world.act(Choose("slip", "red-flag"))
        await world.see_page("red-flag", lambda page: "probably a slip" in str(page))
        await world.drive("sync")
        (hold,) = world.ledger.holds
        assert hold.probable_slip


async def test_a_band_out_of_reach_is_locked_as_soon_as_it_is_back(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await through_a_session(world)
        await carry_away(world)
        world.act(Press("red-flag"))
        unheard = await world.see_page("red-flag")
        assert "The band isn't told yet" in str(unheard)
        await world.end_phone()
        world.views.clear()
        world.begin_phone()
        again = await world.see_page("red-flag")
        assert "The band isn't told yet" in str(again)
        bring_back(world)
        await world.see_page("red-flag", lambda page: "The band is locked" in str(page))
        assert len(world.ledger.holds) == 1


async def test_killed_after_a_session_it_comes_back_to_the_same_page(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await through_a_session(world)
        first = world.views[-1]
        assert isinstance(first, AfterView)
        await world.end_phone()
        world.views.clear()
        world.begin_phone()
        again = await world.see(AfterView)
        assert again.summary == first.summary
        world.act(Choose("yes"))
        world.act(Press("done"))
        await world.see_page("side-effects")
        world.act(Choose("tired", "noticed"))
        await world.end_phone()
        world.views.clear()
        world.begin_phone()
        listed = await world.see_page("side-effects")
        assert listed.foot[0].enabled


async def test_a_session_that_ended_without_the_app_is_asked_about(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.begin_session()
        await world.see(SessionView, lambda view: view.train >= 2)
        await world.end_phone()
        await world.shell.press()
        await world.let_pass(11 * 60_000)
        world.views.clear()
        world.begin_phone()
        looked_for = await world.see(SessionView)
        assert looked_for.link_lost
        assert "Last heard at" in looked_for.subtitle
        asked = await world.see(AfterView)
        assert asked.summary.startswith(f"{world.board.coil.fired_total} of 600 pulses given.")
        world.act(Choose("no"))
        world.act(Press("done"))
        await world.see(TodayView)
        await world.drive("sync")
        last = world.ledger.last_session
        assert last is not None
        assert last.red_flag is False


async def test_calls_for_help_are_neither_recorded_nor_sent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with whole_day(tmp_path) as world:
        await through_a_session(world)
        world.act(Press("red-flag"))
        await world.see_page("red-flag", lambda page: "The band is locked" in str(page))
        await world.drive("sync")
        waiting = (await world.drive("facts"))["outbox"]
        kept = len(world.server.accepted)
        caplog.clear()
        with caplog.at_level(logging.DEBUG):
            world.act(Press("dial:112"))
            world.act(Press("dial:+49 30 23125 003"))
            await world.drive("sync")
        assert (await world.drive("facts"))["outbox"] == waiting
        assert len(world.server.accepted) == kept
        # Not within what a library writes as hexadecimal, where three digits turn up by chance.
        called = re.compile(r"(?<![0-9a-fA-F])(?:112|23125)(?![0-9a-fA-F])")
        assert [line for line in caplog.messages if called.search(line)] == []
