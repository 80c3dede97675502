"""Each place of the bar has a picture of its own, that grows with the word below it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from itertools import combinations

import pytest
from kivy.core.window import Window
from PIL import Image, ImageChops, ImageStat

from mobile.kit.nav import Item, NavBar
from mobile.kit.place_icons import PlaceIcon
from mobile.kit.theme import Theme
from mobile.kit.tokens import Look, read_tokens
from mobile.presenters.page import PageView, Tab
from tests.mobile.screens.colours import contrast_within
from tests.mobile.screens.running import Running, run
from tests.mobile.screens.sheets.pages import window_image
from tests.mobile.screens.test_drawing import SMALL_PHONE

PLAIN = PageView(name="plain", title="Plain", tab=Tab.HELP, blocks=())
SIDE_PX = 32
ALIKE = 12.0
"""Mean difference of two grey pictures, of 255: the same picture drawn twice comes to below 1."""


def item_of(running: Running, place: Tab) -> Item:
    page = running.app.stage.page
    assert page is not None
    (bar,) = [each for each in page.walk(restrict=True) if isinstance(each, NavBar)]
    return next(item for item in bar.items if item.drive_id == place)


def image_of(icon: PlaceIcon) -> Image.Image:
    left, bottom = icon.to_window(*icon.pos)
    low = Window.height - bottom
    box = (round(left), round(low - icon.height), round(left + icon.width), round(low))
    return window_image().crop(box)


def grey(image: Image.Image) -> Image.Image:
    return image.convert("L").resize((SIDE_PX, SIDE_PX))


@pytest.mark.parametrize("mirrored", [False, True])
async def test_the_four_pictures_differ(mirrored: bool) -> None:
    async with asynccontextmanager(run)(Theme(mirrored=mirrored)) as running:
        await running.show(PLAIN)
        pictures = {place: grey(image_of(item_of(running, place).icon)) for place in Tab}
        for one, other in combinations(Tab, 2):
            difference = ImageChops.difference(pictures[one], pictures[other])
            assert ImageStat.Stat(difference).mean[0] > ALIKE, (one, other)


@pytest.mark.parametrize("look", list(Look))
async def test_every_picture_shows_on_its_ground(look: Look) -> None:
    async with asynccontextmanager(run)(Theme(read_tokens(look))) as running:
        await running.show(PLAIN)
        for place in Tab:
            image = image_of(item_of(running, place).icon)
            assert contrast_within(image) >= 3, (look, place)


async def test_a_picture_grows_with_its_word() -> None:
    sizes = []
    for theme in (Theme(), Theme(text_scale=2.0)):
        async with asynccontextmanager(run)(theme) as running:
            await running.show(PLAIN)
            item = item_of(running, Tab.TODAY)
            assert item.top >= item.icon.top
            sizes.append((item.icon.height, item.label.font_size))
    (usual, usual_word), (large, large_word) = sizes
    assert large > usual
    assert large / usual == pytest.approx(large_word / usual_word)


async def test_the_place_where_one_is_has_a_filled_picture() -> None:
    async with asynccontextmanager(run)(Theme(text_scale=2.0), SMALL_PHONE) as running:
        await running.show(PLAIN)
        here = image_of(item_of(running, Tab.HELP).icon)
        await running.show(PageView(name="plain", title="Plain", tab=Tab.TODAY, blocks=()))
        elsewhere = image_of(item_of(running, Tab.HELP).icon)
        difference = ImageChops.difference(grey(here), grey(elsewhere))
        assert ImageStat.Stat(difference).mean[0] > ALIKE


async def test_only_the_question_mark_turns_round_where_lines_begin_at_the_right() -> None:
    pictures = []
    for mirrored in (False, True):
        async with asynccontextmanager(run)(Theme(mirrored=mirrored)) as running:
            await running.show(PLAIN)
            pictures.append({place: grey(image_of(item_of(running, place).icon)) for place in Tab})
    left, right = pictures
    for place in Tab:
        difference = ImageChops.difference(left[place], right[place])
        assert (ImageStat.Stat(difference).mean[0] > ALIKE / 2) is (place is Tab.HELP), place
