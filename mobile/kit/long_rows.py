"""A long list that is made only where it's seen: a year of lines costs as much as a screenful.

The height of each is known by measuring its words, so that its place is known without making it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.scrollview import ScrollView

from mobile.kit.card import card_padding_dp
from mobile.kit.paint import Sheet
from mobile.kit.press import Pressable
from mobile.kit.rows import CHEVRON_DP, Chevron, least_row_px, row_slack_px
from mobile.kit.text import LINE_BOX, Text, lines_in
from mobile.kit.theme import TEXT_FONT, Theme
from mobile.presenters.views import Row

APART_DP = 8
ABOVE_DP = 12
HEADING_LOW = 0.1
"""Where a heading's words stand in its row: nearer to what they head than to what is above."""
LEAST_WORDS_DP = 60
"""A list whose words would have less isn't laid out yet."""
BEYOND = 2
"""Lines kept ready above and below those in sight."""


def is_heading(row: Row) -> bool:
    """Whether a row says what those below it have in common."""
    return not row.value and row.action is None


class LongRow(Pressable):
    """One line that is told another row when it comes into sight elsewhere."""

    def __init__(self, theme: Theme, press: Callable[[str], None]) -> None:
        super().__init__(
            theme, "", self._press, padding=[dp(card_padding_dp(theme)), 0], spacing=dp(APART_DP)
        )
        self.size_hint = (None, None)
        self._tell = press
        self._action: str | None = None
        self._is_heading = False
        self.name = Text(theme, "", size="small", bold=True)
        self.value = Text(theme, "", size="small", colour=theme.colour("ink_soft"))
        self._words = words = BoxLayout(orientation="vertical", size_hint_y=None)
        words.bind(minimum_height=words.setter("height"))
        words.add_widget(self.name)
        words.add_widget(self.value)
        self._chevron = Chevron(theme)
        for widget in (self._chevron, words) if theme.mirrored else (words, self._chevron):
            self.add_widget(widget)
        with self.canvas.before:
            Color(*theme.colour("line"))
            self._rule = Rectangle()
        self.bind(pos=self._draw, size=self._draw)

    def say(self, row: Row) -> None:
        self._action = row.action
        self._is_heading = is_heading(row)
        self._words.pos_hint = {"y": HEADING_LOW} if self._is_heading else {"center_y": 0.5}
        self.drive_id = row.action or ""
        self.name.text, self.value.text = row.label, row.value
        self.name.color = self.theme.colour("teal_ink" if self._is_heading else "ink")
        self._chevron.opacity = 1.0 if row.action else 0.0
        self._draw()

    def on_touch_down(self, touch: Any) -> bool:
        return bool(super().on_touch_down(touch)) if self._action else False

    def _press(self) -> None:
        if self._action is not None:
            self._tell(self._action)

    def _draw(self, *_: object) -> None:
        self.slack_px = (0.0, row_slack_px(float(self.height)))
        side_px = float(self.padding[0])
        width_px = 0.0 if self._is_heading else max(0.0, float(self.width) - side_px * 2)
        self._rule.pos = (self.x + side_px, self.y)
        self._rule.size = (width_px, dp(1))


