"""A coloured box with a title and a sentence; some can be touched as a whole."""

from __future__ import annotations

from collections.abc import Callable

from kivy.metrics import dp

from mobile.kit.paint import Ground
from mobile.kit.press import Pressable
from mobile.kit.text import Text
from mobile.kit.theme import Theme
from mobile.kit.tokens import mixed
from mobile.presenters.views import Notice


class NoticeBox(Pressable):
    def __init__(
        self,
        theme: Theme,
        notice: Notice,
        *,
        drive_id: str = "",
        act: Callable[[], None] | None = None,
        large: bool = False,
    ) -> None:
        super().__init__(
            theme,
            drive_id,
            act or (lambda: None),
            orientation="vertical",
            padding=[dp(18), dp(16)],
            spacing=dp(6),
        )
        self.leads = act is not None
        text, ground = theme.tone(notice.tone)
        Ground(
            self,
            ground,
            radius_px=theme.button_radius_px,
            border=mixed(text, ground, 0.25),
            border_px=float(dp(1.2)),
        )
        self.title = Text(theme, notice.title, bold=True, colour=text)
        self.body = Text(theme, notice.body, size="body" if large else "small")
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
