"""A finger for scripts: touches that go through Kivy's own pipeline, as a screen's would."""

from __future__ import annotations

from typing import Any

from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.input.motionevent import MotionEvent


class FingerTouch(MotionEvent):
    """One finger going down and up at a place in the window, in pixels."""

    _count = 0

    def __init__(self, x_px: float, y_px: float) -> None:
        FingerTouch._count += 1
        place = (x_px / max(1.0, Window.width - 1.0), y_px / max(1.0, Window.height - 1.0))
        super().__init__("finger", FingerTouch._count, place, is_touch=True, type_id="touch")

    def depack(self, args: Any) -> None:
        self.sx, self.sy = args
        self.profile = ["pos"]
        super().depack(args)

    def move(self, x_px: float, y_px: float) -> None:
        """The finger now rests at another place."""
        place = (x_px / max(1.0, Window.width - 1.0), y_px / max(1.0, Window.height - 1.0))
        super().move(place)
        EventLoop.post_dispatch_input("update", self)

    def down(self) -> None:
        EventLoop.post_dispatch_input("begin", self)

    def up(self) -> None:
        EventLoop.post_dispatch_input("end", self)
