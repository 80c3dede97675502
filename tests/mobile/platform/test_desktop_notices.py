"""Notifications on a desktop: over a real bus of our own, to a server that keeps what it got."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from firmware_bridge.timebase import ClockServer, ServedClock
from mobile.language import _
from mobile.platform.alarms import Alarm, AlarmPlan, Exactness
from mobile.platform.desktop.alarms import DesktopAlarms
from mobile.platform.desktop.notices import DesktopNotices, DesktopStanding
from mobile.platform.desktop.notification_service import CRITICAL, NORMAL, NotificationService
from mobile.platform.errors import NoticeNotShown
from mobile.platform.notices import Words
from tests.mobile.platform.notification_server import (
    NotificationServer,
    Shown,
    notification_server,
    session_bus,
)

WORDS = Words("Circlet", "Something is due today.")
BEGUN_MS = 1_790_000_000_000


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[str]:
    async with session_bus(tmp_path) as address:
        yield address


@pytest.fixture
async def server(bus: str) -> AsyncIterator[NotificationServer]:
    async with notification_server(bus) as server:
        yield server


@pytest.fixture
async def service(bus: str) -> AsyncIterator[NotificationService]:
    service = NotificationService(bus)
    yield service
    service.disconnect()


async def test_a_notification_is_shown_changed_and_taken_away(
    server: NotificationServer, service: NotificationService
) -> None:
    notices = DesktopNotices(service)
    await notices.show("due", WORDS)
    assert list(server.shown.values()) == [Shown("Circlet", WORDS.body, (), NORMAL, -1)]
    await notices.show("due", Words("Circlet", "Two things are due."))
    assert [each.body for each in server.shown.values()] == ["Two things are due."]
    await notices.take_away("due")
    await notices.take_away("due")
    assert server.shown == {}


async def test_words_are_not_taken_for_markup(
    server: NotificationServer, service: NotificationService
) -> None:
    await DesktopNotices(service).show("due", Words("Circlet", "a <b>bold</b> clinic & more"))
    (shown,) = server.shown.values()
    assert shown.body == "a &lt;b&gt;bold&lt;/b&gt; clinic &amp; more"


async def test_words_of_the_language_spoken_are_shown(
    server: NotificationServer, service: NotificationService
) -> None:
    await DesktopStanding(service).show(
        Words("Circlet", _("Running. STOP ends it at once.")), _("STOP")
    )
    (shown,) = server.shown.values()
    assert (shown.body, shown.actions) == ("Running. STOP ends it at once.", ("stop", "STOP"))


async def test_stop_on_the_notification_reaches_the_engine(
    server: NotificationServer, service: NotificationService
) -> None:
    stopped = asyncio.Event()
    standing = DesktopStanding(service)
    standing.when_stopped(stopped.set)
    await standing.show(WORDS, "STOP")
    await standing.show(Words("Circlet", "Paused."), "STOP")
    ((number, shown),) = server.shown.items()
    assert shown == Shown("Circlet", "Paused.", ("stop", "STOP"), CRITICAL, 0)

    server.press(number, "stop")
    async with asyncio.timeout(5):
        await stopped.wait()
    await standing.end()
    assert server.shown == {}


async def test_a_press_after_the_end_stops_nothing(
    server: NotificationServer, service: NotificationService
) -> None:
    stops: list[str] = []
    standing = DesktopStanding(service)
    standing.when_stopped(lambda: stops.append("stop"))
    await standing.show(WORDS, "STOP")
    await standing.end()
    server.press(1, "stop")
    # An answered call of ours comes after the signal: the bus keeps their order.
    await DesktopNotices(service).show("due", WORDS)
    assert stops == []


async def test_without_a_server_it_is_said(service: NotificationService) -> None:
    with pytest.raises(NoticeNotShown, match="shows no notifications"):
        await DesktopNotices(service).show("due", WORDS)


async def test_without_a_bus_it_is_said(tmp_path: Path) -> None:
    service = NotificationService(f"unix:path={tmp_path / 'none'}")
    with pytest.raises(NoticeNotShown, match="shows no notifications"):
        await DesktopStanding(service).show(WORDS, "STOP")


async def test_a_server_that_comes_back_is_found_again(
    bus: str, service: NotificationService
) -> None:
    notices = DesktopNotices(service)
    async with notification_server(bus):
        await notices.show("due", WORDS)
    with pytest.raises(NoticeNotShown):
        await notices.show("due", WORDS)
    async with notification_server(bus) as server:
        await notices.show("due", WORDS)
        assert [each.body for each in server.shown.values()] == [WORDS.body]


class Rung:
    """Notices that keep what rang, and when."""

    def __init__(self, clock: ServedClock) -> None:
        self._clock = clock
        self.rang: list[tuple[str, int]] = []
        self.news = asyncio.Event()

    @property
    def sentence(self) -> str:
        return "Kept here."

    async def ask(self) -> bool:
        return True

    async def show(self, name: str, words: Words) -> None:
        self.rang.append((name, self._clock.wall_ms()))
        self.news.set()

    async def take_away(self, name: str) -> None:
        return

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.rang) < count:
                self.news.clear()
                await self.news.wait()


async def test_alarms_ring_at_their_minute_and_a_new_plan_takes_the_old_ones_place() -> None:
    server = ClockServer(start_wall_ms=BEGUN_MS, rate=2_000.0)
    port = await server.start()
    clock = await ServedClock.connect("127.0.0.1", port, "phone")
    rung = Rung(clock)
    alarms = DesktopAlarms(rung)
    living = asyncio.create_task(alarms.run(clock))
    try:
        await alarms.replace(_plan(("first", 60), ("never", 7_200)))
        await rung.until(1)
        await alarms.replace(_plan(("second", 150)))
        await rung.until(2)
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        await clock.close()
        await server.stop()
    assert [name for name, _at_ms in rung.rang] == ["first", "second"]
    assert alarms.exactness is Exactness.WHILE_OPEN
    for (_name, rang_ms), due_s in zip(rung.rang, (60, 150), strict=True):
        assert 0 <= rang_ms - (BEGUN_MS + due_s * 1000) <= 30_000


def _plan(*alarms: tuple[str, int]) -> AlarmPlan:
    planned = tuple(
        Alarm(name, BEGUN_MS + at_s * 1000, WORDS, floating=False) for name, at_s in alarms
    )
    return AlarmPlan(planned, "Etc/UTC", WORDS)
