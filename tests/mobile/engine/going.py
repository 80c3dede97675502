"""Going about in the app between sessions: to a place by its rows, and back after a restart."""

from __future__ import annotations

from mobile.presenters.actions import Press
from mobile.presenters.page import Box, PageView, Tab
from tests.mobile.engine.world import LINK_WITHIN_MS, World


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
