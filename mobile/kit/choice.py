"""An answer to pick. Chosen reads by a mark, by weight and border as well as by colour."""

from __future__ import annotations

from collections.abc import Callable

from kivy.metrics import dp
from kivy.properties import BooleanProperty
from kivy.uix.widget import Widget

from mobile.kit.paint import Ground
from mobile.kit.press import Pressable
from mobile.kit.text import Text
from mobile.kit.theme import TEXT_FONT, Theme
from mobile.kit.tick import TickMark
from mobile.kit.tokens import mixed
from mobile.presenters.views import Choice

SIDE_DP, PLAIN_SIDE_DP, LARGE_TEXT_SIDE_DP = 14, 20, 10
TALL_SHARE = 1.2
"""How much higher than a button an answer is that a page was made for."""


class ChoiceButton(Pressable):
    chosen = BooleanProperty(False)

    """``many`` says that others may be chosen beside it; without ``marked`` it has no mark."""

    def __init__(
        self,
        theme: Theme,
        choice: Choice,
        choose: Callable[[str], None],
        *,
        tall: bool = False,
        many: bool = False,
        marked: bool = True,
    ) -> None:
        super().__init__(
            theme,
            choice.id,
            lambda: choose(choice.id),
            padding=[dp(10), dp(10)],
        )
        side_dp = LARGE_TEXT_SIDE_DP if theme.is_large else SIDE_DP
        self.padding[0] = self.padding[2] = dp(side_dp if marked else PLAIN_SIDE_DP)
        self.spacing = dp(side_dp)
        self._least_px = theme.button_px * (TALL_SHARE if tall else 1)
        self.label = Text(theme, choice.text)
        self.label.pos_hint = {"center_y": 0.5}
        self._ground = Ground(self, theme.colour("card"), radius_px=theme.button_radius_px)
        self._mark = TickMark(theme, many=many) if marked else None
        parts: list[Widget] = [self.label] if self._mark is None else [self._mark, self.label]
        for part in reversed(parts) if theme.mirrored else parts:
            self.add_widget(part)
        self.label.bind(height=self._take_height)
        self.bind(chosen=self._paint, state=self._paint)
        self._take_height()
        self._paint()

    def show_chosen(self, chosen: str | None) -> None:
        self.chosen = chosen == self.drive_id

    def _take_height(self, *_: object) -> None:
        self.height = max(self._least_px, self.label.height + dp(20))

    def _paint(self, *_: object) -> None:
        theme = self.theme
        fill = theme.colour("teal_soft" if self.chosen else "card")
        border = theme.colour("teal") if self.chosen and not theme.is_high else theme.edge()
        if self._mark is not None:
            self._mark.show(chosen=self.chosen)
        if self.state == "down":
            fill = mixed(theme.colour("ink"), fill, 0.1)
        self.label.font_name = TEXT_FONT[self.chosen]
        self.label.color = theme.colour("teal_ink" if self.chosen else "ink")
        self._ground.paint(fill, border, float(dp(2)))
