"""A bar: how much of a count is done."""

from __future__ import annotations

from kivy.graphics import Color, Rectangle
from kivy.metrics import dp
from kivy.uix.widget import Widget

from mobile.kit.theme import Theme


class CountBar(Widget):
    def __init__(self, theme: Theme, *, colour: str = "teal") -> None:
        super().__init__(size_hint_y=None, height=dp(10))
        self._full, self._stale = theme.colour(colour), theme.colour("ink_soft")
        self._mirrored = theme.mirrored
        self._share = 0.0
        with self.canvas:
            Color(*theme.empty())
            self._whole = Rectangle()
            self._colour = Color(*self._full)
            self._part = Rectangle()
        self.bind(pos=self._draw, size=self._draw)

    def show(self, done: int, count: int, *, stale: bool = False) -> None:
        """``stale`` greys what was last known."""
        self._colour.rgba = self._stale if stale else self._full
        self._share = min(1.0, max(0.0, done / count)) if count > 0 else 0.0
        self._draw()

    def _draw(self, *_: object) -> None:
        self._whole.pos, self._whole.size = self.pos, self.size
        width = self.width * self._share
        left = self.right - width if self._mirrored else self.x
        self._part.pos, self._part.size = (left, self.y), (width, self.height)
