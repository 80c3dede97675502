"""The ladder of a "now" alert: who is told when, until somebody acknowledges."""

from __future__ import annotations

from dataclasses import dataclass

FIRST, SECOND, EVERYBODY = 1, 2, 3
LAST_STEP = 48
"""Then the alert waits on the list alone; by that time everybody was told again and again."""


@dataclass(frozen=True)
class Ladder:
    """How long each rung has, in minutes."""

    step_minutes: int

    def step_at(self, since_ms: int, now_ms: int) -> int:
        """Return which step is due: 0 at once, then one more each time, up to the last."""
        return min(LAST_STEP, max(0, (now_ms - since_ms) // (self.step_minutes * 60_000)))

    def begun_at(self, step: int, now_ms: int) -> int:
        """Return when a ladder began of which this step begins now."""
        return now_ms - step * self.step_minutes * 60_000


def rung_of(step: int) -> int:
    """Return whom a step tells: the first on call, the second, then everybody."""
    return min(FIRST + step, EVERYBODY)
