"""Check-ins through the real engine: safety plan at once, found again after a kill, told."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from mobile.presenters.actions import Choose, Press, Typed
from mobile.presenters.checkin import RATHER_NOT, SEND
from mobile.presenters.views import PageView, TodayView
from shared.care import bodies
from shared.care.bodies import CheckinAnswers
from shared.instruments.forms import form, phq9
from shared.instruments.items import NOT_SAID
from shared.trust import sealing
from shared.wire import fields
from shared.wire.items import CheckinBody, care_context, checkin_context
from tests.mobile.engine.checking_in import answer_mood, check_in, see_page
from tests.mobile.engine.world import World, whole_day
from tests.shared.clinic import PATIENT_ID


def sent_moods(world: World) -> list[CheckinBody]:
    """What arrived for the clinic's watch."""
    return [
        fields.unpack(
            CheckinBody,
            sealing.open_sealed(body, key=world.server.care, context=checkin_context(PATIENT_ID)),
        )
        for kind, body in world.server.accepted.values()
        if kind == "checkin"
    ]


async def answer_until_hard_thoughts(world: World, thoughts: int) -> PageView:
    world.act(Press("check-in"))
    for item in phq9().items:
        await see_page(world, "check-in", item.id)
        world.act(Choose(str(thoughts if item.id == "phq9-9" else 0), item.id))
    return await see_page(world, "safety-plan")


async def test_hard_thoughts_open_the_safety_plan_at_once_also_offline(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.server.is_down = True
        plan = await answer_until_hard_thoughts(world, 1)
        assert "dial:112" in repr(plan.blocks)
        assert "Your answers aren't sent yet" in repr(plan.blocks)

        world.act(Press("send-answers"))
        done = await see_page(world, "check-in-done")
        assert "You don't have to be alone with this" in repr(done.blocks)
        world.server.is_down = False
        await world.drive("sync")
        assert [body.answers[-1] for body in sent_moods(world)] == [1]


async def test_calls_from_the_safety_plan_leave_nothing_to_send_and_no_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await world.drive("sync")
        waiting = world.life.context.store.outbox.waiting()
        world.act(Press("check-ins"))
        await see_page(world, "check-ins")
        world.act(Press("safety-plan"))
        await see_page(world, "safety-plan")
        with caplog.at_level(logging.DEBUG):
            caplog.clear()
            world.act(Press("dial:112"))
            await see_page(world, "safety-plan")
            await world.drive("facts")
        assert "112" not in caplog.text
        assert world.life.context.store.outbox.waiting() == waiting


async def test_hard_thoughts_that_were_not_sent_are_found_again_after_a_kill(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await answer_until_hard_thoughts(world, 2)
        await world.end_phone()

        world.views.clear()
        world.begin_phone()
        plan = await see_page(world, "safety-plan")
        assert "Your answers aren't sent yet" in repr(plan.blocks)
        world.act(Press("send-answers"))
        await see_page(world, "check-in-done")
        await world.drive("sync")
        assert [body.answers for body in sent_moods(world)] == [(0,) * 8 + (2,)]


async def test_a_kill_in_a_question_comes_back_to_it_with_what_was_answered(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.act(Press("check-in"))
        for item in phq9().items[:3]:
            await see_page(world, "check-in", item.id)
            world.act(Choose("1", item.id))
        await see_page(world, "check-in", "phq9-4")
        await world.end_phone()

        world.views.clear()
        world.begin_phone()
        await see_page(world, "check-in", "phq9-4")
        world.act(Press("back"))
        third = await see_page(world, "check-in", "phq9-3")
        assert "chosen=frozenset({'1'})" in repr(third.blocks)


async def test_a_check_in_left_begun_is_said_on_the_day_and_goes_on_where_it_was(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.act(Press("check-in"))
        await see_page(world, "check-in", "phq9-1")
        world.act(Choose("2", "phq9-1"))
        await see_page(world, "check-in", "phq9-2")
        world.act(Press("home"))
        await world.see(TodayView, lambda view: "Begun, not sent yet" in repr(view.rows))
        world.act(Press("check-in"))
        await see_page(world, "check-in", "phq9-2")


async def test_a_question_left_out_is_sent_as_left_out_and_has_no_score(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.act(Press("check-in"))
        for item in phq9().items:
            await see_page(world, "check-in", item.id)
            world.act(Press(RATHER_NOT) if item.id == "phq9-5" else Choose("0", item.id))
        await see_page(world, "check-in", "review")
        world.act(Press(SEND))
        done = await see_page(world, "check-in-done")
        assert "there is no score" in repr(done.blocks)
        await world.drive("sync")
        assert sent_moods(world)[0].answers[4] == NOT_SAID


async def test_the_second_score_says_what_changed_and_the_list_keeps_both(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await check_in(world, 1)
        world.act(Press("done"))
        await world.see(TodayView, lambda view: "Nothing due" in repr(view.rows))
        world.act(Press("check-ins"))
        await see_page(world, "check-ins")
        world.act(Press("open:phq-9"))
        for item in phq9().items:
            await see_page(world, "check-in", item.id)
            world.act(Choose("0", item.id))
        await see_page(world, "check-in", "review")
        world.act(Press(SEND))
        done = await see_page(world, "check-in-done")
        assert "9 points less than last time. That much counts as a change." in repr(done.blocks)
        world.act(Press("done"))
        await see_page(world, "check-ins")
        world.act(Press("checkin-history"))
        kept = await see_page(world, "checkin-history")
        assert [repr(kept).count(f"Mood: {score} of 27") for score in (9, 0)] == [1, 1]


async def test_other_instruments_go_to_the_care_team_sealed(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.act(Press("check-ins"))
        await see_page(world, "check-ins")
        world.act(Press("open:gad-7"))
        for item in form("gad-7").items:
            await see_page(world, "check-in", item.id)
            world.act(Choose("1", item.id))
        await see_page(world, "check-in", "review")
        world.act(Press(SEND))
        done = await see_page(world, "check-in-done")
        assert "text='7 of 21'" in repr(done.blocks)
        await world.drive("sync")
        (sealed,) = world.cared().values()
        plain = sealing.open_sealed(sealed, key=world.server.care, context=care_context(PATIENT_ID))
        frame, told = bodies.unpack(plain)
        assert frame.patient_id == PATIENT_ID
        assert told == CheckinAnswers("gad-7", 1, (1,) * 7, "en")


async def test_own_lines_of_the_safety_plan_are_kept_sealed_and_survive_a_kill(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.act(Press("check-ins"))
        await see_page(world, "check-ins")
        world.act(Press("safety-plan"))
        await see_page(world, "safety-plan")
        world.act(Press("change-plan"))
        await see_page(world, "safety-plan-change")
        world.act(Typed("helps", "A walk by the lake"))
        await world.end_phone()

        world.views.clear()
        world.begin_phone()
        await see_page(world, "safety-plan-change")
        world.act(Press("keep-plan"))
        plan = await see_page(world, "safety-plan")
        assert "A walk by the lake" in repr(plan.blocks)
        await world.end_phone()
        raw = b"".join(p.read_bytes() for p in (tmp_path / "phone").rglob("*") if p.is_file())
        assert b"walk by the lake" not in raw
        world.begin_phone()


async def test_all_answers_together_come_before_sending(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        review = await answer_mood(world, 0)
        assert "It isn't sent yet" in repr(review.blocks)
        await world.drive("sync")
        assert sent_moods(world) == []
