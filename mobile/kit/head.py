"""The head of a page: title and subtitle, with a chip or the emergency button at its end."""

from __future__ import annotations

from kivy.metrics import dp
from kivy.uix.widget import Widget

from mobile.kit.beside import Beside
from mobile.kit.button import PushButton
from mobile.kit.chip import ChipLabel
from mobile.kit.stack import Part, Stack
from mobile.kit.text import Text
from mobile.kit.theme import Theme
from mobile.presenters.views import Chip


class Head(Stack):
    """``side`` keeps its natural width; on a narrow page it goes below the title."""

    def __init__(self, theme: Theme, side: ChipLabel | PushButton | None = None) -> None:
        super().__init__(spacing_dp=2)
        self.title = Text(theme, "", size="title", bold=True)
        self.subtitle = Text(theme, "", size="small", colour=theme.colour("ink_soft"))
        words = Stack(spacing_dp=0)
        self._subtitle = Part("subtitle", lambda: self.subtitle)
        self._title = Part("title", lambda: self.title)
        self._words = words
        self._side = side
        row: Widget = words
        if side is not None:
            side.size_hint_x = None
            row = self._beside(theme, words, side)
        self._row = row
        self.compose([Part("row", lambda: row)])

    def say(self, title: str, subtitle: str, chip: Chip | None = None) -> None:
        if chip is not None and isinstance(self._side, ChipLabel):
            self._side.say(chip)
        self.title.text = title
        self.subtitle.text = subtitle
        self._words.compose([self._title, self._subtitle] if subtitle else [self._title])
        if isinstance(self._row, Beside):
            self._row.arrange()

    def _beside(self, theme: Theme, words: Stack, side: ChipLabel | PushButton) -> Beside:
        if isinstance(side, PushButton):
            side.width = side.natural_width_px() + float(dp(2))
        return Beside(
            theme,
            words,
            side,
            least_px=lambda: max(self.title.least_width_px(), self._subtitle_least_px()),
            second_px=lambda: float(side.width),
            spacing_dp=10,
        )

    def _subtitle_least_px(self) -> float:
        return min(self.subtitle.natural_width_px(), self.title.wanted_px * 5)
