"""What the next seconds of a session feel like: tapping or quiet, and for how long.

Worked out from the time left, which the band gives: the end of a session is always whole trains,
also after a pause. Whether the band fires at this moment is its own to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.language import _, n_
from mobile.presenters.words import about_minutes
from shared.dose.prescription import Prescription

MINUTE_MS = 60_000


@dataclass(frozen=True)
class Coming:
    """Tapping or quiet, for so many milliseconds from now."""

    tapping: bool
    ms: int


def coming(plan: Prescription, left_ms: int, *, part: int | None = None) -> Coming:
    """Return what comes with so much time left of the session; ``part`` is the present site."""
    index = len(plan.parts) - 1 if part is None else min(part, len(plan.parts) - 1)
    later_ms = sum(each.plan.duration_us for each in plan.parts[index + 1 :]) // 1000
    here = plan.parts[index]
    train_ms = here.pattern.train_us // 1000
    cycle_ms = train_ms + here.interval_ms
    rest_ms = max(0, left_ms - later_ms)
    within_ms = rest_ms if here.trains == 1 else rest_ms % cycle_ms
    if 0 < within_ms <= train_ms:
        return Coming(tapping=True, ms=within_ms)
    if within_ms == 0:
        return Coming(tapping=rest_ms == 0, ms=0 if rest_ms == 0 else here.interval_ms)
    return Coming(tapping=False, ms=within_ms - train_ms)


def coming_words(next_seconds: Coming, *, firing: bool) -> str:
    """Return it in words. Where the band and the reckoning differ by a moment, the band counts."""
    if firing:
        if not next_seconds.tapping or next_seconds.ms < 1000:
            return _("Tapping now")
        return _for(next_seconds.ms, tapping=True)
    if next_seconds.tapping or next_seconds.ms < 1000:
        return _("The tapping begins")
    return _for(next_seconds.ms, tapping=False)


def _for(ms: int, *, tapping: bool) -> str:
    if ms > MINUTE_MS:
        length = about_minutes(ms)
        if tapping:
            return _("Tapping for {length}").format(length=length)
        return _("Quiet for {length}").format(length=length)
    seconds = -(-ms // 1000)
    if tapping:
        words = n_("Tapping for 1 second", "Tapping for {count} seconds", seconds)
    else:
        words = n_("Quiet for 1 second", "Quiet for {count} seconds", seconds)
    return words.format(count=seconds)
