"""Procedure: a session as the band's verified record tells it. What it gave stands in `dose`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cloud.fhir.elements import (
    Element,
    Resource,
    coded,
    extension,
    identifier,
    moment,
    without_nothing,
)
from cloud.fhir.errors import NotValid
from cloud.fhir.mapping import Mapping
from cloud.fhir.resources.device import key_of as key_of_device
from cloud.fhir.resources.prescription import key_of as key_of_prescription
from cloud.fhir.source import ID_BYTES, Source
from cloud.ledger.effects import cause_words
from shared.trust.statements import HASH_BYTES
from shared.wire.record_types import CloseCause, SessionKind

_KINDS = {
    SessionKind.TREATMENT: "Transcranial magnetic stimulation session",
    SessionKind.MAKE_UP: "Rest of an interrupted stimulation session",
    SessionKind.TITRATION: "Titration of the motor threshold",
}


@dataclass(frozen=True)
class SessionRecord:
    """One session of a band's record; ``cause`` is None while it's open, ``day`` the local day on
    which it began. Times are None where the band's clock didn't know them."""

    device_id: bytes
    epoch: bytes
    opened_number: int
    course_id: bytes
    prescription_hash: bytes
    kind: SessionKind
    day: date
    opened_ms: int | None
    closed_ms: int | None
    cause: CloseCause | None


def _write(record: SessionRecord, source: Source) -> Resource:
    period = without_nothing(
        {
            "start": None if record.opened_ms is None else moment(record.opened_ms),
            "end": None if record.closed_ms is None else moment(record.closed_ms),
        }
    )
    cause = record.cause
    why = None if cause is None else coded("close-cause", str(int(cause)), cause_words(cause))
    key = key_of(record.device_id, record.epoch, record.opened_number)
    return without_nothing(
        {
            **source.head("Procedure", key),
            "extension": [extension("day", "Date", record.day.isoformat())],
            "identifier": [
                identifier("session", key),
                identifier("course", record.course_id.hex()),
            ],
            "basedOn": [
                {
                    **source.reference(
                        "ServiceRequest", key_of_prescription(record.prescription_hash)
                    ),
                    "identifier": identifier("prescription-hash", record.prescription_hash.hex()),
                }
            ],
            "status": _status(record),
            "statusReason": why,
            "code": coded("session-kind", str(int(record.kind)), _KINDS[record.kind]),
            "subject": source.reference("Patient"),
            "performedPeriod": period or None,
            "usedReference": [source.reference("Device", key_of_device(record.device_id))],
        }
    )


def _status(record: SessionRecord) -> str:
    if record.cause is None:
        return "in-progress"
    return "completed" if record.cause is CloseCause.COMPLETED else "stopped"


def _read(element: Element) -> SessionRecord:
    device_id, epoch, number = read_key(element)
    period = element.child("performedPeriod") if element.has("performedPeriod") else None
    cause = element.code("statusReason", "close-cause") if element.has("statusReason") else None
    try:
        kind = SessionKind(int(element.code("code", "session-kind")))
        closed = None if cause is None else CloseCause(int(cause))
    except ValueError:
        raise NotValid(element.at("code"), "or statusReason has a code of ours unknown") from None
    return SessionRecord(
        device_id=device_id,
        epoch=epoch,
        opened_number=number,
        course_id=element.identified("course", ID_BYTES),
        prescription_hash=element.first("basedOn").identified("prescription-hash", HASH_BYTES),
        kind=kind,
        day=element.extension("day").day("valueDate"),
        opened_ms=period.moment("start") if period and period.has("start") else None,
        closed_ms=period.moment("end") if period and period.has("end") else None,
        cause=closed,
    )


def key_of(device_id: bytes, epoch: bytes, opened_number: int) -> str:
    """Return what a session's id is made of: where its first record stands."""
    return f"{device_id.hex()}/{epoch.hex()}/{opened_number}"


def read_key(element: Element) -> tuple[bytes, bytes, int]:
    """Return device, epoch and number of a session's first record."""
    device, _slash, rest = element.identifier("session").partition("/")
    epoch, _slash, number = rest.partition("/")
    try:
        found = bytes.fromhex(device), bytes.fromhex(epoch), int(number)
    except ValueError:
        found = b"", b"", 0
    if key_of(*found) != element.identifier("session") or len(found[0]) != ID_BYTES:
        raise NotValid(element.at("identifier"), "names no session")
    return found


SESSION = Mapping(
    "sessions",
    "Procedure",
    SessionRecord,
    lambda record: key_of(record.device_id, record.epoch, record.opened_number),
    _write,
    _read,
)
