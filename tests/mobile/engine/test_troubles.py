"""What can go wrong on the phone's side: said in words, nothing half-applied, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from firmware_bridge.emulator.parts.flash import LOG
from firmware_bridge.emulator.shell import HOLD_MS
from mobile.engine.day import Day
from mobile.platform import FileKeyStore, KeyName
from mobile.presenters.actions import Choose, LookAway, LookBack, Press
from mobile.presenters.checkin import SEND
from mobile.presenters.views import (
    AfterView,
    MessageView,
    PairView,
    ReadyView,
    SessionView,
    TodayView,
    WelcomeView,
)
from shared.instruments.forms import phq9
from shared.wire.status import DeviceState
from tests.mobile.engine.checking_in import answer_mood, check_in, see_page
from tests.mobile.engine.filling import allow, fill
from tests.mobile.engine.world import World, whole_day
from tests.shared.clinic import PATIENT_ID


async def test_full_phone_says_so_keeps_nothing_by_halves_and_goes_on_later(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.see(TodayView, lambda view: view.title == "A few questions first")
        await world.drive("sync")
        fill(world)
        before = _rows(world)

        await answer_mood(world, 3)
        world.act(Press(SEND))
        await world.see_notice("no room left")
        assert _rows(world) == before

        allow(world, pages=1_000)
        world.act(Press(SEND))
        await see_page(world, "check-in-done")


async def test_lost_key_asks_to_enrol_anew_and_begins_empty(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await world.end_phone()
        FileKeyStore(tmp_path / "phone").erase(KeyName.WRAPPING)

        world.begin_phone()
        view = await world.see(MessageView)
        assert "enrol again" in view.body
        assert view.button_action == "enrol-again"
        world.act(Press("enrol-again"))
        await world.see(WelcomeView)
        assert list((tmp_path / "phone").glob("*.unreadable-1"))


async def test_a_mistake_of_the_app_is_said_and_it_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_day: Day) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as once:
        once.setattr(Day, "run", broken)
        async with whole_day(tmp_path) as world:
            view = await world.see(MessageView)
            assert view.body.startswith("The app made a mistake")
            once.undo()
            world.act(Press("try-again"))
            await world.see(WelcomeView)


async def test_nothing_on_the_phones_disk_says_who_or_why(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await check_in(world, 2)
        await world.drive("sync")
        await world.end_phone()

    files = [path for path in (tmp_path / "phone").rglob("*") if path.is_file()]
    raw = b"".join(path.read_bytes() for path in files).lower()
    # Four bytes and more: three turn up by chance in what is sealed.
    words = (b"demo clinic", b"t.p.", b"mdd-", b"depress", b"phq-", b"phq9", b"moderate")
    prompt = phq9().items[0].prompt.lower().encode()
    for word in (*words, b"18 of 27", PATIENT_ID, bytes([2] * 9), prompt):
        assert word not in raw
    assert b"checkins" in raw


async def test_session_of_a_killed_phone_pauses_by_itself_and_can_be_ended(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.begin_session()
        await world.end_phone()

        world.views.clear()
        world.begin_phone()
        paused = await world.see(SessionView, lambda view: view.paused)
        assert [button.id for button in paused.buttons] == ["end-here"]
        world.act(Press("end-here"))
        await world.see(TodayView, lambda view: view.chip.text == "Resting time")
        assert world.shell.core.state is DeviceState.IDLE


async def test_band_that_is_put_on_again_is_not_said_to_be_off(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.see(TodayView, lambda view: view.button_action == "get-ready")
        world.board.sensors.change(contact=False)
        world.act(Press("get-ready"))
        await world.go_through_questions()
        off = await world.see_page("screening-check", lambda page: "touch your head" in str(page))
        assert not off.foot[0].enabled
        world.board.sensors.change(contact=True)
        await world.see_page("screening-check", lambda page: page.foot[0].enabled)
        world.act(Press("get-ready"))
        await world.see(ReadyView)


async def test_session_that_a_worn_flash_ended_is_said_with_what_it_gave(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.begin_session()
        await world.see(SessionView, lambda view: view.train >= 2)
        _spoil_flash(world)
        after = await world.see(AfterView)
        given = world.board.coil.fired_total
        assert given > 0
        assert after.title == "Session ended early"
        assert after.summary == (
            f"{given} of 600 pulses given. The band ended it and needs service. Call your clinic."
        )


async def test_band_out_of_service_ends_the_questions_and_says_so(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        _spoil_flash(world)
        await world.answer_safety_questions()
        view = await world.see(TodayView, lambda view: view.chip.text == "Needs service")
        assert view.button is None
        assert view.notice is not None
        assert "needs service" in view.notice.body


async def test_set_up_that_broke_is_finished_by_itself_and_the_screen_goes_on(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol()
        await world.shell.press(HOLD_MS)
        world.act(Press("find-band"))
        await world.see(PairView, lambda view: view.number is not None)
        world.server.is_down = True
        await world.shell.press()
        world.act(Choose("same"))
        broken = await world.see(PairView, lambda view: view.problem is not None)
        assert broken.button == "Try again"
        world.server.is_down = False
        await world.see(PairView, lambda view: "once more" in view.body)
        await world.shell.press()
        await world.see(TodayView)


async def test_band_that_fails_while_it_waits_for_its_button_says_so_at_once(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol()
        await world.shell.press(HOLD_MS)
        world.act(Press("find-band"))
        await world.see(PairView, lambda view: view.number is not None)
        await world.shell.press()
        world.act(Choose("same"))
        await world.see(PairView, lambda view: "once more" in view.body)
        _spoil_flash(world)
        asked_ms = world.clock.elapsed_ms
        await world.shell.press()
        failed = await world.see(PairView, lambda view: view.problem is not None)
        assert failed.problem is not None
        assert "needs service" in failed.problem.body
        assert world.clock.elapsed_ms - asked_ms < 15_000


async def test_bond_lost_in_a_session_is_said_and_the_button_to_pair_anew_works(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.begin_session()
        await world.shell.face.forget_bonds()
        world.radio.air.drop()
        lost = await world.see(PairView, lambda view: view.problem is not None)
        assert lost.problem is not None
        assert "no longer knows this phone" in lost.problem.body
        assert "the band pairs after that" in lost.problem.body
        world.act(Press("find-band"))
        await world.see(PairView, lambda view: view.waiting == "Looking for the band ...")


def _spoil_flash(world: World) -> None:
    """The block that is written next takes nothing any more."""
    flash = world.board.flash
    flash.chip.spoil(LOG, flash.block_in_use())


def _rows(world: World) -> tuple[int, int]:
    store = world.life.context.store
    with store.transaction() as session:
        counts = [session.scalar(text(f"SELECT count(*) FROM {t}")) for t in _TABLES]
    return int(counts[0] or 0), int(counts[1] or 0)


_TABLES = ("checkins", "outbox")


async def test_app_out_of_sight_takes_its_time_but_not_in_a_session(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        pace = world.life.context.connection.pace
        world.act(LookAway())
        assert not pace.in_haste
        world.act(LookBack())
        assert pace.in_haste

        await world.answer_safety_questions()
        await world.begin_session()
        world.act(LookAway())
        assert pace.in_haste

        world.act(Press("end-here"))
        await world.see(AfterView)
        await world.until(lambda: not pace.in_haste)
