"""Bulk export over HTTP: asked for, looked after, taken file by file, ended."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from cloud.dashboard.parts import Dashboard, Parts, identifier
from cloud.errors import NotFound
from cloud.fhir.bulk.models import BulkExport
from cloud.fhir.bulk.service import UNKNOWN, ask, end, job_of, parts_of, patients_of
from cloud.fhir.chart import KINDS, OF_PATIENT
from cloud.fhir.elements import moment
from cloud.fhir.errors import BadParameter
from cloud.fhir.gathering.gatherer import Gatherer
from cloud.fhir.resources.patient import PATIENT
from cloud.fhir.serving.answers import PREFIX, FhirJson
from cloud.fhir.serving.base import base_of
from cloud.fhir.serving.gate import system_reading
from cloud.fhir.serving.reader import Reader, Reading
from cloud.patients.models import Patient
from cloud.vault.errors import KeyDestroyed

router = APIRouter(prefix=PREFIX, default_response_class=FhirJson)
NDJSON = "application/fhir+ndjson"
_FORMATS = ("ndjson", "application/ndjson", NDJSON)
_KNOWN = frozenset({"_outputFormat", "_type"})
LOOK_AGAIN_S = "5"
_ACCEPTED: dict[int | str, dict[str, Any]] = {202: {"description": "Taken, or not ready yet."}}


class NdjsonFile(StreamingResponse):
    """A resource a line."""

    media_type = NDJSON


@router.get("/$export", dependencies=[system_reading()], status_code=202, response_class=Response)
def kick_off(
    request: Request,
    dashboard: Parts,
    reader: Reading,
    prefer: Annotated[str, Header()] = "",
    _type: Annotated[str, Query(alias="_type")] = "",
    _outputFormat: Annotated[str, Query(alias="_outputFormat")] = "",  # noqa: N803
) -> Response:
    """Ask for all patients of the clinic, of the types that the token opens."""
    if "respond-async" not in prefer:
        raise BadParameter("Prefer", "is not respond-async: an export takes its time")
    kinds = _wanted(request, reader)
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(reader.clinic_id) as session:
        address = f"{base_of(dashboard.settings)}/$export"
        asked = f"{address}?{request.url.query}" if request.url.query else address
        job = ask(session, reader.clinic_id, reader.system_id, kinds, asked, now_ms=now_ms)
        subject = f"export/{job.export_id.hex()}"
        reader.note(session, "asked for a bulk export", subject, (), now_ms)
    return Response(status_code=202, headers={"Content-Location": _address(dashboard, job)})


@router.get("/bulk/{export}", dependencies=[system_reading()], responses=_ACCEPTED)
def status(dashboard: Parts, reader: Reading, export: str) -> Response:
    """Return how far a job is: its files, once it was planned."""
    with dashboard.database.read(reader.clinic_id) as session:
        job = _job(session, dashboard, reader, export)
        if job.ready_ms is None:
            headers = {"X-Progress": "waits for the worker", "Retry-After": LOOK_AGAIN_S}
            return Response(status_code=202, headers=headers)
        manifest = {
            "transactionTime": moment(job.asked_ms),
            "request": job.request,
            "requiresAccessToken": True,
            "output": [
                {"type": kind, "url": f"{_address(dashboard, job)}/{kind}/{number}"}
                for kind in job.kinds.split()
                for number in parts_of(session, job)
            ],
            "error": [],
        }
    expires = {"X-Expires-Ms": str(job.until_ms)}
    return Response(json.dumps(manifest), media_type="application/json", headers=expires)


@router.delete(
    "/bulk/{export}",
    dependencies=[system_reading()],
    status_code=202,
    response_class=Response,
)
def remove(dashboard: Parts, reader: Reading, export: str) -> Response:
    """End a job."""
    with dashboard.database.write(reader.clinic_id) as session:
        job = _job(session, dashboard, reader, export)
        subject = f"export/{job.export_id.hex()}"
        reader.note(session, "ended a bulk export", subject, (), dashboard.clock.wall_ms())
        end(session, job)
    return Response(status_code=202)


@router.get(
    "/bulk/{export}/{kind}/{number}", dependencies=[system_reading()], response_class=NdjsonFile
)
def file(dashboard: Parts, reader: Reading, export: str, kind: str, number: str) -> Response:
    """Return a file: made now, patient by patient."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(reader.clinic_id) as session:
        job = _job(session, dashboard, reader, export)
        if kind not in job.kinds.split() or not re.fullmatch("[1-9][0-9]{0,8}", number):
            raise NotFound(UNKNOWN)
        patients = patients_of(session, job, int(number))
        subject = f"export/{job.export_id.hex()}"
        reader.note(session, "took a bulk export", subject, patients, now_ms)
    return NdjsonFile(_lines(dashboard, reader, patients, kind))


def _wanted(request: Request, reader: Reader) -> list[str]:
    query = request.query_params
    for name in query:
        if name not in _KNOWN:
            raise BadParameter(f"{name:.40}", "is no parameter of this export")
    if query.get("_outputFormat", NDJSON) not in _FORMATS:
        raise BadParameter("_outputFormat", f"is {NDJSON} here, and nothing else")
    named = query.get("_type", "").split(",") if "_type" in query else sorted(reader.kinds)
    for kind in named:
        if kind not in KINDS:
            raise BadParameter("_type", f"names {kind!r:.40}, which is none of {', '.join(KINDS)}")
        if kind not in reader.kinds:
            raise BadParameter("_type", f"names {kind}, which the token's scopes do not reach")
    return [kind for kind in KINDS if kind in named]


def _job(session: Any, dashboard: Dashboard, reader: Reader, export: str) -> BulkExport:
    now_ms = dashboard.clock.wall_ms()
    return job_of(session, reader.clinic_id, reader.system_id, identifier(export), now_ms=now_ms)


def _address(dashboard: Dashboard, job: BulkExport) -> str:
    return f"{base_of(dashboard.settings)}/bulk/{job.export_id.hex()}"


def _lines(
    dashboard: Dashboard, reader: Reader, patients: tuple[bytes, ...], kind: str
) -> Iterator[bytes]:
    """Yield a patient's lines after the other's, each patient in a transaction of its own; who was
    erased meanwhile has none."""
    for patient_id in patients:
        with dashboard.database.read(reader.clinic_id) as session:
            patient = session.get_one(Patient, (reader.clinic_id, patient_id))
            try:
                gatherer = Gatherer(session, patient, dashboard.keys["care"])
            except KeyDestroyed:
                continue
            if kind == PATIENT.kind:
                yield _line(PATIENT.write(gatherer.patient(), gatherer.source))
            for mapping in OF_PATIENT:
                if mapping.kind == kind:
                    for record in gatherer.every(mapping):
                        yield _line(mapping.write(record, gatherer.source))


def _line(resource: dict[str, Any]) -> bytes:
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
