"""The ring of trains: one segment each, delivered ones filled, with figures in the middle."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kivy.graphics import Color, InstructionGroup, SmoothLine
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from mobile.kit.text import LINE_BOX, Text, TimerText
from mobile.kit.theme import Theme
from mobile.kit.tokens import Rgba, mixed

LINE_DP = 13
LEAST_DP, GREATEST_DP = 164, 290
LEAST_GROWTH = 0.75
"""How far the smallest ring grows with the text inside it."""
MOST_SEGMENTS = 90
DIGIT_HEIGHT = 0.72
"""Height of a digit in font sizes."""


NOTE_SHARES = (0.86, 0.78, 0.7, 0.62, 0.54)
"""Widths of the words in the middle, as shares of the ring's own, the widest first."""
BREAKING = 1.15
"""So much longer is a text once it's broken into lines."""
NOTE_REACH = 0.9
"""How much of the height of the middle is ink."""


@dataclass(frozen=True)
class Trains:
    """``train`` (from 1) is under way unless done; ``stale`` greys what was last known."""

    count: int
    train: int
    done: int
    stale: bool


class TrainRing(FloatLayout):
    """Drawn anew only when a train or the size changes."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(size_hint_y=None, height=dp(GREATEST_DP))
        self._theme = theme
        self._trains = Trains(1, 0, 0, stale=False)
        self._drawn: object = None
        self._group = InstructionGroup()
        self.canvas.add(self._group)
        self.big = TimerText(theme, "")
        self.note = Text(theme, "", size="small", colour=theme.colour("ink_soft"), align="center")
        self._middle = BoxLayout(orientation="vertical", size_hint=(None, None))
        self.big.size_hint_x, self.big.pos_hint = None, {"center_x": 0.5}
        self._middle.add_widget(self.big)
        self._middle.add_widget(self.note)
        self.add_widget(self._middle)
        self.bind(pos=self._arrange, size=self._arrange)
        for text in (self.big, self.note):
            text.bind(height=self._arrange)

    def show(self, trains: Trains, big: str, note: str) -> None:
        self._trains = trains
        self.big.text = big
        self.note.text = note
        self._arrange()

    @property
    def least_px(self) -> float:
        """The smallest that has room for its words."""
        return least_ring_px(self._theme)

    def take_room(self, height_px: float) -> None:
        """As large as the room allows, but never too small for its words."""
        self.height = max(self.least_px, min(dp(GREATEST_DP), height_px))

    @property
    def radius_px(self) -> float:
        return float(min(self.width, self.height) / 2 - dp(LINE_DP))

    @property
    def middle_px(self) -> tuple[float, float]:
        """Kivy's own ``center`` may still be the old one while a new size is being told."""
        return float(self.x + self.width / 2), float(self.y + self.height / 2)

    def _arrange(self, *_: object) -> None:
        inner_px = max(1.0, self.radius_px - float(dp(LINE_DP)))
        # By the sizes wanted: those that fit follow the widths, and each would move the other.
        note_width_px, note_px = self._note_room_px(inner_px)
        reach_px = note_px / 2 + self.big.wanted_px * DIGIT_HEIGHT / 2
        self.big.width = _chord_px(inner_px, reach_px)
        self._middle.width = note_width_px
        self._middle.height = self.big.height + self.note.height
        self._middle.center = self.middle_px
        self._draw()

    def _note_room_px(self, inner_px: float) -> tuple[float, float]:
        """The widest that keeps the note's lower corners within the ring, and its height then."""
        natural_px, line_px = self.note.natural_width_px(), self.note.wanted_px * LINE_BOX
        width_px = height_px = 0.0
        for share in NOTE_SHARES:
            width_px = 2 * inner_px * share
            height_px = math.ceil(natural_px / width_px * BREAKING) * line_px
            reach_px = (self.big.wanted_px * LINE_BOX + height_px) / 2 * NOTE_REACH
            if width_px <= _chord_px(inner_px, reach_px):
                break
        return width_px, height_px

    def _draw(self) -> None:
        wanted = (self._trains, self.middle_px, self.radius_px)
        if wanted == self._drawn or self.radius_px <= 0:
            return
        self._drawn = wanted
        self._group.clear()
        count = min(max(1, self._trains.count), MOST_SEGMENTS)
        whole = 360 / count
        gap = min(3.4, whole * 0.28) if count > 1 else 0.0
        for index in range(count):
            self._segment(index, index * whole + gap / 2, (index + 1) * whole - gap / 2)

    def _segment(self, index: int, start: float, end: float) -> None:
        x, y = self.middle_px
        self._group.add(Color(*self._colour(index)))
        self._group.add(
            SmoothLine(
                circle=(x, y, self.radius_px, start, end, max(4, int(end - start))),
                width=dp(LINE_DP) / 2,
                overdraw_width=dp(0.8),
            )
        )

    def _colour(self, index: int) -> Rgba:
        theme, trains = self._theme, self._trains
        full = theme.colour("ink_soft" if trains.stale else "data")
        empty = theme.empty()
        share = max(1, trains.count) / min(max(1, trains.count), MOST_SEGMENTS)
        if (index + 1) * share <= trains.done:
            return mixed(full, empty, 0.55) if trains.stale else full
        under_way = trains.train > trains.done and index * share < trains.train
        return mixed(full, empty, 0.3 if trains.stale else 0.5) if under_way else empty


def least_ring_px(theme: Theme) -> float:
    """How small a ring may be for the words within it."""
    return float(dp(LEAST_DP)) * (1 + (theme.text_scale - 1) * LEAST_GROWTH)


def _chord_px(radius_px: float, off_px: float) -> float:
    """Width of a circle at a distance from its middle."""
    return 2 * math.sqrt(max(1.0, radius_px**2 - min(off_px, radius_px) ** 2))
