"""Buttons beside each other as far as their words fit, and in further rows where they don't."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout

from mobile.kit.button import PushButton
from mobile.kit.stack import Stack
from mobile.kit.theme import Theme

APART_DP = 8
SNUG_DP = 8
"""Margin beside a button's words where there's little room."""

Rows = list[list[int]]


class ButtonRow(Stack):
    """Equal widths where each word fits; then by the words' own; then in rows."""

    def __init__(self, theme: Theme, buttons: Sequence[PushButton]) -> None:
        super().__init__(spacing_dp=APART_DP)
        self.buttons = list(buttons)
        self._mirrored = theme.mirrored
        self._usual_px = float(self.buttons[0].padding[0])
        self._arranged: object = None
        for button in self.buttons:
            button.pos_hint = {"center_y": 0.5}
            button.label.bind(height=self._heighten)
        self._lines: list[BoxLayout] = []
        self.bind(width=self._arrange)
        self._arrange()

    def _arrange(self, *_: object) -> None:
        needs = [button.label.natural_width_px() + float(dp(2)) for button in self.buttons]
        rows, snug = self._rows(needs)
        equal = not snug and len(rows) == 1
        if (rows, snug) != self._arranged:
            self._arranged = (rows, snug)
            self._put(
                rows,
                [1.0 if equal else need + self._margin(snug=snug) for need in needs],
                snug=snug,
            )
        self._heighten()

    def _rows(self, needs: Sequence[float]) -> tuple[Rows, bool]:
        """Which buttons stand in which row, and whether with little margin."""
        count, gap = len(needs), float(dp(APART_DP))
        everything: Rows = [list(range(count))]
        share = (float(self.width) - gap * (count - 1)) / count
        if max(needs) + self._margin(snug=False) <= share:
            return everything, False
        snug = [need + self._margin(snug=True) for need in needs]
        words = [button.label.least_width_px() for button in self.buttons]
        breaks_well = count == 2 and max(words) + self._margin(snug=True) <= share
        if sum(snug) + gap * (count - 1) <= self.width or breaks_well:
            return everything, True
        return packed(snug, float(self.width), gap), True

    def _margin(self, *, snug: bool) -> float:
        return 2 * (float(dp(SNUG_DP)) if snug else self._usual_px)

    def _put(self, rows: Rows, shares: Sequence[float], *, snug: bool) -> None:
        for line in self._lines:
            line.clear_widgets()
        self.clear_widgets()
        self._lines = [BoxLayout(size_hint_y=None, spacing=dp(APART_DP)) for _ in rows]
        for line, row in zip(self._lines, rows, strict=True):
            for number in reversed(row) if self._mirrored else row:
                button = self.buttons[number]
                button.size_hint_x = shares[number]
                button.padding[0] = button.padding[2] = self._margin(snug=snug) / 2
                line.add_widget(button)
            self.add_widget(line)

    def _heighten(self, *_: object) -> None:
        if not self._lines:
            return
        for line in self._lines:
            line.height = max(button.needed_px() for button in line.children)
            for button in line.children:
                button.height = line.height


def packed(needs: Sequence[float], width: float, gap: float) -> Rows:
    """As many in each row as fit, in order."""
    rows: Rows = [[]]
    left = width
    for number, need in enumerate(needs):
        if rows[-1] and need > left:
            rows.append([])
            left = width
        rows[-1].append(number)
        left -= need + gap
    return rows
