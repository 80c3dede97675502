"""How long to wait before the next try: quick while somebody waits, thrifty when nobody does.

Each wait is drawn from the upper half of a bound that doubles, so that two phones in reach of one
band don't try in step.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from firmware_bridge.timebase import Clock

_MOST_DOUBLINGS = 16


@dataclass(frozen=True)
class BackOff:
    """Bounds of the wait between two tries (own figures)."""

    first_ms: int
    longest_ms: int

    def __post_init__(self) -> None:
        if not 0 < self.first_ms <= self.longest_ms:
            raise ValueError(f"first_ms: {self.first_ms} isn't from 1 to {self.longest_ms}")

    def wait_ms(self, failures: int, draw: float) -> int:
        """The wait after so many failures in a row; `draw` is from 0 to 1."""
        bound = min(self.longest_ms, self.first_ms * 2 ** min(failures, _MOST_DOUBLINGS))
        return int(bound * (0.5 + draw / 2))


QUICK = BackOff(first_ms=200, longest_ms=5_000)
THRIFTY = BackOff(first_ms=5_000, longest_ms=300_000)


class Pace:
    """Somebody waits, or nobody does; a change to haste ends a wait that is under way."""

    def __init__(
        self,
        clock: Clock,
        *,
        quick: BackOff = QUICK,
        thrifty: BackOff = THRIFTY,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._quick = quick
        self._thrifty = thrifty
        self._jitter = jitter
        self._hurried = asyncio.Event()
        self._hurried.set()

    @property
    def in_haste(self) -> bool:
        return self._hurried.is_set()

    def hurry(self) -> None:
        """Somebody looks at the screen: try at once, and often."""
        self._hurried.set()

    def take_time(self) -> None:
        """Nobody waits: spare the battery."""
        self._hurried.clear()

    async def wait(self, failures: int) -> None:
        """Return when it's time for the next try."""
        if self.in_haste:
            await self._clock.sleep_ms(self._quick.wait_ms(failures, self._jitter()))
            return
        wait_ms = self._thrifty.wait_ms(failures, self._jitter())
        try:
            await self._clock.wait_for(self._hurried.wait(), wait_ms)
        except TimeoutError:
            return
