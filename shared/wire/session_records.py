"""Bodies of the records of a session: from its opening to the answers after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.trust.statements import HASH_BYTES, ID_BYTES
from shared.wire.fields import wire
from shared.wire.record_types import CloseCause, PauseCause, RecordType, SessionKind


@dataclass(frozen=True)
class SessionOpenedBody:
    """A session begins; ``planned_pulses`` is what the prescription gives one session."""

    TYPE: ClassVar[RecordType] = RecordType.SESSION_OPENED

    session_id: bytes = wire(1, length=ID_BYTES)
    prescription_hash: bytes = wire(2, length=HASH_BYTES)
    planned_pulses: int = wire(3)
    planned_trains: int = wire(4)
    arm_hash: bytes = wire(5, length=HASH_BYTES)
    kind: SessionKind = wire(6, default=SessionKind.TREATMENT)


@dataclass(frozen=True)
class SliceReservedBody:
    """Pulses reserved before they are fired (R1); ``counter`` is the outside count then (R29)."""

    TYPE: ClassVar[RecordType] = RecordType.SLICE_RESERVED

    train: int = wire(1, minimum=1)
    slice: int = wire(2, minimum=1)
    pulses: int = wire(3, minimum=1, maximum=50)
    percent_mso: int = wire(4, maximum=100)
    counter: int = wire(5)


@dataclass(frozen=True)
class SliceClosedBody:
    """What the hardware counted; the charge is the greater of commanded and measured (R1)."""

    TYPE: ClassVar[RecordType] = RecordType.SLICE_CLOSED

    train: int = wire(1, minimum=1)
    slice: int = wire(2, minimum=1)
    commanded: int = wire(3)
    measured: int = wire(4)
    last_pulse_proven_ms: int = wire(5)


@dataclass(frozen=True)
class SessionPausedBody:
    """Pulses ended for at most ten minutes."""

    TYPE: ClassVar[RecordType] = RecordType.SESSION_PAUSED

    cause: PauseCause = wire(1)


@dataclass(frozen=True)
class SessionResumedBody:
    """A deliberate touch went on with it, the lock run anew."""

    TYPE: ClassVar[RecordType] = RecordType.SESSION_RESUMED

    train: int = wire(1, minimum=1)


@dataclass(frozen=True)
class SessionClosedBody:
    """The end of a session; ``completed`` when every planned pulse was charged."""

    TYPE: ClassVar[RecordType] = RecordType.SESSION_CLOSED

    session_id: bytes = wire(1, length=ID_BYTES)
    cause: CloseCause = wire(2)
    completed: bool = wire(3)
    charged_pulses: int = wire(4)


@dataclass(frozen=True)
class SideEffectAnswersBody:
    """The questions after a session were answered (R9)."""

    TYPE: ClassVar[RecordType] = RecordType.SIDE_EFFECT_ANSWERS

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    session_id: bytes = wire(2, length=ID_BYTES)
    red_flag: bool = wire(3)


@dataclass(frozen=True)
class ThresholdMeasuredBody:
    """What a titration came to (R14): its pulses, and the output of the last."""

    TYPE: ClassVar[RecordType] = RecordType.THRESHOLD_MEASURED

    prescription_hash: bytes = wire(1, length=HASH_BYTES)
    pulses: int = wire(2)
    last_percent_mso: int = wire(3, maximum=100)


@dataclass(frozen=True)
class SessionSummaryBody:
    """What sessions came to whose records made room for others (R28): one session, or all of a
    course when there are too many."""

    TYPE: ClassVar[RecordType] = RecordType.SESSION_SUMMARY

    course_id: bytes = wire(1, length=ID_BYTES)
    sessions: int = wire(2, minimum=1)
    completed: int = wire(3)
    pulses: int = wire(4)
    first_number: int = wire(5)
    last_number: int = wire(6)
