"""Lines that say how things stand: a name, a value; touched as a whole where they lead somewhere.

Where one line doesn't fit side by side, all stand stacked, so that the list stays even.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kivy.graphics import Color, SmoothLine
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.kit.card import Card, card_padding_dp
from mobile.kit.paint import Plain
from mobile.kit.press import Pressable
from mobile.kit.stack import TARGETS_APART_DP, Part
from mobile.kit.text import Text
from mobile.kit.theme import Theme
from mobile.presenters.views import Row

TARGET_DP = 60
"""How high a target is that a shaking hand hits."""
CHEVRON_DP = 12


class Rule(Widget):
    """A thin line between two rows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(size_hint_y=None, height=dp(1))
        Plain(self, theme.colour("line"))


class Chevron(Widget):
    """Says that a line leads somewhere; drawn, since the typeface has no arrows."""

    def __init__(self, theme: Theme) -> None:
        size = (theme.beside_text_px(CHEVRON_DP), theme.beside_text_px(16))
        super().__init__(size_hint=(None, None), size=size, pos_hint={"center_y": 0.5})
        self._mirrored, self._unit = theme.mirrored, theme.beside_text_px(1)
        with self.canvas:
            Color(*theme.colour("teal"))
            self._line = SmoothLine(width=theme.beside_text_px(1.3))
        self.bind(pos=self._draw, size=self._draw)

    def _draw(self, *_: object) -> None:
        unit = self._unit
        tip, back = self.x + 10 * unit, self.x + 4 * unit
        if self._mirrored:
            tip, back = back, tip
        middle = self.y + self.height / 2
        self._line.points = [back, middle + 6 * unit, tip, middle, back, middle - 6 * unit]


class RowLine(BoxLayout):
    """One name and its value."""

    def __init__(self, theme: Theme, row: Row) -> None:
        super().__init__(size_hint_y=None, spacing=dp(12))
        self._theme = theme
        self.name = Text(theme, row.label, size="small", bold=True)
        self.value = Text(theme, row.value, size="small", colour=theme.colour("ink_soft"))
        self.name.size_hint_x = None
        self.add_widget(self.name)
        self.add_widget(self.value)
        self.bind(width=self._share)
        for text in (self.name, self.value):
            text.bind(height=self._take_height)

    def natural_width_px(self) -> float:
        return self.name.natural_width_px() + self.value.natural_width_px() + float(dp(16))

    def stack(self, *, stacked: bool) -> None:
        theme = self._theme
        self.orientation = "vertical" if stacked else "horizontal"
        self.spacing = dp(2) if stacked else dp(12)
        self.value.stand(theme.start if stacked else theme.end)
        order = [self.name, self.value]
        if theme.mirrored and not stacked:
            order.reverse()
        self.clear_widgets()
        for widget in order:
            widget.pos_hint = {} if stacked else {"center_y": 0.5}
            self.add_widget(widget)
        self._share()
        self._take_height()

    def _share(self, *_: object) -> None:
        if self.orientation == "vertical":
            self.name.size_hint_x = 1
            return
        self.name.size_hint_x = None
        self.name.width = self.name.natural_width_px() + dp(2)

    def _take_height(self, *_: object) -> None:
        heights = (self.name.height, self.value.height)
        if self.orientation == "vertical":
            self.height = sum(heights) + self.spacing
        else:
            self.height = max(heights)


def least_row_px(theme: Theme) -> float:
    """How high a row is at least; in large text with room for a whole target and its slack."""
    if theme.is_large:
        return theme.button_px + float(dp(TARGETS_APART_DP))
    return float(dp(theme.tokens.least_touch_dp + 4))


def row_slack_px(height_px: float) -> float:
    """What of a row takes no finger, above and below: half of the distance between two targets,
    as far as a whole target stays."""
    return max(0.0, min(float(dp(TARGETS_APART_DP)), height_px - float(dp(TARGET_DP)))) / 2


class RowEntry(Pressable):
    """A line with its margins; touchable only if its row has an action."""

    def __init__(self, theme: Theme, row: Row, press: Callable[[str], None]) -> None:
        action = row.action
        super().__init__(
            theme,
            action or "",
            lambda: press(action) if action else None,
            padding=[dp(card_padding_dp(theme)), dp(12)],
            spacing=dp(8),
        )
        self.leads = action is not None
        self._chevron_px = theme.beside_text_px(CHEVRON_DP) + float(dp(8))
        self.line = RowLine(theme, row)
        self.line.pos_hint = {"center_y": 0.5}
        parts: list[Widget] = [self.line, Chevron(theme)] if self.leads else [self.line]
        for widget in reversed(parts) if theme.mirrored else parts:
            self.add_widget(widget)
        self._least_px = least_row_px(theme)
        self.line.bind(height=self._take_height)
        self._take_height()

    def on_touch_down(self, touch: object) -> bool:
        return bool(super().on_touch_down(touch)) if self.leads else False

    def room_px(self, width: float) -> float:
        sides_px = float(self.padding[0] + self.padding[2])
        return width - sides_px - (self._chevron_px if self.leads else 0.0)

    def _take_height(self, *_: object) -> None:
        self.height = max(self._least_px, self.line.height + dp(24))
        self.slack_px = (0.0, row_slack_px(self.height))


class RowList(Card):
    def __init__(self, theme: Theme, rows: Sequence[Row], press: Callable[[str], None]) -> None:
        super().__init__(theme, spacing_dp=0, padding_dp=0)
        self.padding = [0, dp(6)]
        self.entries = [RowEntry(theme, row, press) for row in rows]
        parts: list[Part] = []
        for number, entry in enumerate(self.entries):
            if number:
                parts.append(_kept(f"rule {number}", RuledInset(theme)))
            parts.append(_kept(number, entry))
        self.compose(parts)
        self._stacked: bool | None = None
        self.bind(width=self._arrange)

    def _arrange(self, *_: object) -> None:
        stacked = any(
            entry.line.natural_width_px() > entry.room_px(self.width) for entry in self.entries
        )
        if stacked is self._stacked:
            return
        self._stacked = stacked
        for entry in self.entries:
            entry.line.stack(stacked=stacked)


class RuledInset(BoxLayout):
    """A rule that keeps the card's margins."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(size_hint_y=None, height=dp(1), padding=[dp(card_padding_dp(theme)), 0])
        self.add_widget(Rule(theme))


def _kept(key: object, widget: Widget) -> Part:
    return Part(str(key), lambda: widget)
