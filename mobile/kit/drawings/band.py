"""A drawing of the band with its small display.

While two numbers are compared the display shows dots: a number printed there would answer the
question whether the two are the same before the person has looked at the band.
"""

from __future__ import annotations

from kivy.metrics import dp

from mobile.kit.drawings.figures import DISPLAY_HEIGHT, DISPLAY_UP, DISPLAY_WIDTH, band
from mobile.kit.drawings.sketch import WIDTH, Pen, Sketch
from mobile.kit.room import Roomy
from mobile.kit.text import FitText
from mobile.kit.theme import Theme

DOTS = 6
REACH, ENDS, HIGH = 112.0, 21.0, 120.0
LEAST_DP, GREATEST_DP = 72, 128


class BandSketch(Roomy, Sketch):
    """A picture with the band in its middle, ``ends`` above its lower edge, and words on it."""

    least_dp: float = LEAST_DP
    greatest_dp: float = GREATEST_DP

    def __init__(self, theme: Theme, display: str, *, ends: float, reach: float) -> None:
        self._ends, self._reach = ends, reach
        self._text = FitText(theme, display, size="question", colour=theme.colour("card"))
        self._text.size_hint_x = None
        super().__init__(theme, self.draw)
        self.add_widget(self._text)
        self._text.bind(height=self._place_text)

    @property
    def lift(self) -> float:
        """How far the band floats above where it's worn."""
        return 0.0

    def draw(self, pen: Pen) -> None:
        """Draw all but the words."""
        raise NotImplementedError

    def take_room(self, height_px: float) -> None:
        self.most_px = max(float(dp(self.least_dp)), min(float(dp(self.greatest_dp)), height_px))
        self.redraw()

    def redraw(self, *_: object) -> None:
        super().redraw()
        self._place_text()

    def _place_text(self, *_: object) -> None:
        reach = self._reach
        self._text.want(DISPLAY_HEIGHT * reach * self.unit * 0.62)
        self._text.width = DISPLAY_WIDTH * reach * self.unit * 0.92
        middle = self._ends + self.lift + DISPLAY_UP * reach
        self._text.center = (self.center_x, self.y + middle * self.unit)


class BandPicture(BandSketch):
    """The band alone."""

    high = HIGH

    def __init__(self, theme: Theme, display: str | None = None) -> None:
        self._has_dots = display is None
        super().__init__(theme, display or "", ends=ENDS, reach=REACH)

    def draw(self, pen: Pen) -> None:
        band(pen, WIDTH / 2, ENDS, REACH)
        if not self._has_dots:
            return
        pen.ink("card")
        for number in range(DOTS):
            offset = 11 * number + (9 if number >= DOTS / 2 else 0) - 32
            pen.disc(WIDTH / 2 + offset, ENDS + DISPLAY_UP * REACH, 3.6)
