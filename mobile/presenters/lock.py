"""The lock in words: what it is called, when it ends and what ends it. It never blames.

The words of each reason stand in `shared.dose.reasons`; the verdict is the band's or, while the
band is away, this phone's own over the record that it holds. It's never made here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mobile.language import _, mark, told
from mobile.presenters.holds import Origin, hold_words
from mobile.presenters.views import Chip, Tone
from mobile.presenters.words import Now, distance, from_day_and_time
from shared.dose.reasons import Reason, ReasonCode, Severity

_FITTING = {ReasonCode.CONTACT, ReasonCode.POSITION}
_QUESTIONS = {ReasonCode.SCREENING_NEEDED}
_ANSWERED = _QUESTIONS | {ReasonCode.EAR_PROTECTION_NEEDED, ReasonCode.ATTENDANT_NEEDED}
_SEEN_ON_THE_SEAT = _FITTING | {ReasonCode.MOTION}
_FETCHED = {
    ReasonCode.CLOCK_NOT_TRUSTED,
    ReasonCode.CLEARANCE_MISSING,
    ReasonCode.CLEARANCE_OLD,
    ReasonCode.NEWER_VERSION_EXISTS,
    ReasonCode.HOLD_ON_ITS_WAY,
    ReasonCode.REVOCATION_ON_ITS_WAY,
    ReasonCode.NOT_PROVISIONED,
}


@dataclass(frozen=True)
class Lock:
    """A verdict with wall times. ``by_band`` is false where only this phone worked it out."""

    reasons: tuple[LockReason, ...]
    by_band: bool
    unknown: bool = False
    """The band is away, and this phone has too little of its record to work it out."""

    @property
    def permitted(self) -> bool:
        """True when nothing speaks against a session."""
        return not self.reasons and not self.unknown

    @property
    def is_held(self) -> bool:
        """True when somebody at the clinic has to speak with the person first."""
        return any(reason.code is ReasonCode.HOLD for reason in self.reasons)

    @property
    def asks_questions(self) -> bool:
        """True when questions are among what is left."""
        return any(reason.code in _ANSWERED for reason in self.reasons)

    @property
    def is_the_persons_to_end(self) -> bool:
        """True when the person can end it all: by the questions, and by putting the band on."""
        codes = {reason.code for reason in self.reasons}
        return bool(codes) and codes <= _ANSWERED | _SEEN_ON_THE_SEAT


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


_WAITING, _NOT_YET = Chip(mark("Waiting"), Tone.WAIT), Chip(mark("Not yet"), Tone.WAIT)
_FINISHED = Chip(mark("Finished"), Tone.OK)
_NEEDED = Chip(mark("Needs your clinic"), Tone.WAIT)
_BEFORE = Chip(mark("Before you start"), Tone.WAIT)
_OVER = {
    ReasonCode.NO_PRESCRIPTION: (_WAITING, mark("Waiting for your plan")),
    ReasonCode.TREATMENT_ENDED: (_FINISHED, mark("Your clinic has ended this treatment")),
    ReasonCode.COURSE_DONE: (_FINISHED, mark("All sessions are done")),
    ReasonCode.COURSE_OVER: (_FINISHED, mark("The time of your course is over")),
    ReasonCode.NO_MAKE_UP: (_NOT_YET, mark("Nothing is left to make up")),
    ReasonCode.MAKE_UP_LATE: (_NOT_YET, mark("The time to make it up is over")),
}
"""What ends the question, the first that applies."""
_BESIDE_THE_CLINIC = {
    ReasonCode.SUPERVISION_NEEDED: (_NOT_YET, mark("Trained staff has to be with you")),
}
"""Needs the clinic, and is no pause that it placed."""
_BY_THE_PERSON = {
    ReasonCode.TRAINING_NEEDED: (_BEFORE, mark("The short lessons first")),
    ReasonCode.SIDE_EFFECTS_UNANSWERED: (
        _BEFORE,
        mark("The questions after your last session first"),
    ),
    ReasonCode.ATTENDANT_NEEDED: (_BEFORE, mark("Somebody has to be with you")),
    ReasonCode.EAR_PROTECTION_NEEDED: (_BEFORE, mark("Put in your ear protection")),
    ReasonCode.BATTERY: (_NOT_YET, mark("The band needs charging")),
    ReasonCode.FIRMWARE_UNCONFIRMED: (_NOT_YET, mark("The band finishes its update")),
    ReasonCode.MOTION: (_NOT_YET, mark("Sit still for a moment")),
}
"""What is left when nothing graver is, the first that applies."""


def lock_words(lock: Lock, now: Now, held_by: Collection[Origin] = ()) -> LockWords:
    """Return the words for the gravest reason: service, a hold by where it came from, the clinic,
    time, the person, then waiting."""
    if lock.unknown and not lock.is_held:
        return _locked(_WAITING, mark("Bring the band near this phone"))
    codes = {reason.code for reason in lock.reasons}
    severities = {reason.reason.severity for reason in lock.reasons}
    ends = [r.ends_wall_ms for r in lock.reasons if r.ends_wall_ms is not None]
    if Severity.SERVICE in severities:
        return _locked(Chip(mark("Needs service"), Tone.STOP), mark("Call your clinic"))
    over = _first(_OVER, codes)
    if over is not None:
        return over
    if lock.is_held:
        held = hold_words(held_by)
        return LockWords(held.chip, None, held.title, None)
    by_clinic = {each.code for each in lock.reasons if each.reason.severity is Severity.CLINIC}
    if by_clinic - _BESIDE_THE_CLINIC.keys():
        return _locked(_NEEDED, mark("Please talk with your clinic"))
    if ends:
        return _resting(max(ends), now)
    if codes & _FETCHED:
        return _locked(_WAITING, mark("Getting word from your clinic"))
    beside = _first(_BESIDE_THE_CLINIC, codes)
    if beside is not None:
        return beside
    if codes <= _FITTING:
        return _locked(Chip(mark("Not seated yet"), Tone.WAIT), mark("Put the band on"))
    if codes & _QUESTIONS:
        return _locked(_BEFORE, mark("A few questions first"))
    left = _first(_BY_THE_PERSON, codes)
    return left or _locked(_NOT_YET, mark("The band isn't ready yet"))


def _first(named: dict[ReasonCode, tuple[Chip, str]], codes: set[ReasonCode]) -> LockWords | None:
    for code, (chip, title) in named.items():
        if code in codes:
            return _locked(chip, title)
    return None


def _locked(chip: Chip, title: str) -> LockWords:
    """What stands in the tables is said in the language of now."""
    return LockWords(Chip(told(chip.text), chip.tone), None, told(title), None)


def _resting(ends_ms: int, now: Now) -> LockWords:
    return LockWords(
        Chip(_("Resting time"), Tone.WAIT),
        _("Next session"),
        from_day_and_time(now, ends_ms),
        _("in {length}").format(length=distance(ends_ms - now.wall_ms)),
    )
