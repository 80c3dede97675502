"""Charges in moving windows, in bounded memory (R8).

Charges that fall within ten minutes share a bucket, which ages by its last charge: so a bucket
may hold a charge up to ten minutes longer than it must, and never lets one go too early. A window
of 168 hours has at most 1,026 buckets, however long the course.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

BUCKET_MS = 600_000
SLICE_MS = 10_000
"""A slice's last pulse falls at most this long after its charge (R1)."""

DAY_MS = 86_400_000
CEILING_DAY_MS = DAY_MS
CEILING_WEEK_MS = 7 * DAY_MS
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
    """All buckets of the last 168 hours, oldest first."""

    buckets: tuple[Bucket, ...] = ()

    def charge(self, at_ms: int, amount: Amount) -> Windows:
        """Return the windows with ``amount`` charged at the proven instant ``at_ms``."""
        kept = tuple(b for b in self.buckets if b.last_ms + CEILING_WEEK_MS > at_ms)
        if kept and at_ms - kept[-1].first_ms < BUCKET_MS - SLICE_MS:
            newest = kept[-1]
            joined = replace(
                newest,
                last_ms=max(newest.last_ms, at_ms),
                pulses=newest.pulses + amount.pulses,
                sessions=newest.sessions + amount.sessions,
            )
            return Windows((*kept[:-1], joined))
        return Windows((*kept, Bucket(at_ms, at_ms, amount.pulses, amount.sessions)))

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

    def within(self, window_ms: int, now_ms: int) -> Amount:
        """Return what is charged in the window that ends now."""
        inside = [b for b in self.buckets if b.last_ms + window_ms > now_ms]
        return Amount(sum(b.pulses for b in inside), sum(b.sessions for b in inside))

    def fits_from(self, window_ms: int, now_ms: int, wanted: Amount, limit: Amount) -> int | None:
        """Return the first instant, now or later, at which ``wanted`` fits under ``limit``.

        None when it never does, because ``wanted`` alone is more than ``limit``.
        """
        if wanted.pulses > limit.pulses or wanted.sessions > limit.sessions:
            return None
        instants = [now_ms, *(b.last_ms + window_ms for b in self.buckets)]
        for instant in sorted(i for i in instants if i >= now_ms):
            there = self.within(window_ms, instant)
            if (
                there.pulses + wanted.pulses <= limit.pulses
                and there.sessions + wanted.sessions <= limit.sessions
            ):
                return instant
        return None
