"""Buttons: one primary act a screen; soft and outlined ones beside it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from kivy.metrics import dp

from mobile.kit.paint import Ground
from mobile.kit.press import Pressable
from mobile.kit.text import Text
from mobile.kit.theme import Theme
from mobile.kit.tokens import Rgba, mixed


class ButtonKind(StrEnum):
    PRIMARY = "primary"
    SOFT = "soft"
    OUTLINE = "outline"


class PushButton(Pressable):
    """A labelled button at least as high as a thumb needs; its label wraps."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        drive_id: str,
        act: Callable[[], None],
        kind: ButtonKind = ButtonKind.PRIMARY,
        small: bool = False,
    ) -> None:
        margin = 12 if small else 16
        super().__init__(theme, drive_id, act, padding=[dp(margin), dp(8)])
        self.kind = kind
        self._least_px = dp(theme.tokens.least_touch_dp) if small else theme.button_px
        self.label = Text(
            theme, text, size="small" if small else "button", bold=True, align="center"
        )
        self.label.pos_hint = {"center_y": 0.5}
        radius_px = float(dp(100)) if small else theme.button_radius_px
        self._ground = Ground(self, (0, 0, 0, 0), radius_px=radius_px)
        self.add_widget(self.label)
        self.label.bind(height=self._take_height)
        self.bind(state=self._paint, disabled=self._paint)
        self._take_height()
        self._paint()

    @property
    def text(self) -> str:
        return str(self.label.text)

    def say(self, text: str) -> None:
        self.label.text = text

    def natural_width_px(self) -> float:
        return self.label.natural_width_px() + float(self.padding[0]) * 2 + float(dp(2))

    def needed_px(self) -> float:
        return float(max(self._least_px, self.label.height + dp(16)))

    def _take_height(self, *_: object) -> None:
        self.height = self.needed_px()

    def _paint(self, *_: object) -> None:
        fill, text, border = self._colours()
        if self.disabled:
            fill, text, border = self.theme.empty(), self.theme.colour("ink_soft"), None
        elif self.state == "down":
            fill = mixed(self.theme.colour("ink"), fill, 0.14)
        self.label.color = text
        self.label.disabled_color = text
        self._ground.paint(fill, border, float(dp(2)) if border else 0.0)

    def _colours(self) -> tuple[Rgba, Rgba, Rgba | None]:
        theme = self.theme
        if self.kind is ButtonKind.PRIMARY:
            return theme.colour("teal"), theme.tokens.on_teal, None
        if self.kind is ButtonKind.SOFT:
            return theme.colour("teal_soft"), theme.colour("teal_ink"), None
        return theme.colour("card"), theme.danger(), theme.danger()