class LazyRows(FloatLayout):
    def __init__(self, theme: Theme, rows: Sequence[Row], press: Callable[[str], None]) -> None:
        self._theme, self._rows, self._press = theme, rows, press
        self._edge_px = float(dp(6))
        self._measured_px = 0.0
        self._begins_px: list[float] = [0.0]
        super().__init__(size_hint_y=None)
        self._take_heights([least_row_px(theme)] * len(rows))
        self._shown: dict[int, LongRow] = {}
        self._spare: list[LongRow] = []
        self._scroll: ScrollView | None = None
        Sheet(self, theme.colour("card"), theme.colour("line"), radius_px=theme.card_radius_px)
        self.bind(parent=self._find_scroll, pos=self._show, size=self._show)

    def do_layout(self, *_: object) -> None:
        """Places are our own to say."""

    def _measure(self) -> None:
        """Where each row begins below the first, and last where the list ends."""
        beside_px = float(dp(card_padding_dp(self._theme) * 2 + APART_DP))
        words_px = float(self.width) - beside_px - self._theme.beside_text_px(CHEVRON_DP)
        if words_px == self._measured_px or words_px < float(dp(LEAST_WORDS_DP)):
            return
        self._measured_px = words_px
        self._take_heights([self._height_px(row, words_px) for row in self._rows])

    def _take_heights(self, heights: Sequence[float]) -> None:
        self._begins_px = list(accumulate(heights, initial=0.0))
        self.height = self._begins_px[-1] + 2 * self._edge_px

    def _height_px(self, row: Row, width_px: float) -> float:
        size_px = self._theme.text_px("small")
        lines = sum(
            lines_in(text, width_px, font=TEXT_FONT[bold], size_px=size_px)
            for text, bold in ((row.label, True), (row.value, False))
            if text
        )
        if is_heading(row):
            return lines * size_px * LINE_BOX + float(dp(ABOVE_DP * 2))
        return max(lines * size_px * LINE_BOX + float(dp(2 * ABOVE_DP)), least_row_px(self._theme))

    def _find_scroll(self, *_: object) -> None:
        if self._scroll is not None:
            self._scroll.unbind(**self._watched())
            self._scroll = None
        ancestor = self.parent
        while ancestor is not None and not isinstance(ancestor, ScrollView):
            ancestor = ancestor.parent if ancestor.parent is not ancestor else None
        if ancestor is not None:
            ancestor.bind(**self._watched())
            self._scroll = ancestor
        self._show()

    def _watched(self) -> dict[str, Callable[..., None]]:
        """What of the scroll view says that other lines are in sight."""
        return {"scroll_y": self._show, "size": self._show, "viewport_size": self._show}

    def _in_sight(self) -> range:
        """Numbers of the rows in sight, and a few beyond."""
        if self._scroll is None:
            return range(0)
        scroll = self._scroll
        hidden_px = max(0.0, scroll.viewport_size[1] - scroll.height)
        bottom = scroll.scroll_y * hidden_px
        top = bottom + scroll.height
        begin = self.top - self._edge_px
        first = bisect_right(self._begins_px, begin - top) - 1 - BEYOND
        last = bisect_right(self._begins_px, begin - bottom) + BEYOND
        return range(max(0, first), min(len(self._rows), last))

    def _show(self, *_: object) -> None:
        if self._scroll is None:
            self._find_scroll_again()
            return
        self._measure()
        wanted = self._in_sight()
        for number in [n for n in self._shown if n not in wanted]:
            widget = self._shown.pop(number)
            self.remove_widget(widget)
            self._spare.append(widget)
        for number in wanted:
            widget = self._shown.get(number) or self._take(number)
            begin, end = self._begins_px[number : number + 2]
            widget.size = (self.width, end - begin)
            widget.pos = (self.x, self.top - self._edge_px - end)
        self._keep_reading_order()

    def _keep_reading_order(self) -> None:
        """The keyboard goes by the order of the children; Kivy has the first of them last."""
        ordered = [self._shown[number] for number in sorted(self._shown, reverse=True)]
        if ordered != list(self.children):
            self.children[:] = ordered

    def _find_scroll_again(self) -> None:
        """A part is put into its page before the page stands in its scroll view."""
        ancestor = self.parent
        while ancestor is not None and ancestor.parent is not ancestor:
            if isinstance(ancestor, ScrollView):
                self._find_scroll()
                return
            ancestor = ancestor.parent

    def _take(self, number: int) -> LongRow:
        widget = self._spare.pop() if self._spare else LongRow(self._theme, self._press)
        widget.say(self._rows[number])
        self._shown[number] = widget
        self.add_widget(widget)
        return widget
