"""A column whose parts survive from one view to the next.

A screen says anew what it consists of at each view. A part whose key stays keeps its widget, and
with it focus, typed text and place; only what changed is built anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget


@dataclass(frozen=True)
class Part:
    """``build`` makes the widget of a key once; ``show`` (if any) tells it each newer view."""

    key: Hashable
    build: Callable[[], Widget]
    show: Callable[[Any], None] | None = None


class Stack(BoxLayout):
    """A column as high as its parts."""

    def __init__(self, *, spacing_dp: float = 12, padding_dp: Sequence[float] = (0, 0)) -> None:
        super().__init__(
            orientation="vertical",
            size_hint_y=None,
            height=0,
            spacing=dp(spacing_dp),
            padding=[dp(side) for side in padding_dp],
        )
        self._kept: dict[Hashable, Widget] = {}
        self.bind(minimum_height=self._take_height)

    @property
    def kept(self) -> Mapping[Hashable, Widget]:
        """Its widgets by their parts' keys."""
        return self._kept

    def compose(self, parts: Sequence[Part]) -> None:
        kept = {part.key: self._kept.get(part.key) or part.build() for part in parts}
        if list(kept) != list(self._kept):
            self.clear_widgets()
            for widget in kept.values():
                self.add_widget(widget)
        self._kept = kept
        for part in parts:
            if part.show is not None:
                part.show(kept[part.key])

    def _take_height(self, *_: object) -> None:
        self.height = self.minimum_height


class Spacer(Widget):
    """Takes the room that is left, so that what follows stands at the bottom."""


class Gap(Widget):
    """A fixed distance."""

    def __init__(self, height_dp: float) -> None:
        super().__init__(size_hint_y=None, height=dp(height_dp))


def spacer(key: str = "spacer") -> Part:
    return Part(("spacer", key), Spacer)
