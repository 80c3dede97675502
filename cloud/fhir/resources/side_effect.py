"""AdverseEvent: one side effect that a person told of after a session, or a red flag touched.

Whether it is serious in the sense of a report to an authority is for a person to judge: that field
stays empty, and the grade is the person's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from cloud.fhir.elements import (
    Element,
    Resource,
    coded,
    extension,
    identifier,
    moment,
    standard,
    without_nothing,
)
from cloud.fhir.errors import NotValid
from cloud.fhir.mapping import Mapping
from cloud.fhir.source import ID_BYTES, Source
from shared.instruments.side_effects import side_effect_rules

_SEVERITY = "http://terminology.hl7.org/CodeSystem/adverse-event-severity"
_GRADES = {1: ("mild", "Mild"), 2: ("moderate", "Moderate"), 3: ("severe", "Severe")}


@dataclass(frozen=True)
class SideEffectRecord:
    """An effect with its grade 1 to 3; a red flag has none. ``is_slip``: the person says that it
    was touched by mistake. ``words`` are theirs, and the same on each effect that came with them.
    """

    item_id: str
    effect_id: str
    grade: int | None
    at_ms: int
    session_id: bytes | None
    is_slip: bool
    wants_softer: bool
    words: str


def _write(record: SideEffectRecord, source: Source) -> Resource:
    told = [
        extension("red-flag", "Boolean", record.grade is None),
        extension("wants-softer", "Boolean", record.wants_softer),
    ]
    if record.session_id is not None:
        told.append(extension("session-id", "String", record.session_id.hex()))
    if record.words:
        told.append(extension("words", "String", record.words))
    severity = None
    if record.grade is not None:
        code, display = _GRADES[record.grade]
        severity = standard(_SEVERITY, code, display)
    return without_nothing(
        {
            **source.head("AdverseEvent", key_of(record.item_id, record.effect_id)),
            "extension": told,
            "identifier": identifier("item", record.item_id),
            "actuality": "potential" if record.is_slip else "actual",
            "event": coded("side-effect", record.effect_id, _text_of(record.effect_id)),
            "subject": source.reference("Patient"),
            "date": moment(record.at_ms),
            "severity": severity,
            "recorder": source.reference("Patient"),
        }
    )


def _text_of(effect_id: str) -> str:
    """Return the list's words; one that a newer phone knows stands by its own name."""
    known = {each.id: each.text for each in side_effect_rules().effects}
    return known.get(effect_id, effect_id)


def _read(element: Element) -> SideEffectRecord:
    is_flag = element.extension("red-flag").flag("valueBoolean")
    session, words = element.maybe_extension("session-id"), element.maybe_extension("words")
    return SideEffectRecord(
        item_id=element.identifier("item"),
        effect_id=element.code("event", "side-effect"),
        grade=None if is_flag else _grade(element.child("severity")),
        at_ms=element.moment("date"),
        session_id=session.hex("valueString", ID_BYTES) if session else None,
        is_slip=element.text("actuality") == "potential",
        wants_softer=element.extension("wants-softer").flag("valueBoolean"),
        words=words.text("valueString") if words else "",
    )


def _grade(severity: Element) -> int:
    said = severity.first("coding").text("code")
    for grade, (code, _display) in _GRADES.items():
        if code == said:
            return grade
    raise NotValid(severity.path, "is none of mild, moderate and severe")


def key_of(item_id: str, effect_id: str) -> str:
    """Return what an effect's id is made of."""
    return f"{item_id}/{effect_id}"


SIDE_EFFECT = Mapping(
    "side_effects",
    "AdverseEvent",
    SideEffectRecord,
    lambda record: key_of(record.item_id, record.effect_id),
    _write,
    _read,
)
