"""A drawing of the band with its small display.

While two numbers are compared the display shows dots: a number printed there would answer the
question whether the two are the same before the person has looked at the band.
"""

from __future__ import annotations

from kivy.graphics import Color, SmoothEllipse, SmoothLine, SmoothRoundedRectangle
from kivy.metrics import dp
from kivy.uix.floatlayout import FloatLayout

from mobile.kit.text import FitText
from mobile.kit.theme import Theme

DOTS = 6
LEAST_DP, GREATEST_DP = 72, 128


class BandPicture(FloatLayout):
    def __init__(self, theme: Theme, display: str | None = None) -> None:
        super().__init__(size_hint_y=None, height=dp(GREATEST_DP))
        with self.canvas:
            Color(*theme.colour("teal"))
            self._arc = SmoothLine(width=dp(10))
            self._ends = [SmoothEllipse(), SmoothEllipse()]
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

    def take_room(self, height_px: float) -> None:
        self.height = max(dp(LEAST_DP), min(dp(GREATEST_DP), height_px))

    def _draw(self, *_: object) -> None:
        unit = self.height / GREATEST_DP
        x, bottom = self.x + self.width / 2, self.y
        ends = bottom + 46 * unit
        self._arc.width = 9.5 * unit
        self._arc.bezier = [
            x - 96 * unit, ends, x - 56 * unit, ends + 88 * unit,
            x + 56 * unit, ends + 88 * unit, x + 96 * unit, ends,
        ]  # fmt: skip
        for end, side in zip(self._ends, (-1, 1), strict=True):
            end.pos = (x + (96 * side - 9.5) * unit, ends - 9.5 * unit)
            end.size = (19 * unit, 19 * unit)
        self._display.pos = (x - 50 * unit, bottom + 6 * unit)
        self._display.size = (100 * unit, 46 * unit)
        self._text.width = 84 * unit
        self._text.center = (x, bottom + 29 * unit)
        for number, dot in enumerate(self._dots):
            offset = 10.5 * number + (9 if number >= DOTS / 2 else 0)
            dot.pos = (x + (offset - 34) * unit, bottom + 25.5 * unit)
            dot.size = (7 * unit, 7 * unit)
