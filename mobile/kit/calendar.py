"""A calendar of weeks: each day its number and a mark whose shape says what it was."""

from __future__ import annotations

from kivy.graphics import InstructionGroup, Line
from kivy.graphics.context_instructions import Color
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.kit.marks import mark_at
from mobile.kit.text import LINE_BOX, Text
from mobile.kit.theme import Theme
from mobile.kit.written import Written
from mobile.presenters.page import Calendar, DayCell, Mark

DAYS = 7
RADIUS_DP = 7
APART_DP = 5
"""Between two names of days."""
ABOVE_LABEL_DP = 8
"""Between a month's name and the week before it."""


def radius_px(theme: Theme) -> float:
    """A mark grows with the words beside it."""
    return float(dp(RADIUS_DP)) * theme.text_scale


class Month(Widget):
    """As high as its weeks; drawn as one, so that a long course stays quick."""

    def __init__(self, theme: Theme, calendar: Calendar) -> None:
        self._line_px = theme.text_px("small") * LINE_BOX
        self._radius_px = radius_px(theme)
        self._row_px = self._line_px + 2 * self._radius_px + float(dp(14))
        self._label_px = self._line_px + float(dp(ABOVE_LABEL_DP))
        soft, ink = theme.colour("ink_soft"), theme.colour("ink")
        self._theme, self._calendar = theme, calendar
        self._head: list[Written] = []
        self._head_column_px = 0.0
        self._labels = [
            Written(theme, week.label, colour=ink, bold=True) for week in calendar.weeks
        ]
        self._numbers = [
            [
                Written(theme, cell.text, colour=ink if cell.today else soft, bold=cell.today)
                for cell in week.cells
            ]
            for week in calendar.weeks
        ]
        labels = sum(bool(week.label) for week in calendar.weeks)
        height = self._line_px + self._label_px * labels + float(dp(8))
        height += self._row_px * len(calendar.weeks)
        super().__init__(size_hint_y=None, height=height)
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self.bind(pos=self._draw, size=self._draw)

    def _middle(self, column: int) -> float:
        if self._theme.mirrored:
            column = DAYS - 1 - column
        return float(self.x + self.width * (column + 0.5) / DAYS)

    def _draw(self, *_: object) -> None:
        self._group.clear()
        self._write_head(float(self.width) / DAYS - float(dp(APART_DP)))
        top = float(self.top) - self._line_px
        for column, word in enumerate(self._head):
            word.put(self._group, self._middle(column) - word.width / 2, top)
        top -= float(dp(4))
        for number, week in enumerate(self._calendar.weeks):
            if week.label:
                top -= self._label_px
                word = self._labels[number]
                left = self.right - word.width if self._theme.mirrored else self.x
                word.put(self._group, left, top)
            top -= self._row_px
            for column, cell in enumerate(week.cells):
                self._cell(cell, self._numbers[number][column], self._middle(column), top)

    def _write_head(self, column_px: float) -> None:
        """The days' names are all as large as the longest can be."""
        if column_px == self._head_column_px:
            return
        self._head_column_px = column_px
        colour, names = self._theme.colour("ink_soft"), self._calendar.weekdays
        self._head = [Written(self._theme, name, colour=colour) for name in names]
        share = max(1.0, column_px) / max(word.width for word in self._head)
        if share < 1:
            self._head = [Written(self._theme, name, colour=colour, share=share) for name in names]

    def _cell(self, cell: DayCell, number: Written, middle: float, bottom: float) -> None:
        radius = self._radius_px
        number.put(self._group, middle - number.width / 2, bottom + radius * 2 + float(dp(8)))
        place = (middle, bottom + radius + float(dp(6)))
        mark_at(self._group, self._theme, cell.mark, place, radius)
        if cell.today:
            width = min(self.width / DAYS - float(dp(2)), self._row_px)
            self._group.add(Color(*self._theme.colour("teal")))
            frame = (middle - width / 2, bottom + float(dp(1)), width, self._row_px - float(dp(2)))
            stroke = self._theme.beside_text_px(1.2)
            self._group.add(Line(rounded_rectangle=(*frame, float(dp(8))), width=stroke))


class LegendLine(BoxLayout):
    """A mark with its word."""

    def __init__(self, theme: Theme, mark: Mark, word: str) -> None:
        super().__init__(size_hint_y=None, spacing=dp(10))
        text = Text(theme, word, size="small", colour=theme.colour("ink_soft"))
        text.bind(height=lambda _, height: setattr(self, "height", height))
        sign = MarkSign(theme, mark, text)
        for widget in (text, sign) if theme.mirrored else (sign, text):
            self.add_widget(widget)


class MarkSign(Widget):
    """One mark beside its word's first line."""

    def __init__(self, theme: Theme, mark: Mark, text: Text) -> None:
        super().__init__(size_hint_x=None, width=2 * radius_px(theme) + dp(6))
        self._theme, self._mark, self._text = theme, mark, text
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self.bind(pos=self._draw, size=self._draw)

    def _draw(self, *_: object) -> None:
        self._group.clear()
        middle = self.top - self._text.font_size * LINE_BOX / 2
        mark_at(
            self._group, self._theme, self._mark, (self.center_x, middle), radius_px(self._theme)
        )
