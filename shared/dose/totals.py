"""Charges in moving windows, in bounded memory (R8).

Charges that fall within ten minutes share a bucket, which ages by its last charge: so a bucket
may hold a charge up to ten minutes longer than it must, and never lets one go too early. A window
of 168 hours has at most 1,026 buckets, however long the course.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

BUCKET_MS = 600_000
SLICE_MS = 10_000
"""A slice's last pulse falls at most this long after its charge (R1)."""

DAY_MS = 86_400_000
CEILING_DAY_MS = DAY_MS
CEILING_WEEK_MS = 7 * DAY_MS
SHORTEST_DAY_WINDOW_MS = 18 * 3_600_000
"""A prescription's day window is 18 to 24 h (R8)."""
WEEK_MS = (6 * 24 + 20) * 3_600_000
"""A prescription's week: 6 d 20 h, so that weekly habits never lock by minutes (R8)."""


@dataclass(frozen=True)
class Bucket:
    """Pulses and sessions charged between two instants of proven elapsed time."""

    first_ms: int
    last_ms: int
    pulses: int
    sessions: int


@dataclass(frozen=True)
class Amount:
    """Pulses and sessions together."""

    pulses: int
    sessions: int


@dataclass(frozen=True)
class Windows:
    """All buckets of the last 168 hours, oldest first.

    Beside them stand their ends and sums, so that a question costs a bisection and not a walk.
    """

    buckets: tuple[Bucket, ...] = ()
    _ends: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _pulses: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _sessions: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ends", tuple(b.last_ms for b in self.buckets))
        object.__setattr__(self, "_pulses", _sums(b.pulses for b in self.buckets))
        object.__setattr__(self, "_sessions", _sums(b.sessions for b in self.buckets))

    def charge(self, at_ms: int, amount: Amount) -> Windows:
        """Return the windows with ``amount`` charged at the proven instant ``at_ms``."""
        kept = self.lasting(at_ms).buckets
        last_ms = max(at_ms, kept[-1].last_ms) if kept else at_ms
        if kept and at_ms - kept[-1].first_ms < BUCKET_MS - SLICE_MS:
            newest = kept[-1]
            joined = replace(
                newest,
                last_ms=last_ms,
                pulses=newest.pulses + amount.pulses,
                sessions=newest.sessions + amount.sessions,
            )
            return Windows((*kept[:-1], joined))
        return Windows((*kept, Bucket(at_ms, last_ms, amount.pulses, amount.sessions)))

    def release(self, amount: Amount, *, last_ms: int = 0) -> Windows:
        """Return the windows with ``amount`` of the newest bucket given back (R1: once, by the
        record that closes the slice). From ``last_ms``, its last pulse, the bucket ages."""
        if not self.buckets:
            return self
        newest = self.buckets[-1]
        lighter = replace(
            newest,
            last_ms=max(newest.last_ms, last_ms),
            pulses=max(0, newest.pulses - amount.pulses),
            sessions=max(0, newest.sessions - amount.sessions),
        )
        return Windows((*self.buckets[:-1], lighter))

    def opened_with(self, at_ms: int, day: Amount, week: Amount) -> Windows:
        """Return the windows with another device's charges in them (R24): the last day's as of
        now, the rest of the week's as of the shortest day window ago, or now too where that would
        fall before what is charged here already."""
        earlier_ms = at_ms - SHORTEST_DAY_WINDOW_MS
        if self.buckets and self.buckets[-1].last_ms > earlier_ms:
            return self.charge(at_ms, week)
        rest = Amount(week.pulses - day.pulses, week.sessions - day.sessions)
        return self.charge(earlier_ms, rest).charge(at_ms, day)

    def lasting(self, now_ms: int) -> Windows:
        """Return the windows without the charges that no window reaches any more."""
        return Windows(tuple(b for b in self.buckets if b.last_ms + CEILING_WEEK_MS > now_ms))

    def joined_with(self, other: Windows) -> Windows:
        """Return the windows with everything that is charged in either."""
        both = sorted((*self.buckets, *other.buckets), key=lambda bucket: bucket.last_ms)
        return Windows(tuple(both))

    def within(self, window_ms: int, now_ms: int) -> Amount:
        """Return what is charged in the window that ends now."""
        first = bisect.bisect_right(self._ends, now_ms - window_ms)
        return Amount(
            self._pulses[-1] - self._pulses[first], self._sessions[-1] - self._sessions[first]
        )

    def fits_from(self, window_ms: int, now_ms: int, wanted: Amount, limit: Amount) -> int | None:
        """Return the first instant, now or later, at which ``wanted`` fits under ``limit``.

        None when it never does, because ``wanted`` alone is more than ``limit``.
        """
        if wanted.pulses > limit.pulses or wanted.sessions > limit.sessions:
            return None
        inside = bisect.bisect_right(self._ends, now_ms - window_ms)
        too_many_pulses = self._pulses[-1] + wanted.pulses - limit.pulses
        too_many_sessions = self._sessions[-1] + wanted.sessions - limit.sessions
        gone = max(
            inside,
            bisect.bisect_left(self._pulses, too_many_pulses),
            bisect.bisect_left(self._sessions, too_many_sessions),
        )
        return now_ms if gone == inside else self._ends[gone - 1] + window_ms


def _sums(amounts: Iterable[int]) -> tuple[int, ...]:
    """Return what stands before each bucket, and at the end what stands in all."""
    return tuple(itertools.accumulate(amounts, initial=0))
