"""The safe choice is the last of a page and stays in sight; what takes away is never red."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest

from mobile.kit.button import ButtonKind, PushButton
from mobile.kit.theme import Theme
from mobile.presenters.page import PageView, Push
from mobile.presenters.views import View
from tests.mobile.screens.crowding import bottom_of
from tests.mobile.screens.running import Running, run
from tests.mobile.screens.samples import SAMPLES
from tests.mobile.screens.test_drawing import SMALL_PHONE

TABLET = (800, 1280)
SAFE = {"back", "keep"}


def pages() -> dict[str, PageView]:
    """Every page whose foot removes something, takes it back or erases it."""
    return {
        name: view
        for name, view in SAMPLES.items()
        if isinstance(view, PageView) and any(push.danger for push in view.foot)
    }


def test_there_are_such_pages() -> None:
    names = {name.partition("-")[0] for name in pages()}
    assert names >= {"close", "entry", "change", "erase", "consent"}


def test_the_safe_choice_is_the_last() -> None:
    kept = {"erase", "erase-nothing-waits"}
    views: dict[str, View] = {**pages(), **{name: SAMPLES[name] for name in kept}}
    for name, view in views.items():
        assert isinstance(view, PageView)
        last = view.foot[-1]
        assert isinstance(last, Push)
        assert last.action in SAFE, name


@pytest.mark.parametrize("size", [SMALL_PHONE, TABLET], ids=["small", "tablet"])
@pytest.mark.parametrize("text_scale", [1.0, 2.0])
async def test_it_stays_in_sight_below_what_takes_away(
    size: tuple[int, int], text_scale: float
) -> None:
    async with asynccontextmanager(run)(Theme(text_scale=text_scale), size) as running:
        for name, view in pages().items():
            await running.show(view)
            check(running, view, name)


def check(running: Running, view: PageView, name: str) -> None:
    page = running.app.stage.page
    assert page is not None
    last = view.foot[-1]
    safe = running.widget(last.action)
    assert safe in page.foot.children, name
    for push in view.foot:
        if push.danger:
            button = running.widget(push.action)
            assert isinstance(button, PushButton)
            assert button.kind is ButtonKind.NEUTRAL, name
            assert bottom_of(button) > bottom_of(safe) or button not in page.foot.children, name
