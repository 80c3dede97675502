"""The band on a head, as it sits now: whether it touches, and whether the marks meet.

Shape says it, not colour: a band that doesn't touch floats above, one that sits askew is turned,
and a ring on the head stays empty until the band's own mark fills it.
"""

from __future__ import annotations

from kivy.graphics import (
    Color,
    PopMatrix,
    PushMatrix,
    Rotate,
    SmoothEllipse,
    SmoothLine,
    SmoothRoundedRectangle,
    Translate,
)
from kivy.metrics import dp
from kivy.uix.floatlayout import FloatLayout

from mobile.kit.text import FitText
from mobile.kit.theme import Theme

LEAST_DP, GREATEST_DP = 120, 190
FLOATS_DP, TURNED_DEG = 22, 14
HEAD_WIDTH, HEAD_HEIGHT = 112, 140
BAND_WIDTH, MARK, LINE = 15, 6, 3
MARK_OUT = 0.53
"""Where the marks stand, in widths of the head from its middle: at its edge, above the ears."""


class SeatPicture(FloatLayout):
    """Drawn in a box of 190 dp and scaled to the room; the head stays, the band moves."""

    def __init__(self, theme: Theme, initials: str) -> None:
        super().__init__(size_hint_y=None, height=dp(GREATEST_DP))
        self._theme = theme
        self._seat: tuple[bool | None, bool | None] = (None, None)
        self._text = FitText(theme, initials, size="body", colour=theme.colour("card"))
        self._text.size_hint_x = None
        self.add_widget(self._text)
        self.bind(pos=self._draw, size=self._draw)
        self._text.bind(height=self._place_text)

    def show(self, *, contact: bool | None, position_ok: bool | None) -> None:
        self._seat = (contact, position_ok)
        self._draw()

    def take_room(self, height_px: float) -> None:
        self.height = max(dp(LEAST_DP), min(dp(GREATEST_DP), height_px))

    @property
    def _unit(self) -> float:
        return float(self.height / GREATEST_DP)

    @property
    def _lift(self) -> float:
        """How far the band floats above the head."""
        return 0.0 if self._seat[0] else FLOATS_DP * self._unit

    @property
    def _turn(self) -> float:
        return 0.0 if self._seat[1] or not self._seat[0] else TURNED_DEG

    def _draw(self, *_: object) -> None:
        self.canvas.before.clear()
        with self.canvas.before:
            self._draw_head()
            self._draw_band()
        self._place_text()

    def _draw_head(self) -> None:
        unit, theme = self._unit, self._theme
        x, bottom = self.x + self.width / 2, self.y + 6 * unit
        width, height = HEAD_WIDTH * unit, HEAD_HEIGHT * unit
        Color(*theme.colour("line"))
        for side in (-1, 1):
            ear = (24 * unit, 34 * unit)
            SmoothEllipse(pos=(x + side * width / 2 - ear[0] / 2, bottom + height * 0.36), size=ear)
        SmoothEllipse(pos=(x - width / 2, bottom), size=(width, height))
        Color(*theme.colour("ink"))
        for side in (-1, 1):
            SmoothLine(
                circle=(x + side * width * MARK_OUT, self._marks_y, MARK * 1.6 * unit),
                width=LINE * unit / 2,
            )

    def _draw_band(self) -> None:
        unit, theme = self._unit, self._theme
        x = self.x + self.width / 2
        known = self._seat[0] is not None
        PushMatrix()
        Translate(0, self._lift)
        Rotate(angle=self._turn, origin=(x, self._marks_y))
        Color(*theme.colour("teal" if known else "ink_soft"))
        reach, low, top = HEAD_WIDTH * MARK_OUT * unit, self._marks_y, self._marks_y + 88 * unit
        SmoothLine(
            bezier=[x - reach, low, x - reach, top, x + reach, top, x + reach, low],
            width=BAND_WIDTH * unit / 2,
            cap="round",
        )
        Color(*theme.colour("ink"))
        SmoothRoundedRectangle(
            pos=(x - 34 * unit, self._display_y), size=(68 * unit, 34 * unit), radius=[8 * unit]
        )
        for side in (-1, 1):
            mark, middle = MARK * unit, x + side * HEAD_WIDTH * MARK_OUT * unit
            SmoothEllipse(pos=(middle - mark, low - mark), size=(2 * mark, 2 * mark))
        PopMatrix()

    @property
    def _marks_y(self) -> float:
        return float(self.y + (6 + HEAD_HEIGHT * 0.62) * self._unit)

    @property
    def _display_y(self) -> float:
        return self._marks_y + 40 * self._unit

    def _place_text(self, *_: object) -> None:
        unit = self._unit
        self._text.width = 62 * unit
        self._text.center = (
            self.x + self.width / 2,
            self._display_y + self._lift + 17 * unit,
        )
