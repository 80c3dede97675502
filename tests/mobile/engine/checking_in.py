"""A check-in in the engine's world: touch by touch, up to where it's sent."""

from __future__ import annotations

from mobile.presenters.actions import Choose, Press
from mobile.presenters.checkin import SEND
from mobile.presenters.views import PageView
from shared.instruments.forms import phq9
from tests.mobile.engine.world import World


async def see_page(world: World, name: str, place: str = "") -> PageView:
    """Return the page of that name, at that place where one is named."""

    def is_it(view: PageView) -> bool:
        return view.name == name and place in ("", view.place)

    return await world.see(PageView, is_it)


async def answer_mood(world: World, value: int) -> PageView:
    """Give the same answer to all nine questions; return the page of all answers."""
    world.act(Press("check-in"))
    for item in phq9().items:
        await see_page(world, "check-in", item.id)
        world.act(Choose(str(value), item.id))
    if value:
        await see_page(world, "safety-plan")
        world.act(Press("back"))
    return await see_page(world, "check-in", "review")


async def check_in(world: World, value: int) -> PageView:
    """Answer and send; return the page of what it came to."""
    await answer_mood(world, value)
    world.act(Press(SEND))
    return await see_page(world, "check-in-done")
