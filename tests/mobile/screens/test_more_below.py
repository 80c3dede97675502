"""The line that says that more follows shows its letters whole, also dots below them."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from kivy.core.text import Label as CoreLabel
from kivy.core.window import Window
from kivy.uix.label import Label

from mobile.kit.page import Page
from mobile.kit.script import drawn_font, drawn_line
from mobile.kit.theme import Theme
from mobile.language import use
from mobile.presenters.page import PageView, Words
from tests.mobile.screens.running import Running, run
from tests.mobile.screens.sheets.pages import window_image
from tests.mobile.screens.test_drawing import SMALL_PHONE

LONG = PageView(
    name="long", title="Long", blocks=tuple(Words(f"Line {number}") for number in range(40))
)
INK_SHARE = 0.6
"""Darker than this share of the ground is a letter."""


def ink_rows(image_rows: list[list[int]]) -> int:
    """How many rows lie from a picture's first dark row to its last."""
    ground = max(max(row) for row in image_rows)
    dark = [place for place, row in enumerate(image_rows) if min(row) < ground * INK_SHARE]
    return dark[-1] - dark[0] + 1


def rows_of(pixels: bytes, width: int, step: int, offset: int) -> list[list[int]]:
    """The darkness of a texture's pixels, a list a row."""
    values = list(pixels[offset::step])
    return [values[start : start + width] for start in range(0, len(values), width)]


def words_of(running: Running) -> Label:
    page = running.app.stage.page
    assert isinstance(page, Page)
    assert page.more.says_so
    return page.more.words


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_its_letters_are_whole(language: str, scale: float) -> None:
    mirrored = use(language).is_mirrored
    try:
        async with asynccontextmanager(run)(
            Theme(text_scale=scale, mirrored=mirrored), SMALL_PHONE
        ) as running:
            await running.show(LONG)
            words = words_of(running)
            shown = drawn_line(words.text)
            free = CoreLabel(
                text=shown,
                font_name=drawn_font(words.text, words.font_name),
                font_size=words.font_size,
            )
            free.refresh()
            texture = free.texture
            alpha = rows_of(texture.pixels, texture.width, 4, 3)
            whole_rows = ink_rows([[255 - value for value in row] for row in alpha])
            left, bottom = words.to_window(*words.pos)
            low = round(Window.height - bottom)
            box = (round(left), low - round(words.height) + 3, round(left + words.width), low)
            part = window_image().crop(box).convert("L")
            seen = rows_of(part.tobytes(), part.width, 1, 0)
            assert ink_rows(seen) >= whole_rows - 2
    finally:
        use("en")
