"""The bar of places at the foot of the day's pages; the present one is filled and bold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout

from mobile.kit.paint import Plain
from mobile.kit.place_icons import PlaceIcon
from mobile.kit.press import Pressable
from mobile.kit.rows import TARGET_DP, Rule
from mobile.kit.stack import TARGETS_APART_DP
from mobile.kit.text import FitText, fitting_size_px, natural_width_px
from mobile.kit.theme import TEXT_FONT, Theme
from mobile.presenters.pieces import Choice

ICON_SHARE = 1.6
"""How high a picture is, in font sizes of the word below it."""
APART_DP, ABOVE_DP, BELOW_DP = 3, 7, 5
SIDE_DP = 5
"""Left free on both sides of a word, so that two never run into each other."""


class Item(Pressable):
    """One place."""

    def __init__(self, theme: Theme, place: Choice, press: Callable[[str], None]) -> None:
        super().__init__(
            theme, place.id, lambda: press(place.id), orientation="vertical", spacing=dp(APART_DP)
        )
        self.padding = [dp(SIDE_DP), dp(ABOVE_DP), dp(SIDE_DP), dp(BELOW_DP)]
        self.slack_px = (float(dp(TARGETS_APART_DP)) / 2, 0.0)
        self.icon = PlaceIcon(theme, place.id)
        self.icon.pos_hint = {"center_x": 0.5}
        self.label = FitText(theme, place.text, size="small")
        self.add_widget(self.icon)
        self.add_widget(self.label)
        self.label.bind(height=self._take_height, font_size=self._take_height)
        self._take_height()

    def show(self, *, here: bool) -> None:
        self.icon.show(here=here)
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
        side_px = float(self.label.font_size) * ICON_SHARE
        self.icon.size = (side_px, side_px)
        needed = side_px + self.label.height + dp(APART_DP + ABOVE_DP + BELOW_DP)
        least_dp = TARGET_DP if self.theme.is_large else self.theme.tokens.least_touch_dp
        self.height = max(dp(least_dp), needed)


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
