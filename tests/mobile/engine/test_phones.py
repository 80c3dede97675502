"""Second phone, new phone, lost phone: each a whole way over two engines, one band, one clinic."""

from __future__ import annotations

from pathlib import Path

from mobile.engine.caring import tell
from mobile.engine.leading import take_the_lead
from mobile.presenters.actions import Press, Stop
from mobile.presenters.page import PageView
from mobile.presenters.views import SessionView, TodayView
from shared.care.bodies import MessageOut, PhoneLost
from tests.mobile.engine.test_messages import page, told
from tests.mobile.engine.world import World, second_phone, whole_day


async def open_place(world: World, name: str) -> PageView:
    """Open a journey as the page of help does."""
    world.life._day._ways.open(name)  # type: ignore[union-attr]
    world.life.context.changed()
    return await page(world, name)


async def ready(world: World) -> None:
    await world.see(TodayView, lambda view: view.button_action == "get-ready")


async def test_the_second_phone_leads_and_the_first_can_take_it_back(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        await open_place(world, "new-phone")
        await page(world, "new-phone", "This phone leads the band")
        await world.end_phone()
        async with second_phone(world) as second:
            await second.enrol_and_pair_again()
            await ready(second)
            await open_place(second, "new-phone")
            await page(second, "new-phone", "This phone leads the band")
        world.views.clear()
        world.begin_phone()
        await ready(world)
        await open_place(world, "new-phone")
        await page(world, "new-phone", "Another phone leads the band")
        world.act(Press("lead"))
        await page(world, "new-phone", "This phone leads the band")
        await world.drive("sync")
        assert world.life.context.leads is True


async def test_the_lead_does_not_pass_in_a_session(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.answer_safety_questions()
        await world.begin_session()
        await take_the_lead(world.life.context)
        assert "only between sessions" in str(world.life.context.notice)
        world.act(Stop())
        await world.see(SessionView, lambda view: view.paused)


async def test_a_new_phone_takes_over_once_the_old_one_has_sent_all(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        world.server.is_down = True
        tell(world.life.context, MessageOut("I change my phone."))
        await world.until(lambda: not world.life.context.reachable)
        view = await open_place(world, "new-phone")
        assert "1 item isn't sent yet" in str(view)
        assert "can't be reached just now" in str(view)
        assert view.foot[0].enabled
        world.server.is_down = False
        world.act(Press("send-all"))
        view = await page(world, "new-phone", "Nothing waits on this phone")
        assert not view.foot[0].enabled
        assert told(world) == [MessageOut("I change my phone.")]
        old, plan = world.life.context.ledger, world.life.context.plan
        await world.end_phone()
        async with second_phone(world) as second:
            await second.enrol_and_pair_again()
            await ready(second)
            new = second.life.context.ledger
            assert old is not None
            assert new is not None
            assert new.state.number >= old.state.number
            assert second.life.context.plan == plan


async def test_of_a_lost_phone_the_days_that_never_came_are_named(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        world.server.is_down = True
        await world.answer_safety_questions()
        await world.begin_session()
        world.act(Stop())
        await world.see(SessionView, lambda view: view.paused)
        world.act(Press("end-here"))
        await world.until(lambda: world.life.context.session is None)
        await world.end_phone()
        world.server.is_down = False
        world.server.revoked.add("phone-1")

        async with second_phone(world) as second:
            await second.enrol_and_pair_again()
            await second.until(lambda: bool(_sessions(second)))
            view = await open_place(second, "lost-phone")
            assert "Call your clinic" in str(view)
            second.act(Press("look"))
            view = await page(second, "lost-phone", "These days' answers never arrived")
            assert "Monday 21 September" in str(view)
            await second.drive("sync")
            assert [item for item in told(second) if isinstance(item, PhoneLost)] == [
                PhoneLost(("2026-09-21",))
            ]


def _sessions(world: World) -> object:
    ledger = world.life.context.ledger
    return None if ledger is None else ledger.sessions


async def test_what_came_after_all_is_not_called_missing(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await ready(world)
        await world.answer_safety_questions()
        await world.begin_session()
        world.act(Stop())
        await world.see(SessionView, lambda view: view.paused)
        world.act(Press("end-here"))
        await world.until(lambda: world.life.context.session is None)
        await world.drive("sync")
        await world.end_phone()
        async with second_phone(world) as second:
            await second.enrol_and_pair_again()
            await second.until(lambda: bool(_sessions(second)))
            await open_place(second, "lost-phone")
            second.act(Press("look"))
            await page(second, "lost-phone", "Nothing is missing")
            await second.drive("sync")
            assert told(second) == []


async def test_without_a_network_nobody_says_that_something_is_missing(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await world.end_phone()
        async with second_phone(world) as second:
            await second.enrol_and_pair_again()
            await open_place(second, "lost-phone")
            second.server.is_down = True
            second.act(Press("look"))
            await page(second, "lost-phone", "Not just now")


async def test_a_revoked_phone_says_so_and_sends_nothing(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await world.drive("sync")
        sent = len(world.server.arrivals)
        world.server.revoked.add("phone-1")
        tell(world.life.context, MessageOut("Hello"))
        await world.see_notice("taken this phone out of use")
        assert len(world.server.arrivals) == sent
        assert world.life.context.store.outbox.waiting() == 1


async def test_the_first_phone_of_a_band_has_no_lost_one_to_look_for(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        view = await open_place(world, "lost-phone")
        assert [push.action for push in view.foot] == ["back"]
