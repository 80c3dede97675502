"""When a state of a session ends by itself: plain uptimes, no decisions (R10, R12)."""

from __future__ import annotations

from dataclasses import dataclass

FOREVER_MS = 2**62
START_WINDOW_MS = 30_000


@dataclass
class Deadlines:
    """When the present state ends, when the whole session does, and until when a press starts."""

    state_ms: int = FOREVER_MS
    session_ms: int = FOREVER_MS
    window_ms: int = 0

    @property
    def next_ms(self) -> int:
        """The nearest end."""
        return min(self.state_ms, self.session_ms)

    def enter(self, until_ms: int = FOREVER_MS) -> None:
        """Begin a state that ends at ``until_ms``; no press starts anything yet."""
        self.state_ms, self.window_ms = until_ms, 0

    def open_window(self, now_ms: int) -> None:
        """Open the half minute in which the band's button starts or goes on (R10)."""
        self.window_ms = now_ms + START_WINDOW_MS

    def forget(self) -> None:
        """There is no session any more."""
        self.state_ms = self.session_ms = FOREVER_MS
        self.window_ms = 0
