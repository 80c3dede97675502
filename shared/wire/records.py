"""The ledger record: deterministic CBOR ``[number, type, boot_count, uptime_ms, clock_ms, body]``.

All type numbers are reserved from the start (R27); an unknown one is a fault of the ledger. Bodies
are maps with small keys; those of the types that are written today are dataclasses here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar

from shared.trust.statements import (
    HASH_BYTES,
    ID_BYTES,
    GateOutcome,
    HoldKind,
    HoldSource,
)
from shared.wire import canonical, fields
from shared.wire.errors import WireError
from shared.wire.fields import wire

MAXIMUM_RECORD_BYTES = 128


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


class PauseCause(IntEnum):
    """What ended the pulses for a while (R12)."""

    STOP = 1
    BUTTON = 2
    BEAT_MISSED = 3
    STILL_HERE_MISSED = 4
    CONTACT = 5
    POSITION = 6
    PAUSE_ASKED = 7


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


@dataclass(frozen=True)
class BootBody:
    """A boot; ``clock_unbroken`` says whether the backed clock proves the gap (R5)."""

    TYPE: ClassVar[RecordType] = RecordType.BOOT

    backed_count_ms: int = wire(1)
    clock_unbroken: bool = wire(2)
    proven_ms: int = wire(3)
    firmware: str = wire(4, maximum=16)


@dataclass(frozen=True)
class ClockSetBody:
    """The wall clock was set by a time token over a nonce of the device (R7)."""

    TYPE: ClassVar[RecordType] = RecordType.CLOCK_SET

    wall_ms: int = wire(1)
    statement_hash: bytes = wire(2, length=HASH_BYTES)


@dataclass(frozen=True)
class ProvisionedBody:
    """Record 1: the device belongs to a clinic and a patient (R23)."""

    TYPE: ClassVar[RecordType] = RecordType.PROVISIONED

    transfer_hash: bytes = wire(1, length=HASH_BYTES)
    assignment_hash: bytes = wire(2, length=HASH_BYTES)
    patient_id: bytes = wire(3, length=ID_BYTES)


@dataclass(frozen=True)
class AppAuthorizedBody:
    """An app was enrolled (R22)."""

    TYPE: ClassVar[RecordType] = RecordType.APP_AUTHORIZED

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    key_id: bytes = wire(2, length=ID_BYTES)
    number: int = wire(3)


@dataclass(frozen=True)
class PrescriptionInstalledBody:
    """The serial now in force (R17)."""

    TYPE: ClassVar[RecordType] = RecordType.PRESCRIPTION_INSTALLED

    prescription_hash: bytes = wire(1, length=HASH_BYTES)
    serial: int = wire(2)
    course_id: bytes = wire(3, length=ID_BYTES)


@dataclass(frozen=True)
class ClearanceBody:
    """Recent word from the clinic (R20)."""

    TYPE: ClassVar[RecordType] = RecordType.CLEARANCE

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    issued_s: int = wire(2)
    newest_serial: int = wire(3)
    newest_hold: int = wire(4)


@dataclass(frozen=True)
class GateAnswersBody:
    """Screening answered (R16)."""

    TYPE: ClassVar[RecordType] = RecordType.GATE_ANSWERS

    statement_hash: bytes = wire(1, length=HASH_BYTES)
    outcome: GateOutcome = wire(2)
    postpone_s: int = wire(3)
    rules_version: int = wire(4)


@dataclass(frozen=True)
class SessionOpenedBody:
    """A session begins; ``planned_pulses`` is what the prescription gives one session."""

    TYPE: ClassVar[RecordType] = RecordType.SESSION_OPENED

    session_id: bytes = wire(1, length=ID_BYTES)
    prescription_hash: bytes = wire(2, length=HASH_BYTES)
    planned_pulses: int = wire(3)
    planned_trains: int = wire(4)
    arm_hash: bytes = wire(5, length=HASH_BYTES)


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
class HoldPlacedBody:
    """Treatment is held (R21)."""

    TYPE: ClassVar[RecordType] = RecordType.HOLD_PLACED

    hold_id: bytes = wire(1, length=ID_BYTES)
    kind: HoldKind = wire(2)
    source: HoldSource = wire(3)
    reason: str = wire(4, maximum=32)
    number: int = wire(5)


@dataclass(frozen=True)
class FaultBody:
    """The device will not fire until service looks at it."""

    TYPE: ClassVar[RecordType] = RecordType.FAULT

    code: str = wire(1, maximum=32)


Body = (
    BootBody
    | ClockSetBody
    | ProvisionedBody
    | AppAuthorizedBody
    | PrescriptionInstalledBody
    | ClearanceBody
    | GateAnswersBody
    | SessionOpenedBody
    | SliceReservedBody
    | SliceClosedBody
    | SessionPausedBody
    | SessionResumedBody
    | SessionClosedBody
    | HoldPlacedBody
    | FaultBody
)

BODIES: dict[RecordType, type[Any]] = {kind.TYPE: kind for kind in Body.__args__}


@dataclass(frozen=True)
class Record:
    """One line of the ledger."""

    number: int
    type: RecordType
    boot_count: int
    uptime_ms: int
    clock_ms: int | None
    body: Body | None


def encode_record(record: Record) -> bytes:
    """Return the record's canonical bytes; raise WireError above 128 bytes."""
    body = {} if record.body is None else fields.to_map(record.body)
    line = [
        record.number,
        int(record.type),
        record.boot_count,
        record.uptime_ms,
        record.clock_ms,
        body,
    ]
    data = canonical.encode(line)
    if len(data) > MAXIMUM_RECORD_BYTES:
        raise WireError("record", f"has {len(data)} bytes, at most {MAXIMUM_RECORD_BYTES}")
    return data


def decode_record(data: bytes) -> Record:
    """Return the record; raise WireError for anything that this version cannot read whole."""
    if len(data) > MAXIMUM_RECORD_BYTES:
        raise WireError("record", f"has more than {MAXIMUM_RECORD_BYTES} bytes")
    line = canonical.decode(data)
    if not isinstance(line, list) or len(line) != 6:
        raise WireError("record", "is not a list of six")
    number, kind, boot_count, uptime_ms, clock_ms, body = line
    for name, value in (("number", number), ("boot_count", boot_count), ("uptime_ms", uptime_ms)):
        _whole(name, value)
    if clock_ms is not None:
        _whole("clock_ms", clock_ms)
    record_type = _type(kind)
    if record_type not in BODIES:
        _require_empty(body)
        return Record(number, record_type, boot_count, uptime_ms, clock_ms, None)
    decoded = fields.from_map(BODIES[record_type], body)
    return Record(number, record_type, boot_count, uptime_ms, clock_ms, decoded)


def _whole(name: str, value: Any) -> None:
    if type(value) is not int or not 0 <= value <= fields.MAXIMUM_INT:
        raise WireError(name, "is not a whole number")


def _type(value: Any) -> RecordType:
    _whole("type", value)
    try:
        return RecordType(value)
    except ValueError as problem:
        raise WireError("type", f"{value!r:.20} is no record type") from problem


def _require_empty(body: Any) -> None:
    if body != {}:
        raise WireError("body", "stands in a record type that this version does not write")
