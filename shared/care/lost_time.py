"""Time that a band lost and a prescriber may make good, read from its record (R5, R6).

A band's proven time goes on while it knows that time passes, its wall clock is set by the clinic:
where the wall clock went on by more than proven time, time was lost. It's measured from a record
behind the last one that began a wait, for what was lost before a session mustn't shorten the wait
behind it. Only what the record says; whether it's true is for the prescriber to know.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.dose.ledger_state import LedgerState
from shared.dose.waits import begins_a_wait
from shared.wire.records import Record

ENOUGH_MS = 10 * 60_000
"""Less isn't asked for: the windows' own grain is as coarse (R8)."""
SAME_MS = 60_000
"""Two clocks that are set by tokens part by less between two records (own figure)."""


@dataclass(frozen=True)
class Anchor:
    """A record with a clock: its number, the chain's hash there, both times in milliseconds."""

    number: int
    hash: bytes
    clock_ms: int
    proven_ms: int

    @property
    def ahead_ms(self) -> int:
        """By how much the wall clock is ahead of proven time."""
        return self.clock_ms - self.proven_ms


@dataclass(frozen=True)
class LostTime:
    """``before`` is the newest record before the loss, ``newest`` the newest with a clock.

    Both are None where no record has had a clock since the last one that began a wait.
    """

    before: Anchor | None = None
    newest: Anchor | None = None

    @property
    def lost_ms(self) -> int:
        """How much was lost between the two; 0 for nothing."""
        if self.before is None or self.newest is None:
            return 0
        return max(0, self.newest.ahead_ms - self.before.ahead_ms)

    @property
    def is_enough(self) -> bool:
        """Whether it's worth a prescriber's signature."""
        return self.lost_ms >= ENOUGH_MS


def note(lost: LostTime, record: Record, after: LedgerState) -> LostTime:
    """Return what is known once a record is taken in; ``after`` is the ledger's state behind it."""
    if begins_a_wait(record):
        lost = LostTime()
    if record.clock_ms is None:
        return lost
    here = Anchor(record.number, after.hash, record.clock_ms, after.proven_ms)
    if lost.before is None or here.ahead_ms <= lost.before.ahead_ms + SAME_MS:
        return LostTime(here, here)
    return replace(lost, newest=here)
