"""Going about in the app between sessions: to a place by its rows, and back after a restart."""

from __future__ import annotations

import asyncio

from mobile.presenters.actions import Press
from mobile.presenters.page import Box, PageView, Tab
from tests.mobile.engine.world import LINK_WITHIN_MS, WITHIN_S, World

FAR_AWAY_MS = 600_000


def any_box(view: PageView, title: str) -> bool:
    return any(isinstance(block, Box) and block.notice.title == title for block in view.blocks)


async def restart(world: World, name: str, place: str | None = None) -> PageView:
    """End the app and start it again; return the page that it comes back to, the band there too."""
    await world.end_phone()
    world.views.clear()
    world.begin_phone()
    page = await world.see_part(name, place)
    if world.life.context.band_address is not None:
        await world.life.context.connection.until_ready(LINK_WITHIN_MS)
    return page


async def open_place(world: World, *buttons: str) -> None:
    """Go to a place by its rows, from the Help tab."""
    for button in (Tab.HELP, *buttons):
        world.act(Press(button))


async def carry_away(world: World) -> None:
    """Take the band out of reach; return when the phone knows."""
    lost = asyncio.Event()
    leave = world.life.context.connection.watch(lambda _: lost.set())
    world.radio.air.drop(out_of_reach_ms=FAR_AWAY_MS)
    async with asyncio.timeout(WITHIN_S):
        await lost.wait()
    leave()


def bring_back(world: World) -> None:
    """Bring the band into reach again."""
    world.radio.air.drop(out_of_reach_ms=1)
