"""Pages that refresh themselves: each reader and view is written down once in a while.

A page that stays open all day asks every few seconds; a line for each would bury the others. What
is shown anew, to somebody else or with another patient on the list, is written down at once.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable

from cloud.clock import Clock

EVERY_MS = 15 * 60_000
"""An open page is a line this often (own choice)."""
KEPT_MAX = 10_000


class Refreshes:
    """Which views were written down of late, in this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._written_ms: dict[Hashable, int] = {}

    def is_due(self, view: Hashable) -> bool:
        """Return whether this view is to be written down now."""
        with self._lock:
            written_ms = self._written_ms.get(view)
        return written_ms is None or not 0 <= self._clock.wall_ms() - written_ms < EVERY_MS

    def written(self, view: Hashable) -> None:
        """Take the view as written down: only once its line is committed."""
        with self._lock:
            if len(self._written_ms) >= KEPT_MAX:
                self._written_ms.clear()
            self._written_ms[view] = self._clock.wall_ms()
