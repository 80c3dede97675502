"""Where there's little room, what matters stays in sight and the rest is said to follow below."""

from __future__ import annotations

from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from kivy.core.window import Window
from kivy.uix.label import Label
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from mobile.kit.button_row import packed
from mobile.kit.calendar import Month
from mobile.kit.nav import NavBar
from mobile.kit.page import Page
from mobile.kit.theme import Theme
from mobile.presenters.page import Calendar, Tab
from mobile.presenters.pieces import Choice
from mobile.presenters.views import SessionView
from tests.mobile.screens.running import Running, run
from tests.mobile.screens.samples import SAMPLES
from tests.mobile.screens.test_drawing import SMALL_PHONE

LARGEST = Theme(text_scale=2.0)
SITTINGS = [name for name, view in SAMPLES.items() if isinstance(view, SessionView)]


def page_of(running: Running) -> Page:
    page = running.app.stage.page
    assert page is not None
    return page


def label_of(page: Page, text: str) -> Label:
    found = [each for each in page.walk(restrict=True) if isinstance(each, Label)]
    return next(label for label in found if label.text == text)


def bottom_of(widget: Widget) -> float:
    return float(widget.to_window(widget.x, widget.y)[1])


def in_sight(page: Page, label: Label) -> bool:
    """Whether the whole label is on the window, and within whatever it scrolls in."""
    bottom = bottom_of(label)
    least, most = 0.0, float(Window.height)
    ancestor: Widget = label.parent
    while ancestor is not page:
        if isinstance(ancestor, ScrollView):
            least = bottom_of(ancestor)
            most = least + float(ancestor.height)
        ancestor = ancestor.parent
    return bool(least - 1 <= bottom and bottom + label.height <= most + 1)


@pytest.mark.parametrize("name", SITTINGS)
async def test_what_runs_how_long_and_how_much_stands_above_stop(name: str) -> None:
    view = SAMPLES[name]
    assert isinstance(view, SessionView)
    async with asynccontextmanager(run)(LARGEST, SMALL_PHONE) as running:
        await running.show(view)
        page = page_of(running)
        for text in (view.title, view.big, view.pulses):
            assert in_sight(page, label_of(page, text)), text
        assert page.stop is not None
        assert bottom_of(label_of(page, view.pulses)) > page.stop.top


async def test_a_session_with_room_has_its_ring() -> None:
    view = SAMPLES["sitting"]
    assert isinstance(view, SessionView)
    async with asynccontextmanager(run)(Theme()) as running:
        await running.show(view)
        page = page_of(running)
        assert in_sight(page, label_of(page, view.figures))
        assert not page.more.says_so


async def test_a_question_stays_while_its_answers_scroll() -> None:
    async with asynccontextmanager(run)(LARGEST, SMALL_PHONE) as running:
        await running.show(SAMPLES["check-in-choices"])
        page = page_of(running)
        words = next(each for each in page.pinned.children if isinstance(each, Label))
        assert in_sight(page, words)
        assert in_sight(page, label_of(page, "Not at all"))
        assert page.more.says_so
        page.scroll.scroll_y = 0.0
        await running.frame()
        assert in_sight(page, words)
        assert not in_sight(page, label_of(page, "Not at all"))
        assert not page.more.says_so


async def test_answers_stand_low_where_there_is_room_and_before_the_reasons_where_not() -> None:
    view = SAMPLES["screening-sleep"]
    async with asynccontextmanager(run)(Theme()) as running:
        await running.show(view)
        page = page_of(running)
        last = running.widget("unsure")
        assert bottom_of(last) < page.foot.top + 40
        assert bottom_of(label_of(page, "Why we ask")) > bottom_of(running.widget("no"))
        assert not page.more.says_so
    async with asynccontextmanager(run)(LARGEST, SMALL_PHONE) as running:
        await running.show(view)
        page = page_of(running)
        last, why = running.widget("unsure"), label_of(page, "Why we ask")
        assert bottom_of(why) < bottom_of(last)


ARABIC_PLACES = ("اليوم", "العلاج", "الأسئلة", "المساعدة")


async def test_the_words_of_the_bar_keep_apart() -> None:
    places = [Choice(str(tab), word) for tab, word in zip(Tab, ARABIC_PLACES, strict=True)]
    async with asynccontextmanager(run)(LARGEST, SMALL_PHONE) as running:
        bar = NavBar(LARGEST, places, lambda _: None)
        bar.show(Tab.HELP)
        page_of_bar = running.app.stage
        page_of_bar.clear_widgets()
        page_of_bar.add_widget(bar)
        await running.frame()
        labels = [item.label for item in bar.items]
        edges = sorted(
            (label.center_x - label.texture_size[0] / 2, label.center_x + label.texture_size[0] / 2)
            for label in labels
        )
        assert all(after[0] - before[1] >= 8 for before, after in pairwise(edges))
        assert len({label.font_size for label in labels}) == 1


def test_the_names_of_days_keep_apart() -> None:
    names = ("اثن", "ثلا", "أرب", "خمي", "جمع", "سبت", "أحد")
    month = Month(LARGEST, Calendar(names, (), (), ""))
    month.width = 320
    widths = [word.width for word in month._head]
    assert max(widths) <= 320 / 7 - 4


def test_buttons_go_on_in_a_further_row() -> None:
    assert packed([100, 100, 100], 208, 8) == [[0, 1], [2]]
    assert packed([300, 100], 208, 8) == [[0], [1]]
