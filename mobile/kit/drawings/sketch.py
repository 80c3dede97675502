"""A picture of lines and shapes, drawn anew whenever its widget changes its size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from kivy.graphics import (
    Color,
    PopMatrix,
    PushMatrix,
    Rotate,
    SmoothEllipse,
    SmoothLine,
    SmoothRoundedRectangle,
)
from kivy.metrics import dp
from kivy.uix.widget import Widget

from mobile.kit.theme import Theme

WIDTH, HEIGHT = 320.0, 160.0
"""A picture's sheet, from its lower left corner, unless it says another."""
GREATEST_DP = 168


class Pen:
    """Draws on the sheet with the theme's colours; ``unit`` is a sheet's unit in pixels."""

    def __init__(
        self, theme: Theme, left: float, bottom: float, unit: float, wide: float = WIDTH
    ) -> None:
        self.theme, self.unit = theme, unit
        self._wide = wide
        self._left, self._bottom = left, bottom

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A place on the sheet, in the window's pixels."""
        if self.theme.mirrored:
            x = self._wide - x
        return self._left + x * self.unit, self._bottom + y * self.unit

    def ink(self, colour: str) -> None:
        """What follows has this colour; ``on_band`` is the one that shows on teal."""
        theme = self.theme
        Color(*(theme.tokens.on_teal if colour == "on_band" else theme.colour(colour)))

    @contextmanager
    def turned(self, x: float, y: float, degrees: float) -> Iterator[None]:
        """What is drawn within is turned about the place, against the clock."""
        PushMatrix()
        Rotate(angle=-degrees if self.theme.mirrored else degrees, origin=self.at(x, y))
        yield
        PopMatrix()

    def line(self, *points: float, width: float = 3.0, close: bool = False) -> None:
        """A line through points."""
        placed: list[float] = []
        for x, y in zip(points[::2], points[1::2], strict=True):
            placed += self.at(x, y)
        SmoothLine(points=placed, width=width * self.unit / 2, close=close, cap="round")

    def curve(self, *points: float, width: float = 3.0) -> None:
        """A Bezier curve over its points."""
        placed: list[float] = []
        for x, y in zip(points[::2], points[1::2], strict=True):
            placed += self.at(x, y)
        SmoothLine(bezier=placed, width=width * self.unit / 2, cap="round")

    def disc(self, x: float, y: float, radius: float) -> None:
        """A filled circle."""
        middle = self.at(x, y)
        size = radius * self.unit
        SmoothEllipse(pos=(middle[0] - size, middle[1] - size), size=(2 * size, 2 * size))

    def ring(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        width: float = 3.0,
        share: Sequence[float] = (0, 360),
    ) -> None:
        """A circle's line, or part of it in degrees from the top, clockwise."""
        SmoothLine(circle=(*self.at(x, y), radius * self.unit, *share), width=width * self.unit / 2)

    def box(self, x: float, y: float, width: float, height: float, *, radius: float = 8.0) -> None:
        """A filled rounded box."""
        left = self._wide - x - width if self.theme.mirrored else x
        SmoothRoundedRectangle(
            pos=(self._left + left * self.unit, self._bottom + y * self.unit),
            size=(width * self.unit, height * self.unit),
            radius=[radius * self.unit],
        )


class Sketch(Widget):
    """As wide as the page lets it be, and as high as its sheet then is.

    It shows things as they are: a side of the body, a tick or a clock isn't turned round where
    lines begin at the right.
    """

    wide, high = WIDTH, HEIGHT

    def __init__(self, theme: Theme, draw: Callable[[Pen], None]) -> None:
        self.most_px = float(dp(GREATEST_DP))
        super().__init__(size_hint_y=None, height=self.most_px)
        self._theme, self._draw = replace(theme, mirrored=False), draw
        self.bind(pos=self.redraw, size=self.redraw)

    @property
    def unit(self) -> float:
        """A sheet's unit in pixels."""
        return float(self.height / self.high)

    def redraw(self, *_: object) -> None:
        """Draw it all anew."""
        self.height = min(self.most_px, self.width * self.high / self.wide)
        left = self.x + (self.width - self.wide * self.unit) / 2
        self.canvas.before.clear()
        with self.canvas.before:
            self._draw(Pen(self._theme, left, self.y, self.unit, self.wide))
