"""Time that moves only between steps, so that all that happens in one is a function of it.

Not a clock: it is told the time, by the clock while recording and by the journal at replay.
"""

from __future__ import annotations


class Latch:
    """The instant that the band's parts see."""

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms

    def now_ms(self) -> int:
        """The instant of the present step."""
        return self._now_ms

    def move(self, now_ms: int) -> None:
        """Begin another step. Time as it is: a clock that was set back shows."""
        self._now_ms = now_ms
