"""The small pictures over the words of the bar of places; each has a shape of its own.

The words say where a touch leads: a picture only helps to find it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import cos, pi, sin

from kivy.uix.widget import Widget

from mobile.kit.drawings.sketch import HEIGHT, WIDTH, Pen
from mobile.kit.theme import Theme
from mobile.presenters.pieces import Tab

LINE, BOLD_LINE = 12.0, 17.0
SIDE = (WIDTH - HEIGHT) / 2
"""A picture is drawn on the square in the middle of a sheet."""


class PlaceIcon(Widget):
    """A square, as large as it's told; filled and bold where the person is."""

    def __init__(self, theme: Theme, place: str) -> None:
        super().__init__(size_hint=(None, None))
        self._theme = theme if place in TURNED else replace(theme, mirrored=False)
        self._here = False
        self._draw_place = ICONS[place]
        self.bind(pos=self._draw, size=self._draw)

    def show(self, *, here: bool) -> None:
        """Say whether the person is at this place."""
        if here != self._here:
            self._here = here
            self._draw()

    def _draw(self, *_: object) -> None:
        unit = float(self.height) / HEIGHT
        self.canvas.clear()
        with self.canvas:
            pen = Pen(self._theme, float(self.x) - SIDE * unit, float(self.y), unit)
            self._draw_place(pen, self._here)


def _fill(pen: Pen, here: bool) -> None:
    pen.ink("teal_soft" if here else "card")


def _line(pen: Pen, here: bool) -> float:
    pen.ink("teal" if here else "ink_soft")
    return BOLD_LINE if here else LINE


def _sun(pen: Pen, here: bool) -> None:
    """The day that it is."""
    _fill(pen, here)
    pen.disc(160, 80, 34)
    width = _line(pen, here)
    pen.ring(160, 80, 34, width=width)
    for eighth in range(8):
        across, up = sin(eighth * pi / 4), cos(eighth * pi / 4)
        pen.line(
            160 + 54 * across, 80 + 54 * up, 160 + 72 * across, 80 + 72 * up, width=width
        )  # fmt: skip


def _bars(pen: Pen, here: bool) -> None:
    """A chart, neither rising nor falling: it promises nothing."""
    for left, height in ((90, 62), (142, 128), (194, 92)):
        width = _line(pen, here)
        pen.box(left, 14, 36, height, radius=8)
        _fill(pen, here)
        pen.box(left + width, 14 + width, 36 - 2 * width, height - 2 * width, radius=2)


def _ticked_sheet(pen: Pen, here: bool) -> None:
    """A sheet of questions, answered."""
    width = _line(pen, here)
    pen.box(98, 8, 124, 144, radius=20)
    _fill(pen, here)
    pen.box(98 + width, 8 + width, 124 - 2 * width, 144 - 2 * width, radius=10)
    _line(pen, here)
    pen.line(128, 98, 150, 76, 194, 122, width=width)
    pen.line(128, 44, 192, 44, width=width)


def _question(pen: Pen, here: bool) -> None:
    """A question mark in a ring; it looks to the other side where lines begin at the right."""
    _fill(pen, here)
    pen.disc(160, 80, 68)
    width = _line(pen, here)
    pen.ring(160, 80, 68, width=width)
    pen.curve(136, 98, 138, 128, 184, 126, 184, 98, width=width)
    pen.curve(184, 98, 184, 80, 160, 82, 160, 62, width=width)
    pen.disc(160, 40, width * 0.62)


ICONS: Mapping[str, Callable[[Pen, bool], None]] = {
    Tab.TODAY: _sun,
    Tab.COURSE: _bars,
    Tab.CHECKINS: _ticked_sheet,
    Tab.HELP: _question,
}
"""By the place's id."""
TURNED = {Tab.HELP}
"""Turned round where lines begin at the right: a question mark is, a tick or a chart isn't."""
