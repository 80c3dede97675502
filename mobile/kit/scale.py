"""A scale of numbers to pick from: as many beside each other as are still easy to hit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.metrics import dp
from kivy.uix.gridlayout import GridLayout

from mobile.kit.choice import ChoiceButton
from mobile.kit.stack import Part, Stack
from mobile.kit.theme import Theme
from mobile.presenters.views import Choice

LEAST_WIDTH_DP = 60
APART_DP = 12
BAR_SHARE, BAR_HIGH_DP, BAR_UP_DP = 1.4, 4, 8
"""The bar below a chosen number: as wide as so many font sizes."""
LONGEST_NUMBER = 3
"""What is longer than a number gets a line of its own."""


class NumberButton(ChoiceButton):
    """One number, in the middle of its box; chosen, with a bar below it as well as a colour."""

    def __init__(self, theme: Theme, choice: Choice, choose: Callable[[str], None]) -> None:
        super().__init__(theme, choice, choose, marked=False)
        self.padding = [dp(4), dp(10)]
        self.label.stand("center")
        with self.canvas.after:
            self._bar_colour = Color(*theme.colour("teal_ink"))
            self._bar = SmoothRoundedRectangle(radius=[dp(BAR_HIGH_DP / 2)])
        self.bind(pos=self._draw_bar, size=self._draw_bar, chosen=self._draw_bar)
        self._draw_bar()

    def _draw_bar(self, *_: object) -> None:
        wide, high = self.label.wanted_px * BAR_SHARE, float(dp(BAR_HIGH_DP))
        self._bar_colour.a = 1.0 if self.chosen else 0.0
        self._bar.size = (wide, high)
        self._bar.pos = (self.center_x - wide / 2, self.y + float(dp(BAR_UP_DP)))


class NumberGrid(GridLayout):
    """Equal boxes, filled in reading order."""

    def __init__(self, theme: Theme, buttons: Sequence[NumberButton]) -> None:
        super().__init__(cols=1, size_hint_y=None, spacing=dp(APART_DP))
        self.orientation = "rl-tb" if theme.mirrored else "lr-tb"
        for button in buttons:
            self.add_widget(button)
        self.bind(width=self._arrange, minimum_height=self._take_height)

    def _arrange(self, *_: object) -> None:
        least = float(dp(LEAST_WIDTH_DP))
        for button in self.children:
            least = max(least, button.label.least_width_px() + float(dp(12)))
        fits = int((self.width + float(dp(APART_DP))) / (least + float(dp(APART_DP))))
        count = max(1, len(self.children))
        rows = -(-count // max(1, min(fits, count)))
        self.cols = -(-count // rows)

    def _take_height(self, *_: object) -> None:
        self.height = self.minimum_height


class ScaleGrid(Stack):
    """The numbers, and below them whatever answer is a sentence."""

    holds_targets = True

    def __init__(
        self, theme: Theme, choices: Sequence[Choice], choose: Callable[[str], None]
    ) -> None:
        super().__init__(spacing_dp=APART_DP)
        numbers = [
            NumberButton(theme, choice, choose)
            for choice in choices
            if len(choice.text) <= LONGEST_NUMBER
        ]
        sentences = [
            ChoiceButton(theme, choice, choose)
            for choice in choices
            if len(choice.text) > LONGEST_NUMBER
        ]
        self._buttons: list[ChoiceButton] = [*numbers, *sentences]
        self.compose(
            [
                Part("numbers", lambda: NumberGrid(theme, numbers)),
                *(Part(button.drive_id, partial(_itself, button)) for button in sentences),
            ]
        )

    def show(self, chosen: frozenset[str]) -> None:
        for button in self._buttons:
            button.chosen = button.drive_id in chosen


def _itself(button: ChoiceButton) -> ChoiceButton:
    return button
