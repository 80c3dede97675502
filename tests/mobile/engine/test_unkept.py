"""What the phone can't keep: the band is held all the same, and no touch ends in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from mobile.engine import held
from mobile.engine.context import Context
from mobile.engine.flagging import SEVERAL, WITHDRAWN
from mobile.engine.places.consents import Consents
from mobile.engine.touches import Touches
from mobile.presenters.actions import Press, Stop
from mobile.presenters.consent_sections import DETAILS, TREATMENT
from mobile.presenters.page import PageView
from mobile.presenters.red_flag import SLIP
from mobile.presenters.views import SessionView
from mobile.store.reserve import Reserve
from shared.wire.status import DeviceState
from tests.mobile.engine.filling import allow, fill_outbox, refuse_writes
from tests.mobile.engine.going import any_box, bring_back, carry_away, open_place
from tests.mobile.engine.killed_phone import Band, Phone
from tests.mobile.engine.test_after import through_a_session
from tests.mobile.engine.world import World, whole_day
from tests.mobile.worlds import MemoryKeyStore

Trouble = Callable[[World], None]
TROUBLES = pytest.mark.parametrize("trouble", [fill_outbox, refuse_writes])
NOT_KEPT = "It couldn't be kept on this phone"


@TROUBLES
async def test_a_red_flag_that_cannot_be_kept_locks_the_band_and_says_so(
    tmp_path: Path, trouble: Trouble
) -> None:
    async with whole_day(tmp_path) as world:
        await through_a_session(world)
        await world.drive("sync")
        trouble(world)
        world.act(Press("red-flag"))
        page = await world.see_page("red-flag", lambda page: NOT_KEPT in str(page))
        assert "dial:112" in str(page.blocks)
        await world.until(lambda: [hold.reason for hold in world.ledger.holds] == [SEVERAL])


async def test_a_hold_in_memory_is_brought_to_a_band_that_comes_back(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await through_a_session(world)
        await world.drive("sync")
        await carry_away(world)
        refuse_writes(world)
        world.act(Press("red-flag"))
        await world.see_page("red-flag", lambda page: NOT_KEPT in str(page))
        assert world.life.context.unkept.waiting()
        bring_back(world)
        await world.until(lambda: [hold.reason for hold in world.ledger.holds] == [SEVERAL])


@TROUBLES
async def test_a_withdrawal_that_cannot_be_kept_locks_the_band_and_says_so(
    tmp_path: Path, trouble: Trouble
) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await open_place(world, "settings", "consents", f"section-{TREATMENT}", "ask-withdraw")
        await world.see(PageView, lambda view: view.title == "Take it back?")
        trouble(world)
        world.act(Press("withdraw"))
        page = await world.see(PageView, lambda view: any_box(view, "Your wish isn't kept"))
        assert "Call(text='Demo clinic'" in str(page.blocks)
        await world.until(lambda: [hold.reason for hold in world.ledger.holds] == [WITHDRAWN])


class Room:
    """A reserve that gives a simulated disk some pages, once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._is_there = True

    def spend(self) -> bool:
        there, self._is_there = self._is_there, False
        if there:
            allow(self._world, pages=20)
        return there


async def test_a_withdrawal_on_a_full_phone_is_kept_in_the_room_put_by(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await open_place(world, "settings", "consents", f"section-{TREATMENT}", "ask-withdraw")
        await world.see(PageView, lambda view: view.title == "Take it back?")
        fill_outbox(world)
        store = world.life.context.store
        store.reserve = cast(Reserve, Room(world))
        world.act(Press("withdraw"))
        await world.until(lambda: [hold.reason for hold in world.ledger.holds] == [WITHDRAWN])
        assert not store.consents.holds(TREATMENT)
        assert not world.life.context.unkept.waiting()


@pytest.mark.parametrize(("answer", "holds"), [(None, [SEVERAL]), (SLIP, [])])
def test_a_hold_that_was_in_memory_is_made_again_after_a_restart(
    tmp_path: Path, answer: str | None, holds: list[str]
) -> None:
    phone = Phone(tmp_path, MemoryKeyStore(), Band())
    draft = {"hold_id": "07" * 16, "untold": True, "in_memory": True, "answer": answer}
    phone.ways.open_first("red-flag", draft)
    on_its_way = held.on_its_way(cast(Context, phone))
    assert [hold.reason for hold in on_its_way] == holds
    phone.store.close()


async def test_a_touch_that_the_store_refuses_is_said(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await open_place(world, "settings", "consents", f"section-{DETAILS}", "ask-withdraw")
        refuse_writes(world)
        world.act(Press("withdraw"))
        await world.see_notice("The data on this phone can't be used just now")


async def test_a_touch_that_breaks_is_said_and_the_next_one_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_place: Consents, _button: str) -> None:
        raise ZeroDivisionError

    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await open_place(world, "settings", "consents")
        with monkeypatch.context() as once:
            once.setattr(Consents, "press", broken)
            world.act(Press(f"section-{DETAILS}"))
            await world.see_notice("The app made a mistake")
        world.act(Press(f"section-{DETAILS}"))
        await world.see_part("consent-one", DETAILS)


async def test_stop_works_after_a_touch_that_broke_in_a_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_touches: Touches, _button: str) -> None:
        raise ZeroDivisionError

    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.begin_session()
        monkeypatch.setattr(Touches, "_press_sitting", broken)
        world.act(Press("pause"))
        await world.see(SessionView, lambda view: "The app made a mistake" in str(view))
        world.act(Stop())
        await world.see(SessionView, lambda view: view.title == "It has stopped")
        assert world.shell.core.state is DeviceState.PAUSED
