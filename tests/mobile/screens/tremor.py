"""A finger that shakes: 6 Hz, 15 dp to both sides, as a tremor of rest or of holding does.

The frequency lies within what is seen in Parkinson's disease and essential tremor; both figures
are the ones that the app is made for.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

from kivy.metrics import dp

FREQUENCY_HZ = 6.0
AMPLITUDE_DP = 15.0
STEP_S = 1 / 60


def shaking(
    chance: random.Random, x_px: float, y_px: float, hold_s: float
) -> Iterator[tuple[float, float]]:
    """Yield the finger's places about the one aimed at, a sixtieth of a second apart."""
    across, up = (chance.uniform(0, 2 * math.pi) for _ in range(2))
    reach = float(dp(AMPLITUDE_DP))
    for step in range(max(2, round(hold_s / STEP_S))):
        turn = 2 * math.pi * FREQUENCY_HZ * step * STEP_S
        yield x_px + reach * math.sin(turn + across), y_px + reach * math.sin(turn + up)
