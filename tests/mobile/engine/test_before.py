"""Before a session: what an answer does at the band and tells the clinic, and where a kill leaves
the person."""

from __future__ import annotations

from pathlib import Path

import pytest

from mobile.presenters.actions import Choose, Press
from mobile.presenters.views import HelpView, PageView, ReadyView, TodayView
from shared.care import bodies
from shared.care.bodies import CareItem, ScreeningTold
from shared.trust.sealing import open_sealed
from shared.trust.statements import Gate, GateOutcome
from shared.wire.items import care_context
from shared.wire.status import DeviceState
from tests.mobile.engine.test_caring import put_card
from tests.mobile.engine.world import World, whole_day
from tests.shared.care.cards import card
from tests.shared.clinic import PATIENT_ID

HOUR_MS = 3_600_000


async def told(world: World) -> list[CareItem]:
    """What the care team reads, in order."""
    await world.drive("sync")
    sealed = world.cared().values()
    plain = [
        open_sealed(each, key=world.server.care, context=care_context(PATIENT_ID))
        for each in sealed
    ]
    return [bodies.unpack(each)[1] for each in plain]


async def get_ready(world: World) -> None:
    """Touch Get ready as soon as the band's picture lets it be touched; the session is armed."""
    await world.see_page("screening-check", lambda page: page.foot[0].enabled)
    world.act(Press("get-ready"))
    await world.see(ReadyView)


async def begin(world: World) -> None:
    """Enrol, pair, and stand before the first question."""
    world.prescribe()
    await world.enrol_and_pair()
    await world.see(TodayView, lambda view: view.button_action == "get-ready")
    world.act(Press("get-ready"))
    await world.see_page("screening")


async def test_ear_protection_and_company_are_confirmed_to_the_band(tmp_path: Path) -> None:
    gates = (Gate.SCREENING, Gate.EAR_PROTECTION, Gate.ATTENDED)
    async with whole_day(tmp_path) as world:
        world.prescribe(gates=gates)
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.see(ReadyView)
        ledger = world.ledger
        assert set(ledger.gates_confirmed) == {Gate.EAR_PROTECTION, Gate.ATTENDED}
        assert await told(world) == []


async def test_an_answer_that_postpones_names_its_end_and_the_clinic_reads_why(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await begin(world)
        await world.go_through_questions(sleep="unsure")
        rests = await world.see_page("screening-waits")
        assert rests.title == "Today is a day to rest"
        world.act(Press("done"))
        resting = await world.see(TodayView, lambda view: view.chip.text == "Resting time")
        assert "After your answers the session waits a while." in resting.reasons
        assert world.ledger.gate_outcome is GateOutcome.POSTPONE
        assert await told(world) == [ScreeningTold("sleep", "unsure", "postpone")]


async def test_nothing_is_sent_before_an_answer_that_locks_is_confirmed(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await begin(world)
        world.act(Choose("yes", "seizure"))
        await world.see_page("screening-sure")
        assert world.ledger.gate_outcome is None
        world.act(Press("back"))
        again = await world.see_page("screening")
        assert again.place == "seizure"
        await world.go_through_questions()
        await world.see_page("screening-check")
        assert await told(world) == []


async def test_a_medicine_on_the_clinics_harmless_list_goes_on_and_is_noted(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        said = card()
        harmless = next(each.name for each in said.medicines if each.harmless)
        put_card(world, said)
        await begin(world)
        await world.drive("sync")
        await _answer_up_to(world, "medicine")
        world.act(Choose("yes", "medicine"))
        await world.see_page("screening", lambda page: page.place == "medicine/follow")
        world.act(Choose(harmless, "follow"))
        world.act(Press("go-on"))
        await _answer_up_to(world, None)
        await get_ready(world)
        assert await told(world) == [ScreeningTold("medicine", "yes", "note", harmless)]


async def test_dark_thoughts_bring_help_at_once_and_dont_stop_the_session(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await begin(world)
        await _answer_up_to(world, "alone_distress")
        world.act(Choose("yes", "alone_distress"))
        await world.until(lambda: _shows_help(world))
        assert await told(world) == [ScreeningTold("alone_distress", "yes", "ask")]
        world.act(Press("back"))
        await world.see_page("screening")
        await _answer_up_to(world, None)
        await get_ready(world)
        assert await told(world) == [ScreeningTold("alone_distress", "yes", "ask")]


def _shows_help(world: World) -> bool:
    view = world.views[-1]
    return isinstance(view, HelpView) or (isinstance(view, PageView) and view.name == "safety-plan")


@pytest.mark.parametrize("question_id", ["seizure", "medicine", "metal", "ear"])
async def test_killed_in_the_questions_it_comes_back_to_the_same_one(
    tmp_path: Path, question_id: str
) -> None:
    async with whole_day(tmp_path) as world:
        await begin(world)
        await _answer_up_to(world, question_id)
        await world.end_phone()
        world.views.clear()
        world.begin_phone()
        back = await world.see_page("screening")
        assert back.place == question_id
        await _answer_up_to(world, None)
        await get_ready(world)


async def test_killed_before_an_answer_is_confirmed_it_asks_once_more(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await begin(world)
        world.act(Choose("unsure", "seizure"))
        await world.see_page("screening-sure")
        await world.end_phone()
        world.views.clear()
        world.begin_phone()
        sure = await world.see_page("screening-sure")
        assert "112" in str(sure)
        # So soon the band may not be there yet: then it says so, and is asked again.
        await world.life.context.connection.until_ready(HOUR_MS)
        world.act(Press("sure"))
        await world.see_page("screening-waits")
        assert world.ledger.gate_outcome is GateOutcome.HOLD


async def test_answers_of_more_than_an_hour_ago_are_asked_again(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await begin(world)
        await _answer_up_to(world, "fever")
        await world.end_phone()
        await world.let_pass(61 * 60_000)
        world.views.clear()
        world.begin_phone()
        back = await world.see_page("screening")
        assert back.place == "seizure"


async def test_a_band_that_is_off_is_seen_on_the_picture_and_arms_nothing(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await begin(world)
        world.board.sensors.change(position_ok=False)
        await _answer_up_to(world, None)
        askew = await world.see_page(
            "screening-check", lambda page: "in its place yet" in str(page)
        )
        assert not askew.foot[0].enabled
        assert world.shell.core.state is DeviceState.IDLE
        world.board.sensors.change(position_ok=True)
        await world.see_page("screening-check", lambda page: page.foot[0].enabled)


async def _answer_up_to(world: World, question_id: str | None) -> None:
    """Answer as on an ordinary day until that question stands there, or the band's picture."""
    while True:
        page = await world.see(PageView, lambda page: page.name in ("screening", "screening-check"))
        if page.name == "screening-check" or page.place == question_id:
            return
        world.act(Choose("yes" if page.place in ("ear", "attended") else "no", page.place))
        here = page.place
        await world.see(PageView, lambda page: page.place != here)  # noqa: B023 - awaited here
