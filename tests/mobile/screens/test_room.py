"""Where there's little room, what matters stays in sight and the rest is said to follow below."""

from __future__ import annotations

from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from kivy.uix.label import Label

from mobile.kit.asked import Question
from mobile.kit.button_row import packed
from mobile.kit.calendar import Month
from mobile.kit.drawings.band import BandPicture
from mobile.kit.drawings.seat import SeatPicture
from mobile.kit.face import SessionFace
from mobile.kit.nav import NavBar
from mobile.kit.page import Page
from mobile.kit.theme import Theme
from mobile.presenters.page import Calendar, Tab
from mobile.presenters.pieces import Choice
from mobile.presenters.views import ReadyView, SessionView
from tests.mobile.screens.crowding import bottom_of, crowded, in_sight, label_of
from tests.mobile.screens.running import Running, run
from tests.mobile.screens.samples import SAMPLES
from tests.mobile.screens.test_drawing import SMALL_PHONE

LARGEST = Theme(text_scale=2.0)
ARMED = [name for name, view in SAMPLES.items() if isinstance(view, ReadyView)]
CALL = "dial:030 23125 001"
SITTINGS = [name for name, view in SAMPLES.items() if isinstance(view, SessionView)]


def page_of(running: Running) -> Page:
    page = running.app.stage.page
    assert page is not None
    return page


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


@pytest.mark.parametrize("scale", [1.0, 1.3])
async def test_a_session_keeps_its_ring_or_its_lines_from_state_to_state(scale: float) -> None:
    states = [SAMPLES[name] for name in SITTINGS]
    async with asynccontextmanager(run)(Theme(text_scale=scale)) as running:
        forms = set()
        for view in states:
            if isinstance(view, SessionView) and view.seat is None:
                await running.show(view)
                (face,) = [each for each in page_of(running).pinned.children]
                assert isinstance(face, SessionFace)
                forms.add(face.is_flat)
        assert len(forms) == 1


@pytest.mark.parametrize("name", ARMED)
async def test_what_to_do_before_a_session_stands_above_stop_with_nothing_below(name: str) -> None:
    view = SAMPLES[name]
    assert isinstance(view, ReadyView)
    async with asynccontextmanager(run)(LARGEST, SMALL_PHONE) as running:
        await running.show(view)
        page = page_of(running)
        assert list(crowded(running.app.stage)) == []
        assert in_sight(page, label_of(page, view.initials))
        assert not page.more.says_so


async def test_an_armed_band_with_room_has_its_picture() -> None:
    async with asynccontextmanager(run)(Theme()) as running:
        await running.show(SAMPLES["ready"])
        assert any(isinstance(each, BandPicture) for each in page_of(running).walk(restrict=True))


@pytest.mark.parametrize("name", ["seat-off", "seat-askew", "seat-away", "seat-good"])
async def test_how_the_band_sits_is_seen_whole_and_large_at_the_largest_words(name: str) -> None:
    async with asynccontextmanager(run)(LARGEST, SMALL_PHONE) as running:
        await running.show(SAMPLES[name])
        page = page_of(running)
        (picture,) = [each for each in page.walk(restrict=True) if isinstance(each, SeatPicture)]
        assert picture.height >= SMALL_PHONE[0] / 2
        neck_px = picture.height * 0.1
        assert bottom_of(picture) + neck_px >= page.foot.top + page.more.height


async def test_what_leads_on_after_stop_is_as_large_as_its_row_allows() -> None:
    async with asynccontextmanager(run)(LARGEST, SMALL_PHONE) as running:
        await running.show(SAMPLES["sitting-stopped"])
        assert list(crowded(running.app.stage)) == []
        sizes = {running.widget(each).label.font_size for each in ("go-on", "end-here", CALL)}
        assert min(sizes) >= 1.3 * Theme().text_px("button")


async def test_a_foot_of_many_keeps_its_first_and_the_way_back_and_leaves_the_others() -> None:
    view = SAMPLES["entry-plan"]
    async with asynccontextmanager(run)(LARGEST, SMALL_PHONE) as running:
        await running.show(view)
        page = page_of(running)
        assert page.foot.height <= page.height / 3
        assert running.widget("back") in page.foot.children
        other = running.widget("remove")
        assert other not in page.foot.children
        page.scroll.scroll_y = 0.0
        await running.frame()
        assert bottom_of(other) > page.foot.top
    async with asynccontextmanager(run)(Theme()) as running:
        await running.show(view)
        assert running.widget("remove") in page_of(running).foot.children


async def test_a_session_with_room_has_its_ring() -> None:
    view = SAMPLES["sitting"]
    assert isinstance(view, SessionView)
    async with asynccontextmanager(run)(Theme()) as running:
        await running.show(view)
        page = page_of(running)
        assert in_sight(page, label_of(page, view.figures))
        assert not page.more.says_so


async def test_a_question_stays_while_its_answers_scroll() -> None:
    async with asynccontextmanager(run)(Theme(text_scale=1.2), SMALL_PHONE) as running:
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


async def test_a_question_scrolls_with_its_answers_rather_than_take_their_room() -> None:
    async with asynccontextmanager(run)(LARGEST, SMALL_PHONE) as running:
        await running.show(SAMPLES["screening-metal"])
        page = page_of(running)
        assert not page.pin.children
        words = next(each for each in page.pinned.children if isinstance(each, Question))
        assert in_sight(page, words)
        assert words.wanted_px >= LARGEST.text_px("body")
        assert in_sight(page, label_of(page, "No"))


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
