"""The band's button, held: a ring fills for three seconds, calmly, or stands still."""

from __future__ import annotations

from kivy.animation import Animation
from kivy.properties import NumericProperty

from mobile.kit.drawings.sketch import Pen, Sketch
from mobile.kit.theme import Theme

HOLD_S, REST_S = 3.0, 1.2
STILL_SHARE = 0.75
STEP_S = 0.1
"""Ten steps a second are calm, and leave the phone time for its radio."""


class HoldPicture(Sketch):
    """``share`` is how much of the three seconds has been held."""

    share = NumericProperty(STILL_SHARE)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self._held)
        self.bind(share=self.redraw)
        self._moving = _holding()
        if not theme.still:
            self.bind(parent=self._begin_or_end)

    def _begin_or_end(self, _widget: object, parent: object) -> None:
        self._moving.cancel(self)
        if parent is not None:
            self.share = 0.0
            self._moving.start(self)

    def _held(self, pen: Pen) -> None:
        pen.ink("teal")
        pen.curve(40, 28, 96, 138, 224, 138, 280, 28, width=26)
        pen.ink("on_band")
        pen.disc(160, 107, 13)
        pen.ink("line")
        pen.ring(160, 107, 36, width=7)
        pen.ink("ok")
        pen.ring(160, 107, 36, width=7, share=(0, 360 * self.share))
        pen.ink("card")
        pen.box(149, 20, 22, 82, radius=11)
        pen.ink("ink_soft")
        pen.line(149, 20, 149, 90, width=3)
        pen.line(171, 20, 171, 90, width=3)
        pen.ring(160, 90, 11, width=3, share=(-90, 90))


def _holding() -> Animation:
    moving = Animation(share=1.0, duration=HOLD_S, step=STEP_S)
    moving += Animation(share=1.0, duration=REST_S, step=STEP_S)
    moving += Animation(share=0.0, duration=0.01)
    moving.repeat = True
    return moving
