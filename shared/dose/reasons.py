"""Why a session may not open: stable codes, plain words, and the instant at which each ends.

The words are English message ids for the catalogue of messages; they never blame and never
frighten. Codes travel on the wire and stand in records: a number is never used again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ReasonCode(IntEnum):
    """Every reason of the lock, with the rule behind it."""

    NOT_PROVISIONED = 1  # R23
    NO_PRESCRIPTION = 2  # R17
    OTHER_DEVICE = 3  # R17
    OTHER_PATIENT = 4  # R22
    NOT_YET_VALID = 5  # R5
    EXPIRED = 6  # R5
    CLOCK_NOT_TRUSTED = 7  # R5, R15
    CLEARANCE_MISSING = 8  # R20
    CLEARANCE_OLD = 9  # R20
    NEWER_VERSION_EXISTS = 10  # R17, R20
    HOLD = 11  # R21
    HOLD_ON_ITS_WAY = 12  # R20, R21
    SESSION_INTERVAL = 13  # R4
    DAY_WINDOW = 14  # R8
    WEEK_WINDOW = 15  # R8
    COURSE_DONE = 16  # R8
    CEILING_24H = 17  # R8
    CEILING_168H = 18  # R8
    THRESHOLD_OLD = 19  # R14
    SCREENING_NEEDED = 20  # R16
    SCREENING_POSTPONED = 21  # R16
    TEMPERATURE = 22  # R15
    CONTACT = 23  # R15
    POSITION = 24  # R15
    BATTERY = 25  # R15
    SELF_TEST = 26  # R15
    LEDGER_ROOM = 27  # R15, R28
    FAULT = 28  # R27, R29
    OUTSIDE_ENVELOPE = 29  # R30, R31
    TRAINING_NEEDED = 30  # R15
    SUPERVISION_NEEDED = 31  # R15
    ATTENDANT_NEEDED = 32  # R15
    EAR_PROTECTION_NEEDED = 33  # R15
    TREATMENT_ENDED = 34  # R17
    SIGNER_LEFT = 35  # R18
    SIGNER_REVOKED = 36  # R18
    REVOCATION_ON_ITS_WAY = 37  # R18, R20
    PHASE_INTERVAL = 38  # R9
    PHASE_WEEK = 39  # R9
    NO_MAKE_UP = 40  # R9
    MAKE_UP_LATE = 41  # R9
    SIDE_EFFECTS_UNANSWERED = 42  # R9
    OTHER_COIL = 43  # R14
    FIRMWARE_UNCONFIRMED = 44  # R15
    COURSE_OVER = 45  # R8
    MOTION = 46  # R11


class Severity(IntEnum):
    """Who can end it: time, the person, the clinic, or service."""

    WAIT = 1
    PERSON = 2
    CLINIC = 3
    SERVICE = 4


@dataclass(frozen=True)
class Reason:
    """One reason. ``ends_proven_ms`` is on the device's proven time; None when time alone does
    not end it."""

    code: ReasonCode
    ends_proven_ms: int | None = None

    @property
    def words(self) -> str:
        """The sentence for the patient, in English."""
        return WORDS[self.code]

    @property
    def severity(self) -> Severity:
        """Who can end it."""
        return _SEVERITY.get(self.code, Severity.WAIT)


WORDS: dict[ReasonCode, str] = {
    ReasonCode.NOT_PROVISIONED: "The band does not belong to a clinic yet.",
    ReasonCode.NO_PRESCRIPTION: "Your clinic has not put a plan on the band yet.",
    ReasonCode.OTHER_DEVICE: "The plan is for another band. Your clinic can put it right.",
    ReasonCode.OTHER_PATIENT: "This phone and the band belong to different people.",
    ReasonCode.NOT_YET_VALID: "Your plan has not begun yet.",
    ReasonCode.EXPIRED: "Your plan has come to its end. Your clinic can renew it.",
    ReasonCode.CLOCK_NOT_TRUSTED: "The band does not know the time yet. The phone fetches it.",
    ReasonCode.CLEARANCE_MISSING: "The band waits for word from your clinic. The phone fetches it.",
    ReasonCode.CLEARANCE_OLD: "The band needs fresh word from your clinic. The phone fetches it.",
    ReasonCode.NEWER_VERSION_EXISTS: "Your clinic has a newer plan. The phone fetches it.",
    ReasonCode.HOLD: "Your clinic has paused the treatment and will talk to you.",
    ReasonCode.HOLD_ON_ITS_WAY: "A message from your clinic has to reach the band first.",
    ReasonCode.SESSION_INTERVAL: "Your brain rests between two sessions.",
    ReasonCode.DAY_WINDOW: "Today's session is done. The band keeps the time to the next.",
    ReasonCode.WEEK_WINDOW: "This week's sessions are done.",
    ReasonCode.COURSE_DONE: "All sessions of your plan are done.",
    ReasonCode.CEILING_24H: "The band has given all that it gives in one day.",
    ReasonCode.CEILING_168H: "The band has given all that it gives in one week.",
    ReasonCode.THRESHOLD_OLD: "Your clinic needs to measure your threshold again.",
    ReasonCode.SCREENING_NEEDED: "A few safety questions come first.",
    ReasonCode.SCREENING_POSTPONED: "After your answers the session waits a while.",
    ReasonCode.TEMPERATURE: "The band is warm. It needs to cool down.",
    ReasonCode.CONTACT: "The band does not sit close enough. Put it on again.",
    ReasonCode.POSITION: "The band has slipped. Move it back to its place.",
    ReasonCode.BATTERY: "The band needs charging first.",
    ReasonCode.SELF_TEST: "The band's own check did not pass. Call your clinic.",
    ReasonCode.LEDGER_ROOM: "The band's record is full. Bring it near the phone to send it.",
    ReasonCode.FAULT: "The band needs service. It will not start. Call your clinic.",
    ReasonCode.OUTSIDE_ENVELOPE: "The plan is outside the band's limits. Call your clinic.",
    ReasonCode.TRAINING_NEEDED: "The short lessons come first.",
    ReasonCode.SUPERVISION_NEEDED: "Trained staff has to be with you for this session.",
    ReasonCode.ATTENDANT_NEEDED: "Somebody has to be with you for this session.",
    ReasonCode.EAR_PROTECTION_NEEDED: "Put in your ear protection first.",
    ReasonCode.TREATMENT_ENDED: "Your clinic has ended this treatment.",
    ReasonCode.SIGNER_LEFT: "A colleague at your clinic has to sign your plan anew.",
    ReasonCode.SIGNER_REVOKED: "Your clinic has to sign your plan anew before you go on.",
    ReasonCode.REVOCATION_ON_ITS_WAY: "A message from your clinic has to reach the band first.",
    ReasonCode.PHASE_INTERVAL: "Sessions lie further apart in this part of your course.",
    ReasonCode.PHASE_WEEK: "This week's sessions are done in this part of your course.",
    ReasonCode.NO_MAKE_UP: "There is nothing of the last session to make up.",
    ReasonCode.MAKE_UP_LATE: "The time to make up the rest of the last session is over.",
    ReasonCode.SIDE_EFFECTS_UNANSWERED: "The questions after your last session come first.",
    ReasonCode.OTHER_COIL: "The plan is for another coil. Your clinic can put it right.",
    ReasonCode.FIRMWARE_UNCONFIRMED: "The band finishes its update first.",
    ReasonCode.COURSE_OVER: "The time set for your course is over. Your clinic can renew it.",
    ReasonCode.MOTION: "Sit still for a moment.",
}

_SEVERITY: dict[ReasonCode, Severity] = {
    ReasonCode.NO_PRESCRIPTION: Severity.CLINIC,
    ReasonCode.OTHER_DEVICE: Severity.CLINIC,
    ReasonCode.OTHER_PATIENT: Severity.CLINIC,
    ReasonCode.EXPIRED: Severity.CLINIC,
    ReasonCode.HOLD: Severity.CLINIC,
    ReasonCode.COURSE_DONE: Severity.CLINIC,
    ReasonCode.THRESHOLD_OLD: Severity.CLINIC,
    ReasonCode.SUPERVISION_NEEDED: Severity.CLINIC,
    ReasonCode.OUTSIDE_ENVELOPE: Severity.CLINIC,
    ReasonCode.SCREENING_NEEDED: Severity.PERSON,
    ReasonCode.TRAINING_NEEDED: Severity.PERSON,
    ReasonCode.CONTACT: Severity.PERSON,
    ReasonCode.POSITION: Severity.PERSON,
    ReasonCode.BATTERY: Severity.PERSON,
    ReasonCode.TREATMENT_ENDED: Severity.CLINIC,
    ReasonCode.SIGNER_LEFT: Severity.CLINIC,
    ReasonCode.SIGNER_REVOKED: Severity.CLINIC,
    ReasonCode.OTHER_COIL: Severity.CLINIC,
    ReasonCode.COURSE_OVER: Severity.CLINIC,
    ReasonCode.NO_MAKE_UP: Severity.CLINIC,
    ReasonCode.MAKE_UP_LATE: Severity.CLINIC,
    ReasonCode.ATTENDANT_NEEDED: Severity.PERSON,
    ReasonCode.EAR_PROTECTION_NEEDED: Severity.PERSON,
    ReasonCode.SIDE_EFFECTS_UNANSWERED: Severity.PERSON,
    ReasonCode.MOTION: Severity.PERSON,
    ReasonCode.SELF_TEST: Severity.SERVICE,
    ReasonCode.FAULT: Severity.SERVICE,
}
