"""AuditEvent: a line of the clinic's audit log that is about the patient.

Who acted is an id, as in the log. Whom else a line was about isn't said.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloud.audit.looks import KINDS
from cloud.fhir.elements import (
    SPACE,
    Element,
    Resource,
    extension,
    identifier,
    moment,
    packed,
    without_nothing,
)
from cloud.fhir.mapping import Mapping
from cloud.fhir.source import Source

_PATIENT_RECORD = {
    "system": "http://dicom.nema.org/resources/ontology/DCM",
    "code": "110110",
    "display": "Patient Record",
}
_SUCCESS = "0"


@dataclass(frozen=True)
class LookRecord:
    """One line: its number, who did what to which subject on which page, and the hash by which it
    hangs on the line before."""

    number: int
    at_ms: int
    actor: str
    action: str
    subject: str
    route: str
    hash: bytes


def _write(record: LookRecord, source: Source) -> Resource:
    details = [
        {"type": name, "valueString": value}
        for name, value in (("subject", record.subject), ("route", record.route))
        if value
    ]
    return without_nothing(
        {
            **source.head("AuditEvent", key_of(record)),
            "extension": [
                extension("number", "PositiveInt", record.number),
                extension("hash", "Base64Binary", packed(record.hash)),
            ],
            "type": dict(_PATIENT_RECORD),
            "subtype": [{"system": f"{SPACE}act", "code": record.action}],
            "action": "R" if record.action in KINDS else "E",
            "recorded": moment(record.at_ms),
            "outcome": _SUCCESS,
            "agent": [
                {"who": {"identifier": identifier("actor", record.actor)}, "requestor": True}
            ],
            "source": {"observer": {"identifier": identifier("clinic", source.clinic_id)}},
            "entity": [without_nothing({"what": source.reference("Patient"), "detail": details})],
        }
    )


def _read(element: Element) -> LookRecord:
    entity = element.first("entity")
    details = {each.text("type"): each.text("valueString") for each in entity.each("detail")}
    return LookRecord(
        number=element.extension("number").whole("valuePositiveInt"),
        at_ms=element.moment("recorded"),
        actor=element.first("agent").child("who").identifier("actor"),
        action=element.first("subtype").text("code"),
        subject=details.get("subject", ""),
        route=details.get("route", ""),
        hash=element.extension("hash").data("valueBase64Binary"),
    )


def key_of(record: LookRecord) -> str:
    """Return what a line's id is made of."""
    return str(record.number)


LOOK = Mapping("looks", "AuditEvent", LookRecord, key_of, _write, _read)
