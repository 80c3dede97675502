"""A coloured box with a title and a sentence, at the size of a body's words or above; some can be
touched as a whole."""

from __future__ import annotations

from collections.abc import Callable

from kivy.metrics import dp

from mobile.kit.paint import Ground
from mobile.kit.press import Pressable
from mobile.kit.text import Text
from mobile.kit.theme import Theme
from mobile.kit.tokens import mixed
from mobile.presenters.views import Notice

SIDE_DP, LARGE_TEXT_SIDE_DP = 18, 14


class NoticeBox(Pressable):
    def __init__(
        self,
        theme: Theme,
        notice: Notice,
        *,
        drive_id: str = "",
        act: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(
            theme,
            drive_id,
            act or (lambda: None),
            orientation="vertical",
            padding=[dp(LARGE_TEXT_SIDE_DP if theme.is_large else SIDE_DP), dp(16)],
            spacing=dp(6),
        )
        self.leads = act is not None
        text, ground = theme.tone(notice.tone)
        Ground(
            self,
            ground,
            radius_px=theme.button_radius_px,
            border=theme.colour("ink") if theme.is_high else mixed(text, ground, 0.25),
            border_px=float(dp(2 if theme.is_high else 1.2)),
        )
        self.title = Text(theme, notice.title, bold=True, colour=text)
        self.body = Text(theme, notice.body)
        for part in (self.title, self.body):
            if part.text:
                self.add_widget(part)
                part.bind(height=self._take_height)
        self._take_height()

    def on_touch_down(self, touch: object) -> bool:
        return bool(super().on_touch_down(touch)) if self.leads else False

    def _take_height(self, *_: object) -> None:
        parts = [part for part in (self.title, self.body) if part.text]
        self.height = sum(part.height for part in parts) + dp(32) + dp(6) * (len(parts) - 1)
