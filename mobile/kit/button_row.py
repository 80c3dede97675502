"""Buttons beside each other as far as their words fit, and in further rows where they don't."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.metrics import dp, sp
from kivy.uix.boxlayout import BoxLayout

from mobile.kit.button import ON_A_LINE_SP, SNUG_DP, PushButton
from mobile.kit.stack import Stack
from mobile.kit.text import fitting_size_px
from mobile.kit.theme import Theme

APART_DP = 12

Rows = list[list[int]]


class ButtonRow(Stack):
    """Equal widths where each word fits; then by the words' own; then in rows.

    Where it saves room, large words shrink a little before they break or go into a further row.
    Buttons that are ``alike`` always share one row in equal widths: their words break instead.
    """

    def __init__(self, theme: Theme, buttons: Sequence[PushButton], *, alike: bool = False) -> None:
        super().__init__(spacing_dp=APART_DP)
        self.buttons = list(buttons)
        self._are_alike = alike
        self._mirrored = theme.mirrored
        self._usual_px = float(self.buttons[0].padding[0])
        self._usual_text_px = self.buttons[0].label.wanted_px
        self._saves_room = False
        self._arranged: object = None
        for button in self.buttons:
            button.pos_hint = {"center_y": 0.5}
            button.label.bind(height=self._heighten)
        self._lines: list[BoxLayout] = []
        self.bind(width=self._arrange)
        self._arrange()

    def save_room(self) -> None:
        self._saves_room = True
        self._arrange()

    def _arrange(self, *_: object) -> None:
        text_px = self._text_px()
        for button in self.buttons:
            button.label.want(text_px)
        needs = [button.label.natural_width_px() + float(dp(2)) for button in self.buttons]
        rows, snug = self._rows(needs)
        equal = self._are_alike or (not snug and len(rows) == 1)
        if (rows, snug) != self._arranged:
            self._arranged = (rows, snug)
            self._put(
                rows,
                [1.0 if equal else need + self._margin(snug=snug) for need in needs],
                snug=snug,
            )
        self._heighten()

    def _text_px(self) -> float:
        """The greatest size at which all stand in one row unbroken, else each in a row of its own;
        else the usual one."""
        least_px = float(sp(ON_A_LINE_SP))
        if not self._saves_room or self._usual_text_px <= least_px:
            return self._usual_text_px
        count = len(self.buttons)
        apart_px = float(dp(APART_DP)) * (count - 1)
        margins_px = count * (self._margin(snug=True) + float(dp(2)))

        def row_px(size_px: float) -> float:
            return sum(button.label.line_px_at(size_px) for button in self.buttons)

        def widest_px(size_px: float) -> float:
            return max(button.label.line_px_at(size_px) for button in self.buttons)

        def word_px(size_px: float) -> float:
            return max(button.label.word_px_at(size_px) for button in self.buttons)

        room_px = float(self.width) - apart_px - margins_px
        if self._are_alike:
            size_px = fitting_size_px(self._usual_text_px, room_px / count, widest_px)
            if size_px < least_px:
                size_px = fitting_size_px(self._usual_text_px, room_px / count, word_px)
            return size_px
        size_px = fitting_size_px(self._usual_text_px, room_px, row_px)
        if size_px < least_px:
            own_px = float(self.width) - margins_px / count
            size_px = fitting_size_px(self._usual_text_px, own_px, widest_px)
        return size_px if size_px >= least_px else self._usual_text_px

    def _rows(self, needs: Sequence[float]) -> tuple[Rows, bool]:
        """Which buttons stand in which row, and whether with little margin."""
        count, gap = len(needs), float(dp(APART_DP))
        everything: Rows = [list(range(count))]
        share = (float(self.width) - gap * (count - 1)) / count
        if max(needs) + self._margin(snug=False) <= share:
            return everything, False
        if self._are_alike:
            return everything, True
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
