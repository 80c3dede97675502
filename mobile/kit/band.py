"""A drawing of the band with its small display.

While two numbers are compared the display shows dots: a number printed there would answer the
question whether the two are the same before the person has looked at the band.
"""

from __future__ import annotations

from kivy.graphics import Color, SmoothLine, SmoothRoundedRectangle
from kivy.metrics import dp
from kivy.uix.floatlayout import FloatLayout

from mobile.kit.text import FitText
from mobile.kit.theme import Theme

DOTS = 6


class BandPicture(FloatLayout):
    def __init__(self, theme: Theme, display: str | None = None) -> None:
        super().__init__(size_hint_y=None, height=dp(124))
        with self.canvas:
            Color(*theme.colour("teal"))
            self._arc = SmoothLine(width=dp(10), cap="round", joint="round")
            Color(*theme.colour("ink"))
            self._display = SmoothRoundedRectangle(radius=[dp(9)])
            Color(*theme.colour("card"))
            self._dots = [
                SmoothRoundedRectangle(radius=[dp(3.5)]) for _ in range(0 if display else DOTS)
            ]
        self._text = FitText(theme, display or "", size="question", colour=theme.colour("card"))
        self._text.size_hint_x = None
        self._text.width = dp(84)
        self.add_widget(self._text)
        self.bind(pos=self._draw, size=self._draw)
        self._text.bind(height=self._draw)

    def _draw(self, *_: object) -> None:
        x, bottom = self.center_x, self.y
        ends = bottom + dp(42)
        self._arc.bezier = [
            x - dp(96), ends, x - dp(56), ends + dp(84), x + dp(56), ends + dp(84), x + dp(96), ends
        ]  # fmt: skip
        self._display.pos, self._display.size = (x - dp(50), bottom + dp(6)), (dp(100), dp(46))
        self._text.center = (x, bottom + dp(29))
        first = x - dp(34)
        for number, dot in enumerate(self._dots):
            offset = dp(10.5) * number + (dp(9) if number >= DOTS / 2 else 0)
            dot.pos, dot.size = (first + offset, bottom + dp(25.5)), (dp(7), dp(7))
