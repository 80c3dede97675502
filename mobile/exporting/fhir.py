"""A FHIR R4 bundle (HL7, 4.0.1): patient, device, a procedure a session, check-ins with scores.

Codes stand only where the wording is the instrument's own; all else is text that says what it is.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from mobile.exporting.facts import OwnRecord, Scored, SessionLine
from mobile.exporting.table import when

Resource = dict[str, Any]
_SPACE = uuid.UUID("6f1d6a52-2b0e-5b0c-9a1e-3c6d0a7f4e21")
"""Ids are made from what a thing is, so that the same export twice is no second person."""
_LOINC = "http://loinc.org"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_IDENTIFIER = "urn:circlet:patient"
_SERIAL = "urn:circlet:device"


def bundle(record: OwnRecord) -> bytes:
    """Return the bundle as JSON; it's a collection, not a statement of a clinic."""
    patient = _urn(record, "patient")
    # The present band, and those that the course went on from.
    bands = dict.fromkeys((record.device_id, *(each.device_id for each in record.sessions)))
    entries = [_entry(patient, _patient(record))]
    entries += [_entry(_band(record, each), _device(each, patient)) for each in bands]
    for session in record.sessions:
        urn = _urn(record, f"session/{session.session_id.hex()}")
        entries.append(_entry(urn, _procedure(record, session, patient)))
    for checkin in record.checkins:
        name = f"{checkin.instrument}/{checkin.answered_ms}"
        response = _urn(record, f"answers/{name}")
        entries.append(_entry(response, _response(record, checkin, patient)))
        if checkin.score is not None:
            score = _observation(record, checkin, patient, response)
            entries.append(_entry(_urn(record, f"score/{name}"), score))
    whole: Resource = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": when(record.now, record.now.wall_ms),
        "entry": entries,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _patient(record: OwnRecord) -> Resource:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": _IDENTIFIER, "value": record.patient_id.hex()}],
        "name": [{"text": record.initials}],
        "managingOrganization": {"display": record.clinic_name},
    }


def _device(device_id: bytes, patient: str) -> Resource:
    return {
        "resourceType": "Device",
        "identifier": [{"system": _SERIAL, "value": device_id.hex()}],
        "deviceName": [{"name": "Circlet band", "type": "user-friendly-name"}],
        "type": {"text": "Transcranial magnetic stimulator for home use"},
        "patient": {"reference": patient},
    }


def _procedure(record: OwnRecord, session: SessionLine, patient: str) -> Resource:
    given = f"{session.charged_pulses} of {session.planned_pulses} pulses"
    procedure: Resource = {
        "resourceType": "Procedure",
        "status": "completed" if session.completed else "stopped",
        "code": {"text": record.treatment},
        "subject": {"reference": patient},
        "usedReference": [{"reference": _band(record, session.device_id)}],
        "note": [{"text": f"Session {session.number}: {given}."}],
    }
    if session.ended_ms is not None:
        # The record holds when a session closed; FHIR's end of a period says just that.
        procedure["performedPeriod"] = {"end": when(record.now, session.ended_ms)}
    if not session.completed:
        procedure["statusReason"] = {"text": session.cause}
    return procedure


def _response(record: OwnRecord, checkin: Scored, patient: str) -> Resource:
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": f"urn:circlet:instrument:{checkin.instrument}",
        "subject": {"reference": patient},
        "authored": when(record.now, checkin.answered_ms),
        "item": [
            {"linkId": item, "answer": [{"valueInteger": value}]} for item, value in checkin.answers
        ],
    }


def _observation(record: OwnRecord, checkin: Scored, patient: str, response: str) -> Resource:
    code: Resource = {"text": checkin.title}
    if checkin.code is not None:
        code["coding"] = [{"system": _LOINC, "code": checkin.code}]
    observation: Resource = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": _CATEGORY, "code": "survey"}]}],
        "code": code,
        "subject": {"reference": patient},
        "effectiveDateTime": when(record.now, checkin.answered_ms),
        "valueInteger": checkin.score,
        "derivedFrom": [{"reference": response}],
        "note": [{"text": checkin.label}],
    }
    if checkin.band:
        observation["interpretation"] = [{"text": checkin.band}]
    return observation


def _entry(urn: str, resource: Resource) -> Resource:
    return {"fullUrl": urn, "resource": resource}


def _band(record: OwnRecord, device_id: bytes) -> str:
    present = device_id == record.device_id
    return _urn(record, "device" if present else f"device/{device_id.hex()}")


def _urn(record: OwnRecord, name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_SPACE, f'{record.patient_id.hex()}/{name}')}"
