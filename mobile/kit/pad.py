"""A surface that measures touches: a light to answer, or two targets to tap in turn.

It acts at touch-down, since the time is what counts; nothing on it is a choice. The instant of the
light is the frame that shows it, the instant of a touch is when the window heard of it, both by one
clock in this thread. How long the screen took before that can't be known here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics import Color, Ellipse
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from mobile.kit.paint import Ground
from mobile.kit.press import Touchable
from mobile.kit.text import Text
from mobile.kit.theme import Theme
from mobile.presenters.actions import PadTouch
from mobile.presenters.page import Pad

HEIGHT_DP = 280
LIGHT_DP = 56

Tell = Callable[[int, PadTouch, int], None]
"""In which run, what was touched, and how many milliseconds after the light or the first tap."""


class LightPad(FloatLayout, Touchable):
    """A light that comes after a wait; a touch before it is one too early."""

    def __init__(self, theme: Theme, drive_id: str, tell: Tell) -> None:
        super().__init__(size_hint_y=None, height=dp(HEIGHT_DP))
        self.drive_id, self._theme, self._tell = drive_id, theme, tell
        self.now_s: Callable[[], float] = time.time
        self._pad: Pad | None = None
        self._lit_s: float | None = None
        self._waiting: list[Any] = []
        Ground(
            self,
            theme.colour("card"),
            radius_px=theme.card_radius_px,
            border=theme.colour("line"),
            border_px=float(dp(1.2)),
        )
        with self.canvas:
            self._colour = Color(*theme.colour("teal")[:3], 0.0)
            self._light = Ellipse()
        self.words = Text(theme, "", size="body", align="center")
        self.words.size_hint_x = 0.9
        self.words.pos_hint = {"center_x": 0.5, "y": 0.06}
        self.add_widget(self.words)
        self.bind(pos=self._draw, size=self._draw, parent=self._gone)

    def show(self, pad: Pad) -> None:
        """Begin a new wait where the run is a new one."""
        self.words.text = pad.words
        if self._pad is not None and self._pad.run == pad.run:
            return
        self._end()
        self._pad = pad
        self._waiting.append(Clock.schedule_once(self._light_up, pad.wait_ms / 1000))

    def on_touch_down(self, touch: Any) -> bool:
        if not self.collide_point(*touch.pos) or getattr(touch, "is_mouse_scrolling", False):
            return False
        self._touched(float(touch.time_start))
        return True

    def activate(self) -> None:
        self._touched(self.now_s())

    def _touched(self, at_s: float) -> None:
        if self._pad is None or not self._waiting:
            return
        if self._lit_s is None:
            self._say(PadTouch.EARLY, 0)
        else:
            self._say(PadTouch.TOUCH, max(0, round((at_s - self._lit_s) * 1000)))

    def _light_up(self, _elapsed_s: float) -> None:
        self._colour.a = 1.0
        Window.bind(on_flip=self._lit)
        self.canvas.ask_update()

    def _lit(self, *_: object) -> None:
        """The frame with the light has gone to the screen."""
        Window.unbind(on_flip=self._lit)
        if self._pad is None or not self._waiting:
            return
        self._lit_s = self.now_s()
        self._waiting.append(
            Clock.schedule_once(lambda _: self._say(PadTouch.NONE, 0), self._pad.limit_ms / 1000)
        )

    def _say(self, what: PadTouch, ms: int) -> None:
        pad = self._pad
        self._end()
        if pad is not None:
            self._tell(pad.run, what, ms)
            self.dispatch("on_act")

    def _end(self) -> None:
        Window.unbind(on_flip=self._lit)
        for event in self._waiting:
            event.cancel()
        self._waiting.clear()
        self._lit_s = None
        self._colour.a = 0.0

    def _gone(self, *_: object) -> None:
        if self.parent is None:
            self._end()

    def _draw(self, *_: object) -> None:
        size = float(dp(LIGHT_DP))
        self._light.size = (size * 2, size * 2)
        self._light.pos = (self.center_x - size, self.y + self.height * 0.58 - size)


class TargetPad(BoxLayout, Touchable):
    """Two targets beside each other; the first touch starts the time."""

    def __init__(self, theme: Theme, drive_id: str, tell: Tell) -> None:
        super().__init__(size_hint_y=None, height=dp(HEIGHT_DP), spacing=dp(12))
        self.drive_id, self._tell = drive_id, tell
        self.now_s: Callable[[], float] = time.time
        self._pad: Pad | None = None
        self._began_s: float | None = None
        self._end_event: Any = None
        self._next = PadTouch.LEFT
        self.targets = [Target(theme), Target(theme)]
        for target in self.targets:
            self.add_widget(target)
        self.bind(parent=self._gone)

    def show(self, pad: Pad) -> None:
        if self._pad is None or self._pad.run != pad.run:
            self._cancel()
            self._began_s = None
        self._pad = pad
        for target, word in zip(self.targets, pad.targets, strict=True):
            target.label.text = word

    def on_touch_down(self, touch: Any) -> bool:
        for target, what in zip(self.targets, (PadTouch.LEFT, PadTouch.RIGHT), strict=True):
            if target.collide_point(*touch.pos):
                self._tapped(what, float(touch.time_start))
                return True
        return False

    def activate(self) -> None:
        self._tapped(self._next, self.now_s())
        self._next = PadTouch.RIGHT if self._next is PadTouch.LEFT else PadTouch.LEFT

    def _tapped(self, what: PadTouch, at_s: float) -> None:
        pad = self._pad
        if pad is None:
            return
        if self._began_s is None:
            self._began_s = at_s
            self._end_event = Clock.schedule_once(self._over, pad.limit_ms / 1000)
        if self._end_event is not None:
            self._tell(pad.run, what, max(0, round((at_s - self._began_s) * 1000)))
            self.dispatch("on_act")

    def _over(self, _elapsed_s: float) -> None:
        self._end_event = None
        if self._pad is not None:
            self._tell(self._pad.run, PadTouch.END, self._pad.limit_ms)

    def _cancel(self) -> None:
        if self._end_event is not None:
            self._end_event.cancel()
            self._end_event = None

    def _gone(self, *_: object) -> None:
        if self.parent is None:
            self._cancel()


class Target(FloatLayout):
    """One target with its word."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        Ground(
            self,
            theme.colour("teal_soft"),
            radius_px=theme.card_radius_px,
            border=theme.colour("teal"),
            border_px=float(dp(2)),
        )
        self.label = Text(theme, "", size="button", bold=True, align="center")
        self.label.size_hint_x = 0.9
        self.label.pos_hint = {"center_x": 0.5, "center_y": 0.5}
        self.add_widget(self.label)
