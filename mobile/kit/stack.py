"""A column whose parts survive from one view to the next.

A screen says anew what it consists of at each view. A part whose key stays keeps its widget, and
with it focus, typed text and place; only what changed is built anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

NEAR_DP, ANEW_SHARE, TARGETS_APART_DP = 6, 1.5, 12
"""Gaps below what leads in, above it (of the usual one), and between two targets of a finger."""
ACROSS = {"center_x": 0.5, "right": 1.0}
"""Where a narrower widget stands in its column, by its hint."""


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


class Column(Stack):
    """A stack whose gaps say what belongs together: smaller below what leads in, larger above it,
    and never too small between two targets.

    A widget that ``leads_in`` belongs to what follows; one that ``stands_apart`` begins anew; one
    that ``holds_targets`` has them at its edge.
    """

    @property
    def leads_in(self) -> bool:
        """Whether its last part does."""
        return bool(self.children) and bool(getattr(self.children[0], "leads_in", False))

    def gap_px(self, above: Widget, below: Widget) -> float:
        """The distance between two widgets that follow each other."""
        usual_px = float(self.spacing)
        if getattr(above, "leads_in", False):
            return min(usual_px, float(dp(NEAR_DP)))
        if getattr(below, "leads_in", False) or getattr(below, "stands_apart", False):
            return usual_px * ANEW_SHARE
        if _is_target(above) and _is_target(below):
            return max(usual_px, float(dp(TARGETS_APART_DP)))
        return usual_px

    def fixed_px(self) -> float:
        """What its parts need now; ``minimum_height`` lags behind a height just changed."""
        return self.height_of(self.children) + float(self.padding[1] + self.padding[3])

    def height_of(self, parts: Sequence[Widget]) -> float:
        """Height of some of its parts with the gaps between them, the lowest first."""
        heights = sum(float(part.height) for part in parts if part.size_hint_y is None)
        return heights + sum(self.gap_px(above, below) for below, above in pairwise(parts))

    def do_layout(self, *_: object) -> None:
        """Kivy's own has one distance for all."""
        self.minimum_height = self.fixed_px()
        growing = [child for child in self.children if child.size_hint_y is not None]
        free_px = max(0.0, float(self.height) - self.minimum_height) / max(1, len(growing))
        left, width = self.x + self.padding[0], self.width - self.padding[0] - self.padding[2]
        top, above = float(self.top - self.padding[1]), None
        for child in reversed(self.children):
            if above is not None:
                top -= self.gap_px(above, child)
            if child.size_hint_x is not None:
                child.width = width * child.size_hint_x
            if child.size_hint_y is not None:
                child.height = free_px
            top -= float(child.height)
            child.pos = (left + (width - child.width) * _across(child), top)
            above = child


def _is_target(widget: Widget) -> bool:
    return bool(getattr(widget, "drive_id", "") or getattr(widget, "holds_targets", False))


def _across(child: Widget) -> float:
    """Where in a wider column it stands: 0 at the left edge, 1 at the right."""
    return next((place for hint, place in ACROSS.items() if hint in child.pos_hint), 0.0)


class Spacer(Widget):
    """Takes the room that is left, so that what follows stands at the bottom."""


class Gap(Widget):
    """A fixed distance."""

    def __init__(self, height_dp: float) -> None:
        super().__init__(size_hint_y=None, height=dp(height_dp))


def spacer(key: str = "spacer") -> Part:
    return Part(("spacer", key), Spacer)
