"""What stays at the foot of a page: its buttons, as far as they leave the page its room."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from kivy.metrics import dp
from kivy.uix.widget import Widget

from mobile.kit.button import ButtonKind, PushButton
from mobile.kit.button_row import ButtonRow
from mobile.kit.stack import Part, Stack

APART_DP, ABOVE_DP, BELOW_DP = 12, 8, 18
MOST_SHARE, LARGE_TEXT_SHARE = 0.34, 0.24
"""A foot of buttons that takes more of the page keeps its strong one, or its first; the others end
the body.
In large text, of which little is in sight at once, it takes less."""
PAIR_SHARE = 0.4
"""So much may the strong one take with the last, which leads back: where a foot has more than
these two, or one of them takes something away, the way back stays in sight beside it."""


class Foot(Stack):
    """Saves room: large words of its buttons shrink a little before they take a further line."""

    def __init__(self) -> None:
        super().__init__(spacing_dp=APART_DP)
        self._parts: Sequence[Part] = ()
        self._is_whole = True
        self._staying: tuple[int, ...] = (0,)

    @property
    def left_over(self) -> Sequence[Part]:
        """What had no room here and belongs to the body's end."""
        if self._is_whole:
            return ()
        return [part for number, part in enumerate(self._parts) if number not in self._staying]

    def take(self, parts: Sequence[Part]) -> None:
        self._parts, self._staying = parts, (0,)
        self._compose(whole=True)

    def fit(
        self, width_px: float, page_px: float, side_px: float, elsewhere: Mapping[Hashable, Widget]
    ) -> bool:
        """Decide what stays, and return whether that has changed.

        What isn't here stands ``elsewhere``: the decision is by what all buttons would need.
        """
        kept = {**elsewhere, **self.kept}
        buttons = [kept.get(part.key) for part in self._parts]
        needs = [
            each.height_at(width_px - 2 * side_px)
            for each in buttons
            if isinstance(each, PushButton)
        ]
        apart_px = float(dp(APART_DP)) * (len(needs) - 1) + float(dp(ABOVE_DP + BELOW_DP))
        are_all_buttons = len(needs) == len(self._parts) > 1
        large = any(each.theme.is_large for each in buttons if isinstance(each, PushButton))
        most_px = page_px * (LARGE_TEXT_SHARE if large else MOST_SHARE)
        whole = not are_all_buttons or sum(needs) + apart_px <= most_px
        kinds = [each.kind for each in buttons if isinstance(each, PushButton)]
        staying = _staying(kinds, needs, page_px * PAIR_SHARE) if are_all_buttons else (0,)
        changed = (whole, staying) != (self._is_whole, self._staying)
        if changed:
            self._staying = staying
            self._compose(whole=whole)
        above, below = (ABOVE_DP, BELOW_DP) if self.children else (0, 0)
        self.padding = [side_px, dp(above), side_px, dp(below)]
        return changed

    def _compose(self, *, whole: bool) -> None:
        self._is_whole = whole
        staying = [part for number, part in enumerate(self._parts) if number in self._staying]
        self.compose(self._parts if whole else staying)
        for part in self.children:
            if isinstance(part, PushButton | ButtonRow):
                part.save_room()


def _staying(
    kinds: Sequence[ButtonKind], needs: Sequence[float], most_px: float
) -> tuple[int, ...]:
    """Which of a foot's buttons stay where there's no room for all."""
    strong = kinds.index(ButtonKind.PRIMARY) if ButtonKind.PRIMARY in kinds else 0
    last = len(kinds) - 1
    takes_away = ButtonKind.NEUTRAL in kinds
    if strong == last or (len(kinds) <= len((strong, last)) and not takes_away):
        return (strong,)
    both_px = needs[strong] + needs[last] + float(dp(APART_DP + ABOVE_DP + BELOW_DP))
    if both_px <= most_px:
        return (strong, last)
    return (last,) if takes_away else (strong,)
