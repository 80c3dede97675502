"""When to try again: twice as long after each failure, with some chance, up to a limit."""

from __future__ import annotations

import random

FIRST_MS = 2_000
LONGEST_MS = 300_000
_SPREAD = 0.2


class Backoff:
    """Waiting times between attempts; `reset` after one that worked."""

    def __init__(
        self,
        *,
        first_ms: int = FIRST_MS,
        longest_ms: int = LONGEST_MS,
        chance: random.Random | None = None,
    ) -> None:
        self._first_ms = first_ms
        self._longest_ms = longest_ms
        self._chance = chance or random.Random()
        self._failures = 0

    def next_ms(self) -> int:
        """Return how long to wait after one more failure."""
        plain = min(self._first_ms << min(self._failures, 30), self._longest_ms)
        self._failures += 1
        return round(plain * (1 + self._chance.uniform(-_SPREAD, _SPREAD)))

    def asked_ms(self, least_ms: int) -> int:
        """Return how long to wait where the other side asks for ``least_ms``: no less, and with
        some chance on top, so that not everybody is back at once."""
        return round(least_ms * (1 + self._chance.uniform(0, _SPREAD)))

    def reset(self) -> None:
        """An attempt worked."""
        self._failures = 0
