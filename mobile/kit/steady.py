"""For hands that shake: one touch is one answer, however often the finger bounces.

STOP isn't bound by any of this: it acts at every touch-down.
"""

from __future__ import annotations

import time
from collections.abc import Callable

REPEAT_S = 0.4
"""A second touch within this time is the same one, bounced (own figure)."""


class SteadyHand:
    """Tells a deliberate touch from a repeat; one for the whole window, since a page may change
    under the finger between the two."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self.now_s = now_s
        self._last_s: float | None = None

    def admits(self) -> bool:
        """Return whether this touch counts; it then is the newest that did."""
        now_s = self.now_s()
        if self._last_s is not None and now_s - self._last_s < REPEAT_S:
            return False
        self._last_s = now_s
        return True

    def forget(self) -> None:
        """Take the next touch as the first: for scripts, whose finger never bounces."""
        self._last_s = None


HAND = SteadyHand()
