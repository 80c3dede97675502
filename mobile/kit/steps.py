"""Numbered steps: what to do, in order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout

from mobile.kit.card import Card
from mobile.kit.paint import Ground
from mobile.kit.stack import Part
from mobile.kit.text import Text
from mobile.kit.theme import Theme
from mobile.language import current, figures

APART_DP, BELOW_DP = 14, 4


class StepList(Card):
    """The steps on one sheet; where a word is too wide beside its number, all stand below them."""

    def __init__(self, theme: Theme, steps: Sequence[str]) -> None:
        super().__init__(theme, spacing_dp=16)
        self._steps = [Step(theme, number, step) for number, step in enumerate(steps, start=1)]
        self.compose([Part(id(step), partial(_itself, step)) for step in self._steps])
        self.bind(width=self._arrange)

    def _arrange(self, *_: object) -> None:
        width_px = float(self.width - self.padding[0] - self.padding[2])
        beside = all(step.beside_px() <= width_px for step in self._steps)
        for step in self._steps:
            step.arrange(beside=beside)


def _itself(step: Step) -> Step:
    return step


class Step(BoxLayout):
    """A numbered step: the number on a disc, the words beside it."""

    def __init__(self, theme: Theme, number: int, words: str) -> None:
        super().__init__(size_hint_y=None, spacing=dp(APART_DP))
        disc = Disc(theme, number)
        text = Text(theme, words)
        text.pos_hint = {"center_y": 0.5}
        self._disc, self._text = disc, text
        self._mirrored = theme.mirrored
        for widget in (disc, text):
            widget.bind(height=self._take_height)
        self.arrange(beside=True)

    def beside_px(self) -> float:
        """The least width in which the words stand beside their number, none made smaller."""
        return float(self._disc.width + dp(APART_DP)) + self._text.least_width_px()

    def arrange(self, *, beside: bool) -> None:
        """Put the words beside their number, or below it."""
        self.orientation = "horizontal" if beside else "vertical"
        self.spacing = dp(APART_DP if beside else BELOW_DP)
        self._text.pos_hint = {"center_y": 0.5} if beside else {}
        side = "right" if self._mirrored else "x"
        self._disc.pos_hint = {"top": 1} if beside else {side: 1.0 if self._mirrored else 0.0}
        self.clear_widgets()
        parts = (self._disc, self._text)
        for widget in reversed(parts) if beside and self._mirrored else parts:
            self.add_widget(widget)
        self._take_height()

    def _take_height(self, *_: object) -> None:
        heights = (self._disc.height, self._text.height)
        is_beside = self.orientation == "horizontal"
        self.height = max(heights) if is_beside else sum(heights) + self.spacing


class Disc(BoxLayout):
    def __init__(self, theme: Theme, number: int) -> None:
        text = Text(
            theme,
            figures(str(number), current()),
            size="small",
            bold=True,
            colour=theme.colour("teal_ink"),
            align="center",
        )
        side = max(dp(34), theme.text_px("small") * 1.9)
        super().__init__(size_hint=(None, None), size=(side, side), pos_hint={"top": 1})
        text.pos_hint = {"center_y": 0.5}
        Ground(self, theme.colour("teal_soft"), radius_px=side / 2)
        self.add_widget(text)
