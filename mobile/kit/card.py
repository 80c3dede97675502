"""A white sheet on the paper, holding a column of parts."""

from __future__ import annotations

from kivy.metrics import dp

from mobile.kit.paint import Ground
from mobile.kit.stack import Column
from mobile.kit.theme import Theme

PADDING_DP, LARGE_TEXT_PADDING_DP = 20, 14


def card_padding_dp(theme: Theme) -> float:
    """What is left free within a card's edge; less in large text, where words need the width."""
    return LARGE_TEXT_PADDING_DP if theme.is_large else PADDING_DP


class Card(Column):
    """Its parts are as near to each other as they belong together."""

    def __init__(
        self, theme: Theme, *, spacing_dp: float = 10, padding_dp: float | None = None
    ) -> None:
        padding_dp = card_padding_dp(theme) if padding_dp is None else padding_dp
        super().__init__(spacing_dp=spacing_dp, padding_dp=(padding_dp, padding_dp))
        Ground(
            self,
            theme.colour("card"),
            radius_px=theme.card_radius_px,
            border=theme.colour("line"),
            border_px=float(dp(1.2)),
        )
