"""What is chosen, what can't be touched and where a box ends reads from shapes, in every look."""

from __future__ import annotations

import itertools
from contextlib import asynccontextmanager

import pytest
from kivy.core.window import Window
from kivy.metrics import dp
from kivy.uix.widget import Widget
from PIL import ImageChops

from mobile.kit.choice import ChoiceButton
from mobile.kit.drawings.seat import SeatPicture
from mobile.kit.notice import NoticeBox
from mobile.kit.scale import BAR_HIGH_DP, BAR_UP_DP
from mobile.kit.theme import Theme
from mobile.kit.tick import TickMark
from mobile.kit.tokens import Look, read_tokens
from mobile.presenters.page import BandSeat, Box, Choices, PageView, Push, Scale
from mobile.presenters.pieces import Choice, Notice, Tone
from tests.mobile.screens.colours import contrast
from tests.mobile.screens.running import Running, run
from tests.mobile.screens.sheets.pages import window_image

PAGE = PageView(
    name="marks",
    title="Marks",
    blocks=(
        Choices((Choice("a", "One"), Choice("b", "Other")), frozenset({"a"}), "one"),
        Choices((Choice("c", "Some"), Choice("d", "More")), frozenset({"c"}), "many", many=True),
        Box(Notice("A box", "With a sentence.", Tone.WAIT)),
        Push("Soft", "soft"),
    ),
    foot=(Push("Later", "later", strong=True, why_not="Not yet"),),
)
LEAST_PIXELS = 300
"""So many differ where a shape does, also in grey."""
LOOKS = pytest.mark.parametrize("look", list(Look))


def colour_at(widget: Widget, across: float, up: float) -> tuple[int, int, int]:
    """The pixel at a place of a widget, in shares of its size."""
    x, y = widget.to_window(widget.x + widget.width * across, widget.y + widget.height * up)
    pixel = window_image().convert("RGB").getpixel((round(x), round(Window.height - y)))
    assert isinstance(pixel, tuple)
    red, green, blue = pixel
    return red, green, blue


def kinds(running: Running, kind: type[Widget]) -> list[Widget]:
    page = running.app.stage.page
    assert page is not None
    return [each for each in page.walk(restrict=True) if isinstance(each, kind)]


@LOOKS
async def test_the_chosen_answer_has_a_mark_and_the_other_none(look: Look) -> None:
    theme = Theme(read_tokens(look))
    async with asynccontextmanager(run)(theme) as running:
        await running.show(PAGE)
        for chosen, other in (("a", "b"), ("c", "d")):
            marks = []
            for name in (chosen, other):
                widget = running.widget(name)
                assert isinstance(widget, ChoiceButton)
                (mark,) = [each for each in widget.children if isinstance(each, TickMark)]
                marks.append(mark)
            filled, empty = (colour_at(mark, 0.3, 0.6) for mark in marks)
            assert contrast(filled, empty) > 3, (look, chosen)


@LOOKS
async def test_what_cant_be_touched_looks_weaker_than_what_can(look: Look) -> None:
    async with asynccontextmanager(run)(Theme(read_tokens(look))) as running:
        await running.show(PAGE)
        paper = colour_at(running.app.stage, 0.004, 0.5)
        soft, disabled = (colour_at(running.widget(each), 0.06, 0.5) for each in ("soft", "later"))
        assert contrast(disabled, paper) < contrast(soft, paper)


async def test_in_high_contrast_every_box_has_a_dark_border() -> None:
    async with asynccontextmanager(run)(Theme(read_tokens(Look.HIGH))) as running:
        await running.show(PAGE)
        boxes = [
            *kinds(running, NoticeBox),
            *(running.widget(each) for each in ("soft", "a", "b", "d")),
        ]
        for widget in boxes:
            edge = colour_at(widget, 1.2 / widget.width, 0.5)
            assert contrast(edge, (255, 255, 255)) > 15, widget


async def test_a_warning_is_as_large_as_the_words_of_its_page() -> None:
    theme = Theme()
    async with asynccontextmanager(run)(theme) as running:
        await running.show(PAGE)
        (box,) = kinds(running, NoticeBox)
        assert isinstance(box, NoticeBox)
        assert box.body.font_size == theme.text_px("body")


@LOOKS
async def test_the_chosen_number_has_a_bar_below_it_and_the_others_none(look: Look) -> None:
    scale = Scale(tuple(Choice(str(n), str(n)) for n in range(4)), frozenset({"1"}))
    theme = Theme(read_tokens(look))
    async with asynccontextmanager(run)(theme) as running:
        await running.show(PageView("numbers", "Numbers", blocks=(scale,)))
        chosen, other = (running.widget(each) for each in ("1", "2"))
        up = (BAR_UP_DP + BAR_HIGH_DP / 2) * float(dp(1)) / chosen.height
        for widget, barred in ((chosen, True), (other, False)):
            bar, beside = colour_at(widget, 0.5, up), colour_at(widget, 0.15, up)
            assert (contrast(bar, beside) > 3) is barred, (look, barred)


async def test_each_way_in_which_the_band_sits_has_a_shape_of_its_own() -> None:
    async with asynccontextmanager(run)(Theme()) as running:
        await running.show(PageView("seat", "Seat", blocks=(BandSeat("T.P.", None, None, ""),)))
        (picture,) = kinds(running, SeatPicture)
        assert isinstance(picture, SeatPicture)
        x, y = picture.to_window(*picture.pos)
        box = (x, Window.height - y - picture.height, x + picture.width, Window.height - y)
        shapes = []
        for contact, position_ok in ((None, None), (False, False), (True, False), (True, True)):
            picture.show(contact=contact, position_ok=position_ok)
            await running.frame()
            grey = window_image().convert("L").crop(tuple(round(side) for side in box))
            shapes.append(grey)
        for one, other in itertools.combinations(shapes, 2):
            differing = sum(ImageChops.difference(one, other).histogram()[80:])
            assert differing > LEAST_PIXELS


async def test_a_button_that_cant_be_touched_says_why() -> None:
    async with asynccontextmanager(run)(Theme()) as running:
        await running.show(PAGE)
        button = running.widget("later")
        assert button.disabled
        assert button.text == "Not yet"
