"""STOP: the lower third of every screen while the band is armed.

It acts on touch-down, anywhere on it, before anything else learns of the touch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.metrics import dp, sp
from kivy.uix.boxlayout import BoxLayout

from mobile.kit.paint import FocusRing, Plain
from mobile.kit.press import Touchable
from mobile.kit.text import FitText, Text
from mobile.kit.theme import Theme
from mobile.kit.tokens import mixed

GREATEST_SHARE = 0.45
NOTE_SHARES = (1.0, 0.9, 0.8, 0.7)
NOTE_LEAST_SP = 20
"""A grown caption shrinks, so far at most, before STOP takes more of the page than its third."""


class StopPanel(BoxLayout, Touchable):
    def __init__(self, theme: Theme, label: str, note: str, stop: Callable[[], None]) -> None:
        super().__init__(
            orientation="vertical", size_hint_y=None, padding=[dp(20), dp(12)], spacing=dp(2)
        )
        self.drive_id = "stop"
        self._theme = theme
        self._stop = stop
        self._share = theme.tokens.stop_height_share
        self._whole_px = 0.0
        self._ground = Plain(self, theme.colour("stop"))
        self._ring = FocusRing(self, theme.tokens.on_stop, float(dp(20)), gap_dp=-8)
        self.bind(focused=lambda *_: self._ring.show(visible=self.focused))
        self.label = FitText(theme, label, size="stop", colour=theme.tokens.on_stop)
        self.note = Text(theme, note, size="small", colour=theme.tokens.on_stop, align="center")
        self.bind(height=self._centre, width=self._size_note)
        for text in (self.label, self.note):
            self.add_widget(text)
            text.bind(height=self._take_height)

    def say(self, label: str, note: str) -> None:
        self.label.text = label
        self.note.text = note
        self._size_note()

    def take_share_of(self, page_height_px: float) -> None:
        self._whole_px = page_height_px
        self._size_note()
        self._take_height()

    def on_touch_down(self, touch: Any) -> bool:
        if not self.collide_point(*touch.pos) or touch.is_mouse_scrolling:
            return False
        self.activate()
        touch.grab(self)
        self._ground.paint(mixed((0.0, 0.0, 0.0, 1.0), self._theme.colour("stop"), 0.25))
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._ground.paint(self._theme.colour("stop"))
        return True

    def activate(self) -> None:
        self._stop()
        self.dispatch("on_act")

    def _size_note(self, *_: object) -> None:
        room_px = self._whole_px * self._share - float(self.label.height + self.spacing + dp(24))
        usual_px, width_px = self._theme.text_px("small"), float(self.width - dp(40))
        for share in NOTE_SHARES:
            self.note.want(max(usual_px * share, min(usual_px, float(sp(NOTE_LEAST_SP)))))
            if self.note.height_at(width_px) <= room_px:
                return

    def _needed_px(self) -> float:
        return float(self.label.height + self.note.height + self.spacing + dp(24))

    def _take_height(self, *_: object) -> None:
        share = self._whole_px * self._share
        self.height = min(max(share, self._needed_px()), self._whole_px * GREATEST_SHARE)
        self._centre()

    def _centre(self, *_: object) -> None:
        rest = max(0.0, float(self.height) - self._needed_px()) / 2
        self.padding = [dp(20), dp(12) + rest]
