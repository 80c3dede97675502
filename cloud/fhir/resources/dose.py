"""Observation: what a session gave, as the band's verified record counts it."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.fhir.elements import (
    OBSERVATION_CATEGORY,
    Element,
    Resource,
    coded,
    identifier,
    moment,
    without_nothing,
)
from cloud.fhir.errors import NotValid
from cloud.fhir.mapping import Mapping
from cloud.fhir.resources.device import key_of as key_of_device
from cloud.fhir.resources.session import key_of as key_of_session
from cloud.fhir.resources.session import read_key
from cloud.fhir.source import Source

CODE = "dose"
_CATEGORY = {
    "coding": [
        {
            "system": OBSERVATION_CATEGORY,
            "code": "therapy",
            "display": "Therapy",
        }
    ]
}
_WORDS = {
    "planned-pulses": "Pulses planned",
    "charged-pulses": "Pulses charged",
    "planned-trains": "Trains planned",
    "trains": "Trains given",
}
_OUTPUT, _OUTPUT_WORDS = "output", "Output of the last pulse, in percent of maximum"
_UCUM = "http://unitsofmeasure.org"


@dataclass(frozen=True)
class DoseRecord:
    """Pulses and trains of one session; ``percent_mso`` is the output recorded last."""

    device_id: bytes
    epoch: bytes
    opened_number: int
    opened_ms: int | None
    planned_pulses: int
    charged_pulses: int
    planned_trains: int
    trains: int
    percent_mso: int | None


def _write(record: DoseRecord, source: Source) -> Resource:
    session = key_of_session(record.device_id, record.epoch, record.opened_number)
    figures = (
        record.planned_pulses,
        record.charged_pulses,
        record.planned_trains,
        record.trains,
    )
    components: list[Resource] = [
        {"code": coded(CODE, name, words), "valueInteger": value}
        for (name, words), value in zip(_WORDS.items(), figures, strict=True)
    ]
    if record.percent_mso is not None:
        output = {"value": record.percent_mso, "unit": "%", "system": _UCUM, "code": "%"}
        components.append(
            {"code": coded(CODE, _OUTPUT, _OUTPUT_WORDS), "valueQuantity": output},
        )
    return without_nothing(
        {
            **source.head("Observation", key_of(record)),
            "identifier": [identifier("session", session)],
            "partOf": [source.reference("Procedure", session)],
            "status": "final",
            "category": [_CATEGORY],
            "code": coded("observation", CODE, "Dose of a stimulation session"),
            "subject": source.reference("Patient"),
            "effectiveDateTime": None if record.opened_ms is None else moment(record.opened_ms),
            "device": source.reference("Device", key_of_device(record.device_id)),
            "component": components,
        }
    )


def _read(element: Element) -> DoseRecord:
    device_id, epoch, number = read_key(element)
    found = {each.code("code", CODE): each for each in element.each("component")}
    for name in _WORDS:
        if name not in found:
            raise NotValid(element.at("component"), f"has no {name}")
    output = found.get(_OUTPUT)
    return DoseRecord(
        device_id=device_id,
        epoch=epoch,
        opened_number=number,
        opened_ms=element.moment("effectiveDateTime") if element.has("effectiveDateTime") else None,
        planned_pulses=found["planned-pulses"].whole("valueInteger"),
        charged_pulses=found["charged-pulses"].whole("valueInteger"),
        planned_trains=found["planned-trains"].whole("valueInteger"),
        trains=found["trains"].whole("valueInteger"),
        percent_mso=output.child("valueQuantity").whole("value") if output else None,
    )


def key_of(record: DoseRecord) -> str:
    """Return what a dose's id is made of."""
    return f"dose/{key_of_session(record.device_id, record.epoch, record.opened_number)}"


def is_dose(element: Element) -> bool:
    """Return whether an Observation is one of these."""
    return element.code("code", "observation") == CODE


DOSE = Mapping("doses", "Observation", DoseRecord, key_of, _write, _read, is_dose)
