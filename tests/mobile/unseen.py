"""Frames that nobody sees: most tests ask where things are, and not how they look.

Where a processor draws, pixels take more of it than all the rest of a test of screens. Here each
frame is laid out and drawn as ever, but into one pixel, and isn't brought to the display. Who takes
a picture gets it in full.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_SCISSOR_TEST, glDisable, glEnable, glFlush, glScissor

from mobile.kit import picture

FRAMES_A_SECOND = 240
"""Four of a display's: a wait for a frame is short, and one for the engine takes no processor."""


class Seen:
    """The window as a picture knows it."""

    def __init__(self, draw: Callable[[], None]) -> None:
        self._draw = draw

    @property
    def system_size(self) -> tuple[int, int]:
        width, height = Window.system_size
        return int(width), int(height)

    def dispatch(self, event: str) -> None:
        assert event == "on_draw"
        self._draw()


@cache
def draw_unseen() -> None:
    """From now on, in this process; a second time changes nothing."""
    draw = Window.on_draw
    vars(picture)["Window"] = Seen(draw)

    def draw_a_pixel() -> None:
        glEnable(GL_SCISSOR_TEST)
        glScissor(0, 0, 1, 1)
        draw()
        glDisable(GL_SCISSOR_TEST)

    Window.on_draw, Window.flip = draw_a_pixel, glFlush
    Clock._max_fps = float(FRAMES_A_SECOND)
