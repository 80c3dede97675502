"""How a person who isn't a monkey gets on: home from anywhere, and a step towards a session."""

from __future__ import annotations

from time import monotonic

from mobile.kit.finger import FingerTouch
from mobile.kit.press import Touchable, bring_into_view
from mobile.kit.steady import HAND
from mobile.presenters.actions import Stop
from mobile.presenters.views import (
    AfterView,
    PageView,
    PairView,
    ReadyView,
    SessionView,
    TodayView,
    View,
    WelcomeView,
)
from tests.mobile.monkey.house import DANGEROUS, House

HOMEWARD = (
    *("today", "home", "back", "done", "end-here", "leave", "close", "cancel", "go-home"),
    *("no", "next", "skip", "try-again", "speak-en"),
)
"""What leads home, the nearest first; a page without any of it is left by whatever is there."""

ONWARD = ("get-ready", "no", "next", "start", "find-band", "same", "i-am-ready", "go-on", "fits")
WITHOUT_A_DAY = ("app-locked", "sharing", "consent")
"""A PIN that the monkey has set is its own secret; consent is asked before there's a day."""

PATIENCE_S = 20.0
"""The machine's time, some minutes of the day's: what waits for the band's word is waited for."""

SAID = 40
"""The last touches of a walk that came to no end."""


def is_home(view: View | None) -> bool:
    """Whether this is the day's page, one before the phone has a day at all, or a lock's own."""
    if isinstance(view, PageView):
        return view.name in WITHOUT_A_DAY
    return isinstance(view, TodayView | WelcomeView | PairView)


async def touch(house: House, widget: Touchable) -> None:
    """Touch its middle, deliberately."""
    bring_into_view(widget)
    await house.frame()
    HAND.forget()
    finger = FingerTouch(*widget.to_window(*widget.center))
    finger.down()
    finger.up()
    await house.frame()


async def walk_home(house: House) -> None:
    """Get to the day's page as a person would; raise AssertionError where there's no way."""
    been: list[tuple[str | None, str]] = []
    tried: set[str] = set()
    before: View | None = None
    until_s = monotonic() + PATIENCE_S
    while monotonic() < until_s:
        if is_home(house.view):
            return
        tried = tried if house.view == before else set()
        before = house.view
        if house.app.stage.page is not None and house.app.stage.page.stop is not None:
            await stop(house)
        await something_to_touch(house)
        if is_home(house.view):
            return
        if (way := _homeward(house, tried)) is not None:
            tried.add(way.drive_id)
            been.append((house.app.stage.screen, way.drive_id))
            await touch(house, way)
        else:
            tried.clear()
            await house.frame()
    raise AssertionError(f"no way home: {been[-SAID:]}")


def _homeward(house: House, tried: set[str]) -> Touchable | None:
    """The nearest way home that hasn't been tried in vain on this very view."""
    there = {each.drive_id: each for each in house.reachable() if each.drive_id != "stop"}
    view = house.view
    first = ["no"] if isinstance(view, AfterView) and view.chosen != "no" else []
    names = [*first, *HOMEWARD, *(name for name in there if name != "help"), "help"]
    return next((there[name] for name in names if name in there and name not in tried), None)


async def something_to_touch(house: House) -> None:
    """Wait until something enabled stands there: what takes a moment may say so meanwhile."""
    until_s = monotonic() + PATIENCE_S
    while not any(each.drive_id != "stop" for each in house.reachable()):
        if is_home(house.view) and not isinstance(house.view, TodayView):
            return
        if monotonic() > until_s:
            raise AssertionError(f"nothing to touch on {house.app.stage.screen}: {house.view}")
        await house.frame()
        if isinstance(house.view, SessionView | ReadyView):
            return


async def stop(house: House) -> None:
    """Touch STOP's middle; see that it went out in the same frame, and that the band heard."""
    page = house.app.stage.page
    if page is None or page.stop is None:
        return
    panel = page.stop
    finger = FingerTouch(*panel.to_window(*panel.center))
    told = len(house.engine.acts)
    finger.down()
    assert house.engine.acts[told:] == [Stop()], "STOP didn't go out at touch-down"
    finger.up()
    await band_is_still(house)


async def band_is_still(house: House) -> None:
    """Wait until the band gives nothing and can't begin; it does so by itself without a link."""
    until_s = monotonic() + PATIENCE_S
    while house.band in DANGEROUS:
        if monotonic() > until_s:
            raise AssertionError(f"after STOP the band is {house.band.name}")
        await house.frame()


def onward(house: House) -> Touchable | None:
    """What leads towards a session from here, or None."""
    there = {each.drive_id: each for each in house.reachable()}
    return next((there[name] for name in ONWARD if name in there), None)
