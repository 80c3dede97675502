"""The line between what scrolls and the foot: says that more follows below."""

from __future__ import annotations

from kivy.graphics import Color, SmoothLine
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.kit.rows import Rule
from mobile.kit.text import LINE_BOX, FitText, line_height_px
from mobile.kit.theme import Theme

ARROW_DP = 14
RULE_DP = 1
LEAST_SHARE = 0.8
"""How small the words may be drawn, of the size chosen, for more room above them."""


class More(BoxLayout):
    """Takes its room as long as anything is out of sight; is empty where the end is reached."""

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__(orientation="vertical", size_hint_y=None, height=0, opacity=0)
        self._row = BoxLayout(spacing=dp(8))
        self._arrow_px = theme.beside_text_px(ARROW_DP)
        self.words = FitText(theme, words, size="small", colour=theme.colour("teal_ink"))
        self.words.size_hint = (None, 1)
        self._most_px = self.words.wanted_px * LINE_BOX
        if theme.is_large:
            self._keep_low(words)
        self._full_px = self._line_px(words) + float(dp(RULE_DP))
        parts: list[Widget] = [Widget(), self.words, Arrow(theme), Widget()]
        for widget in reversed(parts) if theme.mirrored else parts:
            self._row.add_widget(widget)
        self._row.opacity = 0
        self.bind(width=self._take_width)
        self._rule = Rule(theme)

    def _line_px(self, words: str) -> float:
        font, size_px = self.words.font_name, self.words.wanted_px
        return line_height_px(words, font=font, size_px=size_px)

    def _keep_low(self, words: str) -> None:
        """Where room is short, a script with a high line is drawn a little smaller."""
        least_px = self.words.wanted_px * LEAST_SHARE
        while self.words.wanted_px > least_px and self._line_px(words) > self._most_px:
            self.words.want(self.words.wanted_px - 1)

    @property
    def full_px(self) -> float:
        """The room it takes while there's more: a line of its words, dots and tails with it."""
        return self._full_px

    def show(self, *, scrolls: bool, at_end: bool) -> None:
        """Take room where the page ``scrolls``; say so until its end is reached."""
        if scrolls != bool(self.children):
            self.clear_widgets()
            for widget in (self._rule, self._row) if scrolls else ():
                self.add_widget(widget)
        self.height = self._full_px if scrolls else 0.0
        self.opacity = 1 if scrolls else 0
        self._row.opacity = 0 if at_end else 1

    @property
    def says_so(self) -> bool:
        """Whether the words stand there."""
        return bool(self.children) and self._row.opacity > 0

    def _take_width(self, *_: object) -> None:
        room = float(self.width) - self._arrow_px - float(dp(40))
        self.words.width = min(self.words.natural_width_px() + float(dp(2)), max(1.0, room))


class Arrow(Widget):
    """Points down; drawn, since the typeface has no arrows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(size_hint=(None, 1), width=theme.beside_text_px(ARROW_DP))
        with self.canvas:
            Color(*theme.colour("teal_ink"))
            self._line = SmoothLine(width=theme.beside_text_px(1.3))
        self.bind(pos=self._draw, size=self._draw)

    def _draw(self, *_: object) -> None:
        half = float(self.width) / 2
        middle = (self.center_x, self.y + self.height / 2)
        self._line.points = [
            *(middle[0] - half, middle[1] + half / 2),
            *(middle[0], middle[1] - half / 2),
            *(middle[0] + half, middle[1] + half / 2),
        ]
