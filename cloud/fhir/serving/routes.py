"""Reading by FHIR: one resource, a search, and everything of a patient; each is written down."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams

from cloud.dashboard.gates import open_to_all
from cloud.dashboard.parts import Dashboard, Parts, identifier
from cloud.errors import NotFound
from cloud.fhir.chart import OF_PATIENT
from cloud.fhir.elements import Resource
from cloud.fhir.errors import BadParameter
from cloud.fhir.gathering.gatherer import Gatherer
from cloud.fhir.resources.patient import PATIENT
from cloud.fhir.serving.answers import PREFIX, FhirJson
from cloud.fhir.serving.base import base_of, token_address
from cloud.fhir.serving.capability import capability
from cloud.fhir.serving.cursor import NAME, PATIENTS, Cursor
from cloud.fhir.serving.gate import READS, fhir_reading
from cloud.fhir.serving.pages import found_in, searchset
from cloud.fhir.serving.reader import Reader, Reading, audit
from cloud.fhir.serving.search import Search, everything_of, search_of
from cloud.fhir.source import patient_of_id
from cloud.patients.models import Patient
from cloud.patients.service import patient_of
from cloud.people.authority import Act
from cloud.people.reach import within_reach

router = APIRouter(prefix=PREFIX, default_response_class=FhirJson)
READ, LISTED = "read FHIR resources", "read the patients by FHIR"
NOT_HERE = "There is no such resource of a patient within reach."
"""One sentence for what never was and for what isn't this reader's."""


@router.get("/metadata", dependencies=[open_to_all(Act.FHIR_SERVER)])
def metadata(dashboard: Parts) -> FhirJson:
    """What this server does."""
    return FhirJson(capability(base_of(dashboard.settings), token_address(dashboard.settings)))


@router.get("/Patient/{patient}", dependencies=[fhir_reading()])
def read_patient(dashboard: Parts, reader: Reading, patient: str) -> FhirJson:
    """Return one patient."""
    _looked(dashboard, reader, identifier(patient))
    with dashboard.database.read(reader.clinic_id) as session:
        gatherer = _gatherer(session, dashboard, reader, identifier(patient))
        return FhirJson(PATIENT.write(gatherer.patient(), gatherer.source))


@router.get("/Patient/{patient}/$everything", dependencies=[fhir_reading()])
def everything(
    request: Request,
    dashboard: Parts,
    reader: Reading,
    patient: str,
    _count: Annotated[str, Query(alias="_count")] = "",
    _cursor: Annotated[str, Query(alias="_cursor")] = "",
) -> FhirJson:
    """Return all that is known of a patient, by the page."""
    patient_id = identifier(patient)
    search = everything_of(patient_id, reader.kinds, request.query_params)
    _looked(dashboard, reader, patient_id)
    path = f"Patient/{patient_id.hex()}/$everything"
    with dashboard.database.read(reader.clinic_id) as session:
        gatherer = _gatherer(session, dashboard, reader, patient_id)
        resources, behind = found_in(gatherer, search, now_ms=dashboard.clock.wall_ms())
        if search.cursor is None:
            resources = [PATIENT.write(gatherer.patient(), gatherer.source), *resources]
    return _answer(dashboard, path, request.query_params, resources, behind)


@router.get("/{kind}/{id}", dependencies=[fhir_reading()])
def read_one(dashboard: Parts, reader: Reading, kind: str, id: str) -> FhirJson:
    """Return one resource."""
    patient_id = patient_of_id(id)
    _looked(dashboard, reader, patient_id)
    with dashboard.database.read(reader.clinic_id) as session:
        gatherer = _gatherer(session, dashboard, reader, patient_id)
        return FhirJson(_one(gatherer, kind, id))


@router.get("/{kind}", dependencies=[fhir_reading()])
def search(
    request: Request,
    dashboard: Parts,
    reader: Reading,
    kind: str,
    patient: Annotated[str, Query()] = "",
    date: Annotated[str, Query()] = "",
    _count: Annotated[str, Query(alias="_count")] = "",
    _cursor: Annotated[str, Query(alias="_cursor")] = "",
) -> FhirJson:
    """Return the resources of a type: of one patient, or the patients themselves."""
    query = request.query_params
    asked = search_of(kind, query)
    if asked.patient_id is None:
        return _patients(dashboard, reader, asked, query)
    READS.find(dashboard, reader, asked.patient_id)
    _looked(dashboard, reader, asked.patient_id)
    with dashboard.database.read(reader.clinic_id) as session:
        gatherer = _gatherer(session, dashboard, reader, asked.patient_id)
        if kind == PATIENT.kind:
            resources, behind = [PATIENT.write(gatherer.patient(), gatherer.source)], None
        else:
            resources, behind = found_in(gatherer, asked, now_ms=dashboard.clock.wall_ms())
    return _answer(dashboard, kind, query, resources, behind)


def _patients(dashboard: Dashboard, reader: Reader, asked: Search, query: QueryParams) -> FhirJson:
    """Return the patients whom the reader reaches; an answer may come out short."""
    if asked.cursor is not None and asked.cursor.name != PATIENTS:
        raise BadParameter(NAME, "is one of another search")
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(reader.clinic_id) as session:
        rows = _next_patients(session, reader.clinic_id, asked)
        found = rows
        if reader.person is not None:
            found = list(within_reach(session, reader.person, rows, Act.READ_FHIR, now_ms=now_ms))
        resources = []
        for patient in found:
            gatherer = Gatherer(session, patient, dashboard.keys["care"])
            resources.append(PATIENT.write(gatherer.patient(), gatherer.source))
        full = len(rows) == asked.count
    behind = Cursor(PATIENTS, (rows[-1].patient_id,), now_ms) if full else None
    audit(dashboard, reader, LISTED, "patients", [each.patient_id for each in found])
    return _answer(dashboard, PATIENT.kind, query, resources, behind)


def _next_patients(session: Session, clinic_id: str, asked: Search) -> list[Patient]:
    wanted = select(Patient).where(Patient.clinic_id == clinic_id, Patient.erased_ms.is_(None))
    if asked.cursor is not None and asked.cursor.after is not None:
        wanted = wanted.where(Patient.patient_id > asked.cursor.after[0])
    return list(session.scalars(wanted.order_by(Patient.patient_id).limit(asked.count)))


def _looked(dashboard: Dashboard, reader: Reader, patient_id: bytes) -> None:
    audit(dashboard, reader, READ, f"patient/{patient_id.hex()}")


def _gatherer(
    session: Session, dashboard: Dashboard, reader: Reader, patient_id: bytes
) -> Gatherer:
    patient = patient_of(session, reader.clinic_id, patient_id)
    return Gatherer(session, patient, dashboard.keys["care"])


def _one(gatherer: Gatherer, kind: str, resource_id: str) -> Resource:
    """Return the resource of this id: the patient's records of its kind are gone through."""
    for mapping in OF_PATIENT:
        if mapping.kind != kind:
            continue
        for record in gatherer.every(mapping):
            if gatherer.source.id_of(kind, mapping.key(record)) == resource_id:
                return mapping.write(record, gatherer.source)
    raise NotFound(NOT_HERE)


def _answer(
    dashboard: Dashboard, path: str, query: QueryParams, resources: Any, behind: Cursor | None
) -> FhirJson:
    return FhirJson(searchset(base_of(dashboard.settings), path, query, resources, behind))
