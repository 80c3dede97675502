"""The bar of places at the foot of the day's pages; the present one is filled and bold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kivy.graphics import Color, SmoothLine, SmoothRoundedRectangle
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.kit.paint import Plain
from mobile.kit.press import Pressable
from mobile.kit.rows import Rule
from mobile.kit.text import FitText, fitting_size_px, natural_width_px
from mobile.kit.theme import TEXT_FONT, Theme
from mobile.presenters.pieces import Choice

ICON_DP = 18
SIDE_DP = 5
"""Left free on both sides of a word, so that two never run into each other."""


class Mark(Widget):
    """A rounded square: filled where the person is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(size_hint=(None, None), size=(dp(ICON_DP), dp(ICON_DP)))
        self._theme = theme
        with self.canvas:
            self._fill_colour = Color(0, 0, 0, 0)
            self._fill = SmoothRoundedRectangle(radius=[dp(5)])
            self._line_colour = Color(*theme.colour("ink_soft"))
            self._line = SmoothLine(width=dp(1.1))
        self.bind(pos=self._draw, size=self._draw)

    def show(self, *, here: bool) -> None:
        self._fill_colour.rgba = self._theme.colour("teal_soft") if here else (0, 0, 0, 0)
        self._line_colour.rgba = self._theme.colour("teal" if here else "ink_soft")

    def _draw(self, *_: object) -> None:
        self._fill.pos, self._fill.size = self.pos, self.size
        self._line.rounded_rectangle = (*self.pos, *self.size, dp(5))


class Item(Pressable):
    """One place."""

    def __init__(self, theme: Theme, place: Choice, press: Callable[[str], None]) -> None:
        super().__init__(
            theme, place.id, lambda: press(place.id), orientation="vertical", spacing=dp(3)
        )
        self.padding = [dp(SIDE_DP), dp(8), dp(SIDE_DP), dp(6)]
        self._mark = Mark(theme)
        self._mark.pos_hint = {"center_x": 0.5}
        self.label = FitText(theme, place.text, size="small")
        self.add_widget(self._mark)
        self.add_widget(self.label)
        self.label.bind(height=self._take_height)
        self._take_height()

    def show(self, *, here: bool) -> None:
        self._mark.show(here=here)
        self.label.font_name = TEXT_FONT[here]
        self.label.color = self.theme.colour("teal_ink" if here else "ink_soft")

    def fitting_px(self) -> float:
        """The size at which the word fits, also where it's bold."""
        label = self.label
        return fitting_size_px(
            self.theme.text_px("small"),
            float(self.width - dp(SIDE_DP * 2)),
            lambda size_px: natural_width_px(label.text, font=TEXT_FONT[True], size_px=size_px),
        )

    def _take_height(self, *_: object) -> None:
        needed = dp(ICON_DP) + self.label.height + dp(17)
        self.height = max(dp(self.theme.tokens.least_touch_dp), needed)


class NavBar(BoxLayout):
    """All places beside each other, over the full width."""

    def __init__(
        self, theme: Theme, places: Sequence[Choice], press: Callable[[str], None]
    ) -> None:
        super().__init__(orientation="vertical", size_hint_y=None)
        Plain(self, theme.colour("card"))
        self.items = [Item(theme, place, press) for place in places]
        row = BoxLayout(size_hint_y=None)
        for item in reversed(self.items) if theme.mirrored else self.items:
            row.add_widget(item)
            item.bind(height=self._take_height)
        self._row = row
        row.bind(width=self._even)
        self.add_widget(Rule(theme))
        self.add_widget(row)
        self._take_height()

    def _even(self, *_: object) -> None:
        """All words are as large as the longest can be."""
        share = float(self._row.width) / len(self.items)
        for item in self.items:
            item.width = share
        size_px = min(item.fitting_px() for item in self.items)
        for item in self.items:
            item.label.want(size_px)

    def show(self, here: str) -> None:
        for item in self.items:
            item.show(here=item.drive_id == here)

    def _take_height(self, *_: object) -> None:
        self._row.height = max(item.height for item in self.items)
        self.height = self._row.height + dp(1)
