"""Patient: who it is, since when, and in whose care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cloud.fhir.elements import Element, Resource, extension, identifier, moment, without_nothing
from cloud.fhir.mapping import Mapping
from cloud.fhir.source import ID_BYTES, Source


@dataclass(frozen=True)
class PatientRecord:
    """A patient as the clinic enrolled them; ``indication`` is the catalogue's name of it."""

    patient_id: bytes
    name: str
    birth_date: date
    indication: str
    initials: str
    telephone: str | None
    enrolled_ms: int


def _write(record: PatientRecord, source: Source) -> Resource:
    known = identifier("patient", record.patient_id.hex())
    telephone = [{"system": "phone", "value": record.telephone}] if record.telephone else []
    return without_nothing(
        {
            **source.head("Patient"),
            "extension": [
                extension("indication", "Code", record.indication),
                extension("initials", "String", record.initials),
            ],
            "identifier": [{**known, "period": {"start": moment(record.enrolled_ms)}}],
            "active": True,
            "name": [{"text": record.name}],
            "telecom": telephone,
            "birthDate": record.birth_date.isoformat(),
            "managingOrganization": {
                "identifier": identifier("clinic", source.clinic_id),
                "display": source.clinic_name,
            },
        }
    )


def _read(element: Element) -> PatientRecord:
    return PatientRecord(
        patient_id=element.identified("patient", ID_BYTES),
        name=element.first("name").text("text"),
        birth_date=element.day("birthDate"),
        indication=element.extension("indication").text("valueCode"),
        initials=element.extension("initials").text("valueString"),
        telephone=element.first("telecom").text("value") if element.has("telecom") else None,
        enrolled_ms=element.first("identifier").child("period").moment("start"),
    )


def source_of(element: Element) -> Source:
    """Return whose chart it is, as the Patient itself says."""
    home = element.child("managingOrganization")
    labels = element.child("meta").each("security") if element.has("meta") else ()
    return Source(
        clinic_id=home.identifier("clinic"),
        clinic_name=home.text("display"),
        made_up=bool(labels),
        patient_id=element.identified("patient", ID_BYTES),
    )


PATIENT = Mapping("patient", "Patient", PatientRecord, lambda _record: "", _write, _read)
