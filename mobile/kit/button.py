"""Buttons: one primary act a screen; soft and outlined ones beside it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from kivy.metrics import dp, sp

from mobile.kit.paint import Ground
from mobile.kit.press import Pressable
from mobile.kit.text import Text
from mobile.kit.theme import Theme
from mobile.kit.tokens import Rgba, mixed

ON_A_LINE_SP = 27
"""Where a further line would cost the page above its room, words that have grown beyond this size
shrink to it: a third more than the usual."""

SNUG_DP = 8
"""Margin beside a button's words where there's little room."""
ABOVE_DP, ABOVE_LARGE_DP = 8, 4
"""Margin above a button's words, and below them; large words leave room around them anyway."""

FAINT_SHARE = 0.35
"""How much soft ink the outline of a button has that can't be touched yet."""


class ButtonKind(StrEnum):
    PRIMARY = "primary"
    SOFT = "soft"
    OUTLINE = "outline"
    """Red, and not filled: the way to help."""
    NEUTRAL = "neutral"
    """An ink's outline: removes something, or takes it back; red is for STOP and for help."""
    URGENT = "urgent"
    """Calls an ambulance: the only filled red beside STOP."""


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
        above_px = dp(ABOVE_LARGE_DP if theme.is_large else ABOVE_DP)
        super().__init__(theme, drive_id, act, padding=[dp(margin), above_px])
        self._around_px = float(2 * above_px)
        self.kind = kind
        low = small and not theme.is_large
        self._least_px = dp(theme.tokens.least_touch_dp) if low else theme.button_px
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

    def save_room(self) -> None:
        """Keep large words on one line as long as they stay large."""
        least_px = float(sp(ON_A_LINE_SP))
        if self.label.wanted_px > least_px:
            self.padding[0] = self.padding[2] = dp(SNUG_DP)
            self.label.keep_to_a_line(least_px)

    def natural_width_px(self) -> float:
        return self.label.natural_width_px() + float(self.padding[0]) * 2 + float(dp(2))

    def height_at(self, width_px: float) -> float:
        """About how high it stands in a width, whatever it has now."""
        words_px = self.label.height_at(width_px - 2 * float(self.padding[0]))
        return float(max(self._least_px, words_px + self._around_px))

    def needed_px(self) -> float:
        return float(max(self._least_px, self.label.height + self._around_px))

    def _take_height(self, *_: object) -> None:
        self.height = self.needed_px()

    def _paint(self, *_: object) -> None:
        fill, text, border = self._colours()
        if self.disabled:
            fill, text, border = self._faint()
        elif self.state == "down":
            fill = mixed(self.theme.colour("ink"), fill, 0.14)
        self.label.color = text
        self.label.disabled_color = text
        border_px = float(dp(1 if self.disabled else 2))
        self._ground.paint(fill, border, border_px if border else 0.0)

    def _faint(self) -> tuple[Rgba, Rgba, Rgba | None]:
        """Nearly the ground's own colour, with a thin line: weaker than any that can be touched."""
        theme = self.theme
        ground, soft = theme.colour("paper"), theme.colour("ink_soft")
        return ground, soft, mixed(soft, ground, FAINT_SHARE)

    def _colours(self) -> tuple[Rgba, Rgba, Rgba | None]:
        theme = self.theme
        if self.kind is ButtonKind.PRIMARY:
            return theme.colour("teal"), theme.tokens.on_teal, None
        if self.kind is ButtonKind.URGENT:
            return theme.colour("stop"), theme.tokens.on_stop, None
        if self.kind is ButtonKind.SOFT:
            border = theme.colour("ink") if theme.is_high else None
            return theme.colour("teal_soft"), theme.colour("teal_ink"), border
        if self.kind is ButtonKind.NEUTRAL:
            return theme.colour("card"), theme.colour("ink"), theme.colour("ink_soft")
        return theme.colour("card"), theme.danger(), theme.danger()
