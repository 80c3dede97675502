"""A long list that is made only where it's seen: a year of lines costs as much as a screenful.

All lines have the same height, so that the place of each is known without making it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.scrollview import ScrollView

from mobile.kit.paint import Ground
from mobile.kit.press import Pressable
from mobile.kit.rows import Chevron
from mobile.kit.text import LINE_BOX, FitText
from mobile.kit.theme import TEXT_FONT, Theme
from mobile.presenters.views import Row

BEYOND = 2
"""Lines kept ready above and below those in sight."""


class LongRow(Pressable):
    """One line that is told another row when it comes into sight elsewhere."""

    def __init__(self, theme: Theme, height_px: float, press: Callable[[str], None]) -> None:
        super().__init__(theme, "", self._press, padding=[dp(20), dp(10)], spacing=dp(8))
        self.size_hint, self.height = (None, None), height_px
        self._tell = press
        self._action: str | None = None
        self.name = _line(theme, bold=True)
        self.value = _line(theme, bold=False)
        words = BoxLayout(orientation="vertical", size_hint_y=1)
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
        self.drive_id = row.action or ""
        self.name.text, self.value.text = row.label, row.value
        self._chevron.opacity = 1.0 if row.action else 0.0

    def on_touch_down(self, touch: Any) -> bool:
        return bool(super().on_touch_down(touch)) if self._action else False

    def _press(self) -> None:
        if self._action is not None:
            self._tell(self._action)

    def _draw(self, *_: object) -> None:
        self._rule.pos = (self.x + dp(20), self.y)
        self._rule.size = (max(0.0, self.width - dp(40)), dp(1))


class LazyRows(FloatLayout):
    def __init__(self, theme: Theme, rows: Sequence[Row], press: Callable[[str], None]) -> None:
        line_px = theme.text_px("small") * LINE_BOX
        self.row_px = max(line_px * 2 + float(dp(24)), float(dp(theme.tokens.least_touch_dp + 4)))
        self._edge_px = float(dp(6))
        super().__init__(size_hint_y=None, height=self.row_px * len(rows) + 2 * self._edge_px)
        self._theme, self._rows, self._press = theme, rows, press
        self._shown: dict[int, LongRow] = {}
        self._spare: list[LongRow] = []
        self._scroll: ScrollView | None = None
        Ground(
            self,
            theme.colour("card"),
            radius_px=theme.card_radius_px,
            border=theme.colour("line"),
            border_px=float(dp(1.2)),
        )
        self.bind(parent=self._find_scroll, pos=self._show, size=self._show)

    def do_layout(self, *_: object) -> None:
        """Places are our own to say."""

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
        first = int((begin - top) / self.row_px) - BEYOND
        last = int((begin - bottom) / self.row_px) + BEYOND + 1
        return range(max(0, first), min(len(self._rows), last))

    def _show(self, *_: object) -> None:
        if self._scroll is None:
            self._find_scroll_again()
            return
        wanted = self._in_sight()
        for number in [n for n in self._shown if n not in wanted]:
            widget = self._shown.pop(number)
            self.remove_widget(widget)
            self._spare.append(widget)
        for number in wanted:
            widget = self._shown.get(number) or self._take(number)
            widget.size = (self.width, self.row_px)
            widget.pos = (self.x, self.top - self._edge_px - (number + 1) * self.row_px)
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
        widget = (
            self._spare.pop() if self._spare else LongRow(self._theme, self.row_px, self._press)
        )
        widget.say(self._rows[number])
        self._shown[number] = widget
        self.add_widget(widget)
        return widget


def _line(theme: Theme, *, bold: bool) -> FitText:
    colour = theme.colour("ink" if bold else "ink_soft")
    line = FitText(theme, "", size="small", colour=colour, font=TEXT_FONT[bold], align=theme.start)
    line.size_hint_y = 1
    return line
