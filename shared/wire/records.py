"""The ledger record: deterministic CBOR ``[number, type, boot_count, uptime_ms, clock_ms, body]``.

All type numbers are reserved from the start (R27); an unknown one is a fault of the ledger. Bodies
are maps with small keys; they stand in three files beside this one and are found here by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.wire import canonical, fields
from shared.wire.authority_records import (
    SIGNER_BYTES,
    AppAuthorizedBody,
    CatalogueAcceptedBody,
    ClearanceBody,
    ControlTakenBody,
    GateAnswersBody,
    HoldConfirmedBody,
    HoldExpiredBody,
    HoldLiftedBody,
    HoldPlacedBody,
    HoldTakenBackBody,
    PostponedBody,
    PrescriptionInstalledBody,
    ProvisionedBody,
    ResetBody,
    RetiredBody,
    RevocationBody,
    RootRotatedBody,
    SupervisedBody,
    TrainingDoneBody,
)
from shared.wire.device_records import (
    BootBody,
    ClockLostBody,
    ClockSetBody,
    FaultBody,
    FirmwareBody,
    PracticeBody,
    SelfTestBody,
    TimeAttestedBody,
)
from shared.wire.errors import WireError
from shared.wire.record_types import CloseCause, PauseCause, RecordType, SessionKind
from shared.wire.session_records import (
    SessionClosedBody,
    SessionOpenedBody,
    SessionPausedBody,
    SessionResumedBody,
    SessionSummaryBody,
    SideEffectAnswersBody,
    SliceClosedBody,
    SliceReservedBody,
    ThresholdMeasuredBody,
)

__all__ = [
    "BODIES",
    "MAXIMUM_RECORD_BYTES",
    "SIGNER_BYTES",
    "AppAuthorizedBody",
    "Body",
    "BootBody",
    "CatalogueAcceptedBody",
    "ClearanceBody",
    "ClockLostBody",
    "ClockSetBody",
    "CloseCause",
    "ControlTakenBody",
    "FaultBody",
    "FirmwareBody",
    "GateAnswersBody",
    "HoldConfirmedBody",
    "HoldExpiredBody",
    "HoldLiftedBody",
    "HoldPlacedBody",
    "HoldTakenBackBody",
    "PauseCause",
    "PostponedBody",
    "PracticeBody",
    "PrescriptionInstalledBody",
    "ProvisionedBody",
    "Record",
    "RecordType",
    "ResetBody",
    "RetiredBody",
    "RevocationBody",
    "RootRotatedBody",
    "SelfTestBody",
    "SessionClosedBody",
    "SessionKind",
    "SessionOpenedBody",
    "SessionPausedBody",
    "SessionResumedBody",
    "SessionSummaryBody",
    "SideEffectAnswersBody",
    "SliceClosedBody",
    "SliceReservedBody",
    "SupervisedBody",
    "ThresholdMeasuredBody",
    "TimeAttestedBody",
    "TrainingDoneBody",
    "decode_record",
    "encode_record",
]

MAXIMUM_RECORD_BYTES = 128

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
    | HoldTakenBackBody
    | HoldConfirmedBody
    | HoldExpiredBody
    | HoldLiftedBody
    | PostponedBody
    | TrainingDoneBody
    | SupervisedBody
    | ControlTakenBody
    | ThresholdMeasuredBody
    | SideEffectAnswersBody
    | ClockLostBody
    | TimeAttestedBody
    | RevocationBody
    | RootRotatedBody
    | CatalogueAcceptedBody
    | RetiredBody
    | ResetBody
    | SelfTestBody
    | PracticeBody
    | FirmwareBody
    | SessionSummaryBody
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
