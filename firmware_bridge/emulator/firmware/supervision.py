"""Is somebody there? The phone's beat, and the person's "still here" (R11).

Deadlines in uptime only; what follows from a missed one is the treatment's to do.
"""

from __future__ import annotations

from dataclasses import dataclass

STILL_HERE_ANSWER_MS = 20_000


@dataclass
class Supervision:
    """Deadlines of beat and presence while a session is armed or runs."""

    beat_limit_ms: int
    still_here_every_ms: int
    beat_by_ms: int = 0
    ask_at_ms: int = 0
    answer_by_ms: int | None = None

    def begin(self, now_ms: int) -> None:
        """Start both anew, at arming, start and resume."""
        self.beat(now_ms)
        self.still_here(now_ms)

    def beat(self, now_ms: int) -> None:
        """The phone is alive."""
        self.beat_by_ms = now_ms + self.beat_limit_ms

    def still_here(self, now_ms: int) -> None:
        """The person is there."""
        self.ask_at_ms = now_ms + self.still_here_every_ms
        self.answer_by_ms = None

    def tighten(self, beat_limit_ms: int, still_here_every_ms: int) -> None:
        """Go by shorter limits from the last beat and the last answer on (R17)."""
        self.beat_by_ms -= self.beat_limit_ms - beat_limit_ms
        self.ask_at_ms -= self.still_here_every_ms - still_here_every_ms
        self.beat_limit_ms, self.still_here_every_ms = beat_limit_ms, still_here_every_ms

    def ask(self, now_ms: int) -> None:
        """Ask the person now, at its time or after a break of contact."""
        if self.answer_by_ms is None:
            self.answer_by_ms = now_ms + STILL_HERE_ANSWER_MS

    def next_ms(self) -> int:
        """Return the nearest deadline while stimulating."""
        presence_ms = self.ask_at_ms if self.answer_by_ms is None else self.answer_by_ms
        return min(self.beat_by_ms, presence_ms)
