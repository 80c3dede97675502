"""The band's button, held: a ring fills for three seconds, calmly, or stands still."""

from __future__ import annotations

from kivy.animation import Animation
from kivy.properties import NumericProperty

from mobile.kit.drawings.figures import pressed_button
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
        self._moving.bind(on_progress=self._end_off_the_page)
        if not theme.still:
            self.bind(parent=self._begin_or_end)

    def _begin_or_end(self, _widget: object, parent: object) -> None:
        self._moving.cancel(self)
        if parent is not None:
            self.share = 0.0
            self._moving.start(self)

    def _end_off_the_page(self, *_: object) -> None:
        """A page that is left keeps its parts for a while: they don't move on unseen."""
        if self.get_root_window() is None:
            self._moving.cancel(self)

    def _held(self, pen: Pen) -> None:
        pressed_button(pen, 160, 24, 100, share=self.share)


def _holding() -> Animation:
    moving = Animation(share=1.0, duration=HOLD_S, step=STEP_S)
    moving += Animation(share=1.0, duration=REST_S, step=STEP_S)
    moving += Animation(share=0.0, duration=0.01)
    moving.repeat = True
    return moving
