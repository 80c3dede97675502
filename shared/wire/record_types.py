"""The numbers that stand in ledger records: types, causes, kinds; each is given once."""

from __future__ import annotations

from enum import IntEnum


class RecordType(IntEnum):
    """Every type that the ledger will ever hold, numbered once."""

    BOOT = 1
    CLOCK_SET = 2
    CLOCK_LOST = 3
    TIME_ATTESTED = 4
    PROVISIONED = 5
    RETIRED = 6
    ROOT_ROTATED = 7
    CATALOGUE_ACCEPTED = 8
    APP_AUTHORIZED = 9
    REVOCATION = 10
    PRESCRIPTION_INSTALLED = 11
    CLEARANCE = 12
    GATE_ANSWERS = 13
    SESSION_OPENED = 14
    SLICE_RESERVED = 15
    SLICE_CLOSED = 16
    SESSION_PAUSED = 17
    SESSION_RESUMED = 18
    SESSION_CLOSED = 19
    HOLD_PLACED = 20
    HOLD_TAKEN_BACK = 21
    HOLD_CONFIRMED = 22
    HOLD_EXPIRED = 23
    HOLD_LIFTED = 24
    POSTPONED = 25
    TRAINING_DONE = 26
    SUPERVISED = 27
    CONTROL_TAKEN = 28
    THRESHOLD_MEASURED = 29
    CHECKPOINT = 30
    SESSION_SUMMARY = 31
    SELF_TEST = 32
    RESET = 33
    PRACTICE = 34
    FAULT = 35
    FIRMWARE = 36
    SIDE_EFFECT_ANSWERS = 37


class PauseCause(IntEnum):
    """What ended the pulses for a while (R12)."""

    STOP = 1
    BUTTON = 2
    BEAT_MISSED = 3
    STILL_HERE_MISSED = 4
    CONTACT = 5
    POSITION = 6
    PAUSE_ASKED = 7
    INCOMING_CALL = 8


class CloseCause(IntEnum):
    """Why a session ended (R12)."""

    COMPLETED = 1
    ENDED_BY_PERSON = 2
    PAUSE_LIMIT = 3
    OVER_TEMPERATURE = 4
    FAULT = 5
    HOLD = 6
    PRESCRIPTION_ENDED = 7
    MOTION = 8
    REBOOT = 9
    LOCKED_ON_RESUME = 10
    TIME_LIMIT = 11
    ADVERSE_EVENT = 12


class SessionKind(IntEnum):
    """What a session is: charged as one, the rest of one (R9), or none at all (R14)."""

    TREATMENT = 1
    MAKE_UP = 2
    TITRATION = 3
