"""The band on a head, as it sits now: whether it's near, whether it touches, whether it's in place.

Shape says it, not colour: arrows show that a band which doesn't touch has to come down, and that
one off its place has to be moved; the band doesn't say whereto, so they point both ways. A tick
stands beside a band that sits well, a telephone beside one that is away.
"""

from __future__ import annotations

from mobile.kit.drawings.band import BandSketch
from mobile.kit.drawings.figures import CROWN, arrow, band, wearing_head
from mobile.kit.drawings.sketch import HEIGHT, Pen
from mobile.kit.theme import Theme

REACH, ENDS, LIFT = 63.0, 78.0, 20.0
WIDE = 260.0
X = WIDE / 2
SIDE = 104
"""How far from the middle stands what explains the picture."""
GROWS = 1.4
"""The least size grows with the text, so far."""


class SeatPicture(BandSketch):
    """The head stays, the band moves."""

    wide, high = WIDE, HEIGHT
    least_dp, greatest_dp = 150.0, 230.0

    def __init__(self, theme: Theme, initials: str) -> None:
        self._seat: tuple[bool | None, bool | None] = (None, None)
        self.least_dp = self.least_dp * max(1.0, min(GROWS, theme.text_scale))
        super().__init__(theme, initials, ends=ENDS, reach=REACH)

    def show(self, *, contact: bool | None, position_ok: bool | None) -> None:
        self._seat = (contact, position_ok)
        self.redraw()

    @property
    def lift(self) -> float:
        return 0.0 if self._seat[0] else LIFT

    def draw(self, pen: Pen) -> None:
        contact, position_ok = self._seat
        wearing_head(pen, X, ENDS, REACH)
        band(pen, X, ENDS + self.lift, REACH, colour="ink_soft" if contact is None else "teal")
        if contact is None:
            _telephone(pen)
        elif not contact:
            _comes_down(pen)
        elif not position_ok:
            _moves(pen)
        else:
            _tick(pen)


def _telephone(pen: Pen) -> None:
    x, y = X + SIDE, 36
    pen.ink("ink")
    pen.box(x - 20, y, 40, 74, radius=7)
    pen.ink("paper")
    pen.box(x - 16, y + 6, 32, 62, radius=4)
    pen.ink("ink_soft")
    for number in (1, 2):
        pen.ring(x, y + 78, 10.0 * number, width=3, share=(-50, 50))


def _comes_down(pen: Pen) -> None:
    pen.ink("teal")
    for side in (-1, 1):
        arrow(pen, X + side * SIDE, 66, 0, -56)


def _moves(pen: Pen) -> None:
    pen.ink("wait")
    y = ENDS + CROWN * REACH + 20
    for side in (-1, 1):
        arrow(pen, X + side * 44, y, side * 44, 0)


def _tick(pen: Pen) -> None:
    x, y = X + SIDE, 84
    pen.ink("ok")
    pen.disc(x, y, 22)
    pen.ink("card")
    pen.line(x - 10, y, x - 3, y - 8, x + 11, y + 8, width=4.5)
