"""Reduced motion: nothing moves by itself on any screen, and a screen at rest stays as it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from kivy.animation import Animation
from kivy.clock import Clock

from mobile.kit.drawings.hold import HoldPicture
from mobile.kit.field import Entry
from mobile.kit.picture import window_pixels
from mobile.kit.press import touchables
from mobile.kit.theme import Theme
from mobile.presenters.views import View
from tests.mobile.screens.running import Running, run
from tests.mobile.screens.samples import SAMPLES, SESSION, TODAY_READY, WELCOME

MOVING = SAMPLES["hold-the-button"]
WATCHED_S = 0.7
"""Longer than it takes the toolkit's scroll bar to begin to fade."""


@pytest.fixture
async def still() -> AsyncIterator[Running]:
    async with asynccontextmanager(run)(Theme(still=True)) as started:
        yield started


def moving(running: Running) -> list[str]:
    """What is being animated on the present page, by the names of the properties."""
    shown = list(running.app.stage.walk(restrict=True))
    return sorted(
        ", ".join(each.animated_properties)
        for each in tuple(Animation._instances)
        if any(each.have_properties_to_animate(widget) for widget in shown)
    )


async def test_without_the_setting_the_picture_of_the_button_moves(running: Running) -> None:
    await running.show(MOVING)
    assert "share" in moving(running)


async def test_a_picture_stands_still_once_its_page_is_left(running: Running) -> None:
    await running.show(MOVING)
    (picture,) = [each for each in running.app.stage.walk() if isinstance(each, HoldPicture)]
    await running.show(TODAY_READY)
    until_s = Clock.get_boottime() + WATCHED_S
    while any(each.have_properties_to_animate(picture) for each in Animation._instances):
        assert Clock.get_boottime() < until_s, "it goes on unseen"
        await running.frame()


@pytest.mark.parametrize("view", [MOVING, SESSION, TODAY_READY, WELCOME])
async def test_a_screen_at_rest_is_the_same_in_every_frame(still: Running, view: View) -> None:
    await still.show(view)
    await still.frame()
    first, until_s = window_pixels(), Clock.get_boottime() + WATCHED_S
    while Clock.get_boottime() < until_s:
        await still.frame()
        assert not moving(still)
        assert window_pixels() == first


async def test_a_line_to_type_into_doesnt_blink(still: Running) -> None:
    await still.show(WELCOME)
    entries = [each for each in touchables(still.app.stage) if isinstance(each, Entry)]
    assert entries
    assert not any(entry.cursor_blink for entry in entries)


@pytest.mark.long
async def test_nothing_moves_on_any_screen(still: Running) -> None:
    for name, view in SAMPLES.items():
        await still.show(view)
        assert not moving(still), name
