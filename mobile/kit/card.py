"""A white sheet on the paper, holding a column of parts."""

from __future__ import annotations

from kivy.metrics import dp

from mobile.kit.paint import Ground
from mobile.kit.stack import Stack
from mobile.kit.theme import Theme


class Card(Stack):
    def __init__(self, theme: Theme, *, spacing_dp: float = 10, padding_dp: float = 20) -> None:
        super().__init__(spacing_dp=spacing_dp, padding_dp=(padding_dp, padding_dp))
        Ground(
            self,
            theme.colour("card"),
            radius_px=theme.card_radius_px,
            border=theme.colour("line"),
            border_px=float(dp(1.2)),
        )
