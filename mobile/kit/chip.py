"""A small rounded label: a state in a word or two, its colour only in support."""

from __future__ import annotations

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout

from mobile.kit.paint import Ground
from mobile.kit.text import Text
from mobile.kit.theme import Theme
from mobile.presenters.views import Chip


class ChipLabel(BoxLayout):
    def __init__(self, theme: Theme) -> None:
        super().__init__(size_hint=(None, None), padding=[dp(14), dp(6)])
        self.theme = theme
        self._widest_px = float("inf")
        self.label = Text(theme, "", size="small", bold=True, align="center")
        self._ground = Ground(self, (0, 0, 0, 0), radius_px=dp(100))
        self.add_widget(self.label)
        self.label.bind(height=self._take_height)

    def say(self, chip: Chip) -> None:
        text, ground = self.theme.tone(chip.tone)
        self.label.text = chip.text
        self.label.color = text
        if self.theme.is_high:
            self._ground.paint(ground, self.theme.colour("ink"), float(dp(1)))
        else:
            self._ground.paint(ground, ground, 0.0)
        self.keep_within(self._widest_px)

    def keep_within(self, width_px: float) -> None:
        """A chip longer than its line wraps."""
        self._widest_px = width_px
        self.width = min(self.natural_width_px(), width_px)

    def natural_width_px(self) -> float:
        return self.label.natural_width_px() + float(dp(30))

    def _take_height(self, *_: object) -> None:
        self.height = self.label.height + dp(12)
