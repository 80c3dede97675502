"""The lock in words: what it is called, when it ends and what ends it. It never blames.

The words of each reason stand in `shared.dose.reasons`; the verdict is the band's or, while the
band is away, this phone's own over the record that it holds. It's never made here.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.presenters.views import Chip, Tone
from mobile.presenters.words import Now, distance, from_day_and_time
from shared.dose.reasons import Reason, ReasonCode, Severity

_FITTING = {ReasonCode.CONTACT, ReasonCode.POSITION}
_QUESTIONS = {ReasonCode.SCREENING_NEEDED}
_FETCHED = {
    ReasonCode.CLOCK_NOT_TRUSTED,
    ReasonCode.CLEARANCE_MISSING,
    ReasonCode.CLEARANCE_OLD,
    ReasonCode.NEWER_VERSION_EXISTS,
    ReasonCode.HOLD_ON_ITS_WAY,
    ReasonCode.NOT_PROVISIONED,
}


@dataclass(frozen=True)
class Lock:
    """A verdict with wall times. ``by_band`` is false where only this phone worked it out."""

    reasons: tuple[LockReason, ...]
    by_band: bool

    @property
    def permitted(self) -> bool:
        """True when nothing speaks against a session."""
        return not self.reasons

    @property
    def asks_questions_only(self) -> bool:
        """True when the person can end it all: by the questions, and by putting the band on."""
        codes = {reason.code for reason in self.reasons}
        return bool(codes & _QUESTIONS) and codes <= _QUESTIONS | _FITTING


@dataclass(frozen=True)
class LockReason:
    """One reason; ``ends_wall_ms`` where time ends it."""

    reason: Reason
    ends_wall_ms: int | None = None

    @property
    def code(self) -> ReasonCode:
        """Its stable code."""
        return self.reason.code


@dataclass(frozen=True)
class LockWords:
    """How the card on the day's screen names a lock."""

    chip: Chip
    lead: str | None
    title: str
    detail: str | None


def lock_words(lock: Lock, now: Now) -> LockWords:
    """Return the words for the gravest reason: service, clinic, time, the person, then waiting."""
    codes = {reason.code for reason in lock.reasons}
    severities = {reason.reason.severity for reason in lock.reasons}
    ends = [r.ends_wall_ms for r in lock.reasons if r.ends_wall_ms is not None]
    if Severity.SERVICE in severities:
        return LockWords(Chip("Needs service", Tone.STOP), None, "Call your clinic", None)
    if ReasonCode.NO_PRESCRIPTION in codes:
        return LockWords(Chip("Waiting", Tone.WAIT), None, "Waiting for your plan", None)
    if ReasonCode.COURSE_DONE in codes:
        return LockWords(Chip("Finished", Tone.OK), None, "All sessions are done", None)
    if Severity.CLINIC in severities:
        words = "Your clinic will talk to you"
        return LockWords(Chip("Paused by your clinic", Tone.WAIT), None, words, None)
    if ends:
        return _resting(max(ends), now)
    if codes & _FETCHED:
        return LockWords(Chip("Waiting", Tone.WAIT), None, "Getting word from your clinic", None)
    if codes <= _FITTING:
        return LockWords(Chip("Not seated yet", Tone.WAIT), None, "Put the band on", None)
    if codes & _QUESTIONS:
        title = "A few questions first"
        return LockWords(Chip("Before you start", Tone.WAIT), None, title, None)
    return LockWords(Chip("Not yet", Tone.WAIT), None, "The band isn't ready yet", None)


def _resting(ends_ms: int, now: Now) -> LockWords:
    return LockWords(
        Chip("Resting time", Tone.WAIT),
        "Next session",
        from_day_and_time(now, ends_ms),
        f"in {distance(ends_ms - now.wall_ms)}",
    )
