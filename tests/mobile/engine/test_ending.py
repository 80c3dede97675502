"""The app is ended at a bad moment: it ends all the same, and nothing of it waits."""

from __future__ import annotations

import asyncio
from pathlib import Path

from firmware_bridge.link import LinkState
from mobile.presenters.views import TodayView
from tests.mobile.engine.world import WITHIN_S, whole_day


async def test_app_that_is_ended_while_the_link_is_being_made_ends(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.end_phone()
        world.views.clear()
        world.begin_phone()
        await world.see(TodayView)
        connection = world.life.context.connection
        states = [connection.state]
        connection.watch(states.append)

        async with asyncio.timeout(WITHIN_S):
            await world.end_phone()

        assert LinkState.READY not in states
        assert states[-1] is LinkState.OFF
