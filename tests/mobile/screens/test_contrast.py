"""WCAG AA, measured from the pixels of every sample in every look: 4.5:1, large text 3:1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import asynccontextmanager

import pytest
from kivy.core.window import Window
from kivy.metrics import sp
from kivy.uix.label import Label
from kivy.uix.scrollview import ScrollView
from PIL import Image

from mobile.kit.theme import Theme
from mobile.kit.tokens import Look, read_tokens
from mobile.presenters.views import View
from tests.mobile.screens.colours import contrast, contrast_within
from tests.mobile.screens.running import Running, run
from tests.mobile.screens.sheets.pages import window_image
from tests.mobile.screens.thirds import in_thirds

LEAST, LEAST_LARGE = 4.5, 3.0
LARGE_SP, LARGE_BOLD_SP = 24, 18.66
"""WCAG's 18 and 14 points."""


def test_the_measure_knows_black_grey_and_white() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
    ground = Image.new("RGB", (100, 20), (255, 255, 255))
    ground.paste((118, 118, 118), (10, 5, 30, 8))
    assert contrast_within(ground) == pytest.approx(4.54, abs=0.01)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "look",
    [each if each is Look.LIGHT else pytest.param(each, marks=pytest.mark.long) for each in Look],
)
@in_thirds
async def test_every_word_stands_out_from_its_ground(look: Look, samples: dict[str, View]) -> None:
    faint = []
    async with asynccontextmanager(run)(Theme(read_tokens(look))) as running:
        for name, view in samples.items():
            await running.show(view)
            picture = window_image()
            for label, box in in_sight(running):
                ratio = contrast_within(picture.crop(box))
                if ratio < least_for(label):
                    faint.append(f"{name}: {label.text!r} has {ratio:.1f}:1")
    assert faint == []


def least_for(label: Label) -> float:
    """Return what WCAG asks of a text of this size and weight."""
    large_sp = LARGE_BOLD_SP if "Bold" in str(label.font_name) else LARGE_SP
    return LEAST_LARGE if label.font_size >= sp(large_sp) else LEAST


def in_sight(running: Running) -> Iterator[tuple[Label, tuple[int, int, int, int]]]:
    """Yield each label that shows as a whole, with its box in the picture (from the top)."""
    page = running.app.stage.page
    assert page is not None
    for label in page.walk(restrict=True):
        if not isinstance(label, Label) or not label.text.strip() or _opacity(label) < 1:
            continue
        left, bottom = label.to_window(label.x, label.y)
        right, top = left + label.width, bottom + label.height
        low, high = _limits(label)
        if bottom < low or top > high or right - left < 2 or top - bottom < 2:
            continue
        height = Window.height
        yield label, (round(left), round(height - top), round(right), round(height - bottom))


def _limits(label: Label) -> tuple[float, float]:
    ancestor = label.parent
    while ancestor is not None and ancestor.parent is not ancestor:
        if isinstance(ancestor, ScrollView):
            return ancestor.y, ancestor.top
        ancestor = ancestor.parent
    return 0, Window.height


def _opacity(label: Label) -> float:
    least, ancestor = float(label.opacity), label.parent
    while ancestor is not None and ancestor.parent is not ancestor:
        least, ancestor = min(least, float(ancestor.opacity)), ancestor.parent
    return least
