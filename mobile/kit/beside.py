"""Two widgets side by side where they fit, one above the other where they don't."""

from __future__ import annotations

from collections.abc import Callable

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.kit.theme import Theme


class Beside(BoxLayout):
    """The first takes what the second leaves; mirrored for right-to-left.

    ``least_px`` says how wide the first must stay, ``second_px`` how wide the second is.
    """

    def __init__(
        self,
        theme: Theme,
        first: Widget,
        second: Widget,
        *,
        least_px: Callable[[], float],
        second_px: Callable[[], float],
        spacing_dp: float = 12,
    ) -> None:
        super().__init__(size_hint_y=None, spacing=dp(spacing_dp))
        self._theme = theme
        self._first, self._second = first, second
        self._least_px, self._second_px = least_px, second_px
        self._order: tuple[Widget, ...] = ()
        for widget in (first, second):
            widget.bind(height=self._take_height)
        second.bind(width=self.arrange)
        self.bind(width=self.arrange)
        self.arrange()

    def arrange(self, *_: object) -> None:
        fits = self._least_px() + self._second_px() + self.spacing <= self.width
        self.orientation = "horizontal" if fits else "vertical"
        row = (self._first, self._second)
        self._put(row[::-1] if fits and self._theme.mirrored else row)
        self._first.pos_hint = {"center_y": 0.5} if fits else {}
        self._second.pos_hint = {"center_y": 0.5} if fits else self._stacked_hint()
        self._take_height()

    def _stacked_hint(self) -> dict[str, float]:
        if self._second.size_hint_x is not None:
            return {}
        return {"right": 1.0} if self._theme.mirrored else {"x": 0.0}

    def _put(self, order: tuple[Widget, ...]) -> None:
        if order == self._order:
            return
        self._order = order
        self.clear_widgets()
        for widget in order:
            self.add_widget(widget)

    def _take_height(self, *_: object) -> None:
        heights = (self._first.height, self._second.height)
        if self.orientation == "horizontal":
            self.height = max(heights)
        else:
            self.height = sum(heights) + self.spacing
