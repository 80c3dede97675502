"""Consent: a section of the consent that a person gave, or took back, at the phone.

Each is the person's word at one time; the newest of a section is the one that holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloud.fhir.elements import Element, Resource, coded, extension, identifier, moment, standard
from cloud.fhir.mapping import Mapping
from cloud.fhir.source import Source

_SCOPE = ("http://terminology.hl7.org/CodeSystem/consentscope", "treatment", "Treatment")


@dataclass(frozen=True)
class ConsentRecord:
    """One word about a section; ``version`` is that of its text."""

    item_id: str
    section: str
    is_given: bool
    version: int
    at_ms: int


def _write(record: ConsentRecord, source: Source) -> Resource:
    return {
        **source.head("Consent", key_of(record)),
        "extension": [extension("version", "PositiveInt", record.version)],
        "identifier": [identifier("item", record.item_id)],
        "status": "active" if record.is_given else "rejected",
        "scope": standard(*_SCOPE),
        "category": [coded("consent-section", record.section, record.section)],
        "patient": source.reference("Patient"),
        "dateTime": moment(record.at_ms),
        "performer": [source.reference("Patient")],
        "organization": [{"identifier": identifier("clinic", source.clinic_id)}],
        "policyRule": {"text": f"Section {record.section}, version {record.version} of its text"},
        "provision": {"type": "permit" if record.is_given else "deny"},
    }


def _read(element: Element) -> ConsentRecord:
    section = element.first("category").first("coding").text("code")
    return ConsentRecord(
        item_id=element.identifier("item"),
        section=section,
        is_given=element.text("status") == "active",
        version=element.extension("version").whole("valuePositiveInt"),
        at_ms=element.moment("dateTime"),
    )


def key_of(record: ConsentRecord) -> str:
    """Return what a consent's id is made of."""
    return record.item_id


CONSENT = Mapping("consents", "Consent", ConsentRecord, key_of, _write, _read)
