"""The mark before an answer: a circle where one is picked, a box where several may be."""

from __future__ import annotations

from kivy.graphics import Color, SmoothEllipse, SmoothLine, SmoothRoundedRectangle
from kivy.metrics import dp
from kivy.uix.widget import Widget

from mobile.kit.theme import Theme

SIZE_SHARE = 1.1
"""Size in font sizes of the words beside it."""


class TickMark(Widget):
    """Empty until it's chosen: then a dot in the circle, or a tick in the box."""

    def __init__(self, theme: Theme, *, many: bool) -> None:
        size_px = theme.text_px("body") * SIZE_SHARE
        super().__init__(
            size_hint=(None, None), size=(size_px, size_px), pos_hint={"center_y": 0.5}
        )
        self._theme, self._many, self._chosen = theme, many, False
        self.bind(pos=self._draw, size=self._draw)
        self._draw()

    def show(self, *, chosen: bool) -> None:
        if chosen != self._chosen:
            self._chosen = chosen
            self._draw()

    def _draw(self, *_: object) -> None:
        theme, width = self._theme, float(dp(1))
        x, y, size = float(self.x), float(self.y), float(self.width)
        self.canvas.clear()
        with self.canvas:
            Color(*(theme.colour("teal") if self._chosen else theme.edge()))
            if self._many:
                SmoothLine(rounded_rectangle=(x, y, size, size, size * 0.22), width=width)
            else:
                SmoothLine(circle=(x + size / 2, y + size / 2, size / 2), width=width)
            if self._chosen:
                self._draw_chosen(x, y, size)

    def _draw_chosen(self, x: float, y: float, size: float) -> None:
        if not self._many:
            dot = size * 0.56
            SmoothEllipse(pos=(x + (size - dot) / 2, y + (size - dot) / 2), size=(dot, dot))
            return
        SmoothRoundedRectangle(pos=(x, y), size=(size, size), radius=[size * 0.22])
        Color(*self._theme.tokens.on_teal)
        corners = ((0.24, 0.5), (0.43, 0.3), (0.77, 0.7))
        SmoothLine(
            points=[part for cx, cy in corners for part in (x + cx * size, y + cy * size)],
            width=size * 0.06,
        )
