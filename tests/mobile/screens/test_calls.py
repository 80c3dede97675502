"""Whom to call is in sight at once, as the strongest button of its page, at every size of text."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from kivy.core.window import Window
from kivy.uix.widget import Widget

from mobile.kit.button import ButtonKind, PushButton
from mobile.kit.call import CallButton, NumberCard
from mobile.kit.theme import Theme
from mobile.presenters.help import help_view
from mobile.presenters.reach import Reach
from mobile.presenters.views import View
from tests.mobile.screens.running import Running, run
from tests.mobile.screens.samples import SAMPLES
from tests.mobile.screens.spoken import SPOKEN
from tests.mobile.screens.test_drawing import SMALL_PHONE

LARGEST = Theme(text_scale=2.0)
NAMES = (
    *("help-numbers", "red-flag", "red-flag-unsent", "red-flag-undo", "red-flag-mood"),
    *("screening-emergency", "check-in-done-hard", "today-held", "today-lapsed"),
    *("today-held-by-answers", "broken", "broken-full", "erased-in-part", "consent-refused"),
)


def view_of(name: str) -> View:
    return SPOKEN[name]() if name in SPOKEN else SAMPLES[name]


def calls_of(running: Running) -> list[CallButton]:
    page = running.app.stage.page
    assert page is not None
    return [each for each in page.walk(restrict=True) if isinstance(each, CallButton)]


def in_sight(widget: Widget, running: Running) -> bool:
    """Whether all of it stands above the line where the page goes on, as the page opens."""
    page = running.app.stage.page
    assert page is not None
    low = float(page.scroll.to_window(page.scroll.x, page.scroll.y)[1])
    bottom = float(widget.to_window(widget.x, widget.y)[1])
    return bool(low - 1 <= bottom and bottom + widget.height <= Window.height)


@pytest.mark.parametrize("theme", [Theme(), LARGEST], ids=["usual", "largest"])
async def test_the_first_call_is_in_sight_on_a_small_phone(theme: Theme) -> None:
    hidden = []
    async with asynccontextmanager(run)(theme, SMALL_PHONE) as running:
        for name in NAMES:
            await running.show(view_of(name))
            found = calls_of(running)
            if not found or not in_sight(found[0], running):
                hidden.append(name)
    assert hidden == []


@pytest.mark.parametrize("size", [SMALL_PHONE, (800, 1280)], ids=["small", "tablet"])
async def test_an_ambulances_number_is_in_sight_wherever_it_is_offered(
    size: tuple[int, int],
) -> None:
    views = {**SAMPLES, **{name: made() for name, made in SPOKEN.items()}}
    offered, hidden = set(), []
    async with asynccontextmanager(run)(LARGEST, size) as running:
        for name, view in views.items():
            if "dial:112" not in repr(view):
                continue
            await running.show(view)
            offered.add(name)
            ambulances = [each for each in calls_of(running) if each.kind is ButtonKind.URGENT]
            hidden += [name for each in ambulances if not in_sight(each, running)]
    assert hidden == []
    assert offered >= {"help-numbers", "red-flag", "red-flag-mood", "screening-emergency"}


async def test_a_call_fills_its_width_and_no_other_button_beside_it_is_as_strong() -> None:
    async with asynccontextmanager(run)(Theme()) as running:
        for name in NAMES:
            await running.show(view_of(name))
            page = running.app.stage.page
            assert page is not None
            call = calls_of(running)[0]
            assert call.width >= 0.8 * Window.width, name
            if name not in ("broken", "broken-full", "erased-in-part", "consent-refused"):
                kinds = {
                    each.kind
                    for each in page.foot.walk(restrict=True)
                    if isinstance(each, PushButton) and not each.disabled
                }
                assert ButtonKind.PRIMARY not in kinds, name


async def test_only_an_ambulance_is_called_in_red() -> None:
    async with asynccontextmanager(run)(Theme()) as running:
        await running.show(view_of("help-numbers"))
        ambulance, *others = calls_of(running)
        assert ambulance.kind is ButtonKind.URGENT
        assert {each.kind for each in others} == {ButtonKind.PRIMARY}
        await running.tap("dial:112")


async def test_where_nothing_dials_the_numbers_stand_large() -> None:
    reach = Reach("Practice at the Canal", "030 23125 001")
    view = help_view(reach.clinic_name, reach=replace(reach, dials=False))
    async with asynccontextmanager(run)(Theme()) as running:
        await running.show(view)
        page = running.app.stage.page
        assert page is not None
        assert calls_of(running) == []
        cards = [each for each in page.walk(restrict=True) if isinstance(each, NumberCard)]
        sizes = [each.kept["number"].font_size for each in cards]
        assert len(sizes) == 2
        assert min(sizes) > 1.5 * Theme().text_px("body")
