"""The engine keeps the next start's glance, and shows its day without waiting for Bluetooth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from firmware_bridge.link import BluetoothPort, BluetoothUnavailable, SystemBluetooth
from firmware_bridge.timebase import SystemClock
from mobile.engine import Options
from mobile.engine.late_bluetooth import LateBluetooth
from mobile.engine.life import Life
from mobile.engine.pin import choose
from mobile.engine.publishing import Audience
from mobile.glance.leaves import Glance
from mobile.glance.sealed import kept
from mobile.platform import FileKeyStore
from mobile.presenters.views import MessageView, PageView, TodayView, View, WelcomeView
from tests.mobile.engine.world import WITHIN_S, World, whole_day


async def glance_when(world: World, kind: type[View]) -> Glance:
    """Return what is kept, as soon as it shows that kind of view."""
    data = world.folder / "phone"

    def found() -> Glance | None:
        glance = kept(data, FileKeyStore(data))
        return glance if glance and isinstance(glance.leaves[0].view, kind) else None

    await world.until(lambda: found() is not None)
    glance = found()
    assert glance is not None
    return glance


async def test_the_day_is_kept_and_gives_way_to_how_to_stop_while_a_session_runs(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        day = await glance_when(world, TodayView)
        assert len(day.leaves) >= 7

        await world.answer_safety_questions()
        await world.begin_session()

        session = await glance_when(world, MessageView)
        assert "press the button" in str(session.leaves[0].view)


async def test_the_first_view_doesnt_wait_for_bluetooth(tmp_path: Path) -> None:
    @asynccontextmanager
    async def never(_options: Options) -> AsyncIterator[BluetoothPort]:
        await asyncio.get_running_loop().create_future()
        yield SystemBluetooth()

    seen: asyncio.Queue[View] = asyncio.Queue()
    audience = Audience()
    audience.join(seen.put_nowait)
    life = Life(Options(data=tmp_path), audience, bluetooth=never, clock=SystemClock())
    living = asyncio.create_task(life.run())
    async with asyncio.timeout(WITHIN_S):
        assert isinstance(await seen.get(), WelcomeView)
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)


async def test_bluetooth_that_cant_be_opened_is_tried_again(tmp_path: Path) -> None:
    tries = 0

    @asynccontextmanager
    async def second_time(_options: Options) -> AsyncIterator[BluetoothPort]:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise BluetoothUnavailable
        opened.set()
        yield SystemBluetooth()

    opened = asyncio.Event()
    async with whole_day(tmp_path) as world:
        late = LateBluetooth(lambda: second_time(Options(data=tmp_path)))
        await world.see(WelcomeView)
        context = world.life.context
        running = asyncio.create_task(late.run(context.clock, context.connection))
        async with asyncio.timeout(WITHIN_S):
            await late.until_tried()
            await opened.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_with_a_pin_the_next_start_shows_the_lock_and_nothing_of_the_day(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await glance_when(world, TodayView)

        await choose(world.life.context.store, "7319")
        world.life.context.changed()

        locked = await glance_when(world, PageView)
        assert [leaf.view.name for leaf in locked.leaves if isinstance(leaf.view, PageView)] == [
            "app-locked"
        ]
