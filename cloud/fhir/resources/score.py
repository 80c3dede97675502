"""Observation: what a check-in came to.

A LOINC code says that the instrument's own words were shown. So one stands only where the answers
name a text pack of the clinic's that is official; a score of own wording carries our code and says
so beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloud.fhir.elements import (
    OBSERVATION_CATEGORY,
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
from cloud.fhir.resources.answers import key_of as key_of_answers
from cloud.fhir.source import Source
from shared.instruments.forms import FORMS, form

CODE = "score"
LOINC = "http://loinc.org"
_CATEGORY = {
    "coding": [
        {
            "system": OBSERVATION_CATEGORY,
            "code": "survey",
            "display": "Survey",
        }
    ]
}
_ABSENT = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
            "code": "unknown",
            "display": "Unknown",
        }
    ]
}
OFFICIAL, OWN = "official wording", "own wording, not validated"


@dataclass(frozen=True)
class ScoreRecord:
    """A score in points; None where the instrument has none or an item was left out."""

    item_id: str
    instrument: str
    answered_ms: int
    score: int | None
    is_official: bool


def _write(record: ScoreRecord, source: Source) -> Resource:
    asked = form(record.instrument)
    code = coded("instrument", record.instrument, asked.title)
    code["coding"] += [{"system": SYSTEM_OBSERVATION, "code": CODE}]
    if record.is_official and asked.total_loinc is not None:
        code["coding"] += [{"system": LOINC, "code": asked.total_loinc}]
    band = "" if record.score is None else asked.band_of(record.score)
    return without_nothing(
        {
            **source.head("Observation", key_of(record.item_id)),
            "extension": [extension("official-wording", "Boolean", record.is_official)],
            "identifier": [identifier("item", record.item_id)],
            "status": "final",
            "category": [_CATEGORY],
            "code": code,
            "subject": source.reference("Patient"),
            "effectiveDateTime": moment(record.answered_ms),
            "valueInteger": record.score,
            "dataAbsentReason": _ABSENT if record.score is None else None,
            "interpretation": [{"text": band}] if band else [],
            "note": [{"text": OFFICIAL if record.is_official else OWN}],
            "derivedFrom": [
                source.reference("QuestionnaireResponse", key_of_answers(record.item_id))
            ],
        }
    )


SYSTEM_OBSERVATION = "urn:circlet:observation"


def _read(element: Element) -> ScoreRecord:
    instrument = element.code("code", "instrument")
    if instrument not in FORMS:
        raise NotValid(element.at("code"), "names no instrument of this version")
    return ScoreRecord(
        item_id=element.identifier("item"),
        instrument=instrument,
        answered_ms=element.moment("effectiveDateTime"),
        score=element.whole("valueInteger") if element.has("valueInteger") else None,
        is_official=element.extension("official-wording").flag("valueBoolean"),
    )


def key_of(item_id: str) -> str:
    """Return what a score's id is made of."""
    return f"score/{item_id}"


def is_score(element: Element) -> bool:
    """Return whether an Observation is one of these."""
    return element.code("code", "observation") == CODE


SCORE = Mapping(
    "scores",
    "Observation",
    ScoreRecord,
    lambda record: key_of(record.item_id),
    _write,
    _read,
    is_score,
)
