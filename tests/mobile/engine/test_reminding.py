"""The phone beside the app: alarms that follow the day, the notification's STOP, letters' links."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from mobile.engine.reminder_settings import keep_reminders, kept_reminders
from mobile.platform.links import LetterLink
from mobile.presenters.actions import Choose, OpenLink, Press
from mobile.presenters.views import AfterView, SessionView, TodayView, WelcomeView
from mobile.reminders import ReminderSettings
from mobile.store import Store
from shared.wire.records import PauseCause
from shared.wire.status import DeviceState
from tests.mobile.engine.world import World, whole_day

NEUTRAL = ("Circlet", "Something is due today.")


async def until_planned(world: World) -> list[int]:
    """Return when it rings, as soon as something is planned."""
    await world.until(lambda: world.alarms.plan is not None and bool(world.alarms.plan.alarms))
    assert world.alarms.plan is not None
    return [alarm.at_ms for alarm in world.alarms.plan.alarms]


async def test_the_alarms_follow_the_day(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.see(WelcomeView)
        assert world.alarms.plan is None or world.alarms.plan.alarms == ()
        await world.enrol_and_pair()
        world.prescribe()
        await world.see(TodayView, lambda view: view.title == "A few questions first")
        before = await until_planned(world)
        now_ms = world.clock.wall_ms
        assert all(at_ms > now_ms for at_ms in before)
        plan = world.alarms.plan
        assert plan is not None
        assert (plan.zone, plan.quiet_from_minute) == ("Etc/UTC", 21 * 60)
        assert {(alarm.words.title, alarm.words.body) for alarm in plan.alarms} == {NEUTRAL}

        store: Store = world.life.context.store
        keep_reminders(store, ReminderSettings(says_what=True, at_minute=17 * 60))
        world.life.context.changed()
        await world.until(lambda: "check-in" in str(world.alarms.plan))
        told = world.alarms.plan
        assert told is not None
        floating = [alarm for alarm in told.alarms if alarm.floating]
        assert floating
        assert {datetime.fromtimestamp(a.at_ms / 1000, UTC).hour for a in floating} <= {17, 8}

        await world.drive("phone-clock", offset_ms=-3 * 86_400_000)
        await world.until(
            lambda: world.alarms.plan is not None and world.alarms.plan.alarms[0].at_ms < now_ms
        )


async def test_stop_among_the_notifications_stops_the_band(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        assert world.standing.words is None
        world.prescribe()
        await world.answer_safety_questions()
        await world.begin_session()
        await world.until(lambda: "Running" in str(world.standing.words))

        await asyncio.to_thread(world.standing.stop)
        await world.see(SessionView, lambda view: view.paused)
        status = world.life.context.require_status()
        assert (status.state, status.pause_cause) == (DeviceState.PAUSED, PauseCause.STOP)
        await world.until(lambda: "Paused" in str(world.standing.words))

        world.act(Press("end-here"))
        await world.see(AfterView)
        await world.until(lambda: world.standing.words is None)
        world.act(Choose("no"))


async def test_a_letters_link_is_taken_up_and_any_other_is_said(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.see(WelcomeView)
        world.act(OpenLink("circlet:erase?everything=yes"))
        await world.until(lambda: world.life.context.notice is not None)
        assert world.life.context.letter is None
        world.act(OpenLink("circlet:enrol?clinic=clinic.example&code=ABCD-2345"))
        await world.until(lambda: world.life.context.letter is not None)
        assert world.life.context.letter == LetterLink("clinic.example", "ABCD-2345")


async def test_a_letters_link_is_not_taken_up_by_an_enrolled_phone(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        world.act(OpenLink("circlet:enrol?clinic=other.example&code=EFGH-2345"))
        await world.see_notice("already")
        assert world.life.context.letter is None


async def test_settings_that_cannot_be_read_count_as_not_chosen(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.see(WelcomeView)
        store = world.life.context.store
        assert kept_reminders(store) == ReminderSettings()
        store.settings.put("reminders", b"\xff\x00")
        assert kept_reminders(store) == ReminderSettings()
