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


class StepList(Card):
    """The steps on one sheet."""

    def __init__(self, theme: Theme, steps: Sequence[str]) -> None:
        super().__init__(theme, spacing_dp=16)
        self.compose(
            [
                Part(number, partial(Step, theme, number, step))
                for number, step in enumerate(steps, start=1)
            ]
        )


class Step(BoxLayout):
    """A numbered step: the number on a disc, the words beside it."""

    def __init__(self, theme: Theme, number: int, words: str) -> None:
        super().__init__(size_hint_y=None, spacing=dp(14))
        disc = Disc(theme, number)
        text = Text(theme, words)
        text.pos_hint = {"center_y": 0.5}
        self._disc, self._text = disc, text
        for widget in (text, disc) if theme.mirrored else (disc, text):
            self.add_widget(widget)
            widget.bind(height=self._take_height)
        self._take_height()

    def _take_height(self, *_: object) -> None:
        self.height = max(self._disc.height, self._text.height)


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
