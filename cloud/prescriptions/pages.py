"""Pages of prescribing: the draft with its consequences, the way to the desk and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from cloud.clinics.service import certificates_for, clinic_of
from cloud.dashboard.gates import open_to_all, reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, Watching, identifier
from cloud.errors import NotFound
from cloud.patients import service as patients
from cloud.patients.models import Patient
from cloud.people.authority import Act
from cloud.people.reach import require_patient
from cloud.people.service import Person
from cloud.prescriptions import drafts, service
from cloud.prescriptions.compare import compare, in_words
from cloud.prescriptions.drafts import Draft, Fault
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.preview import draw
from shared.dose.envelope import violations
from shared.stimulation.catalogue import CatalogueError, catalogue
from shared.trust.statements import Purpose

FIRST_CHOICE = "mdd-l-dlpfc-itbs"
router = APIRouter()


@router.get("/patients/{patient}/prescribe", dependencies=[reading(Act.DRAFT)])
def prescribe_page(
    dashboard: Parts, person: Acting, patient: str, protocol: str | None = None
) -> Response:
    """The draft, beginning with the catalogue's values or the prescription before."""
    with dashboard.database.read(person.clinic_id) as session:
        found = patients.patient_of(session, person.clinic_id, identifier(patient))
        draft = _begin(session, found, protocol)
        values = _consequences(session, dashboard, found, draft, ())
    dashboard.audit(person, "read a patient", f"patient/{found.patient_id.hex()}")
    return dashboard.page("prescribe.html", person, **values)


async def _form(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


Typed = Annotated[dict[str, str], Depends(_form)]


@router.post("/patients/{patient}/prescribe/preview", dependencies=[sending(Act.DRAFT)])
def preview(dashboard: Parts, person: Sending, patient: str, form: Typed) -> Response:
    """What the draft comes to, while it is typed."""
    with dashboard.database.read(person.clinic_id) as session:
        found = patients.patient_of(session, person.clinic_id, identifier(patient))
        draft, faults = _read(form)
        values = _consequences(session, dashboard, found, draft, faults)
    return dashboard.page("_consequences.html", person, **values)


@router.post("/patients/{patient}/prescriptions", dependencies=[sending(Act.DRAFT)])
def to_the_desk(dashboard: Parts, person: Sending, patient: str, form: Typed) -> Response:
    """Fix the draft's bytes and hand them to the signing desk."""
    with dashboard.database.read(person.clinic_id) as session:
        found = patients.patient_of(session, person.clinic_id, identifier(patient))
        draft, faults = _read(form)
        values = _consequences(session, dashboard, found, draft, faults)
    if values["faults"] or values["violations"]:
        return dashboard.page("prescribe.html", person, **values)
    stored, link = _save(dashboard, person, found, draft)
    return dashboard.page("to_desk.html", person, link=link, patient=found, stored=stored)


@router.get("/desk-return", dependencies=[open_to_all(Act.ENTER)])
def desk_return_page(dashboard: Parts) -> Response:
    """Where the desk comes back to; holds no data, needs no sign-in to load."""
    return dashboard.page("desk_return.html")


@router.get("/desk-return/session", dependencies=[reading(Act.STORE_SIGNATURE)])
def desk_return_session(person: Watching) -> Response:
    """The form token, for the page's own script."""
    return JSONResponse({"form_token": person.form_token})


@router.post("/desk-return", dependencies=[sending(Act.STORE_SIGNATURE)])
def take_signature(
    dashboard: Parts, person: Sending, answer: Annotated[str, Form(max_length=8192)] = ""
) -> Response:
    """Verify and store what the desk signed, and queue it for the phone."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        clinic = clinic_of(session, person.clinic_id)
        taken = service.take_answer(session, clinic, service.read_answer(answer), now_ms=now_ms)
        for stored in taken:
            require_patient(session, person, stored.patient_id, Act.STORE_SIGNATURE, now_ms=now_ms)
            subject = f"prescription/{stored.hash.hex()}"
            dashboard.note(session, person, "stored a signature", subject)
    return RedirectResponse(f"/patients/{taken[0].patient_id.hex()}", status_code=303)


def _read(form: Mapping[str, str]) -> tuple[Draft, tuple[Fault, ...]]:
    try:
        return drafts.from_form(form)
    except CatalogueError as problem:
        raise NotFound("The catalogue has no such protocol.") from problem


def _begin(session: Session, patient: Patient, protocol: str | None) -> Draft:
    newest = service.newest_treatment(session, patient.clinic_id, patient.patient_id)
    before = service.read_prescription(newest) if newest else None
    if before is not None and protocol in (None, before.protocol_id):
        return drafts.from_prescription(before)
    try:
        return drafts.from_entry(catalogue().entry(protocol or FIRST_CHOICE))
    except CatalogueError as problem:
        raise NotFound("The catalogue has no such protocol.") from problem


def _consequences(
    session: Session,
    dashboard: Dashboard,
    patient: Patient,
    draft: Draft,
    faults: tuple[Fault, ...],
) -> dict[str, object]:
    device = patients.device_of(session, patient.clinic_id, patient.patient_id)
    recipient = service.recipient_of(session, patient, device)
    now_ms = dashboard.clock.wall_ms()
    prescription = drafts.build(draft, recipient, now_s=now_ms // 1000)
    before, entry = recipient.before, catalogue().entry(draft.protocol_id)
    age = patients.age(patient.birth_date, dashboard.times.day(now_ms))
    broken = violations(prescription, before)
    certified = bool(certificates_for(session, patient.clinic_id, Purpose.STAFF))
    return {
        "patient": patient,
        "patient_id": patient.patient_id.hex(),
        "age": age,
        "draft": draft,
        "faults": (*faults, *drafts.too_young(entry, age)),
        "violations": in_words(broken),
        "entry": entry,
        "entries": drafts.offered(catalogue()),
        "serial": recipient.serial,
        "before": before,
        "drawing": draw(prescription.parts[0]),
        "lines": compare(before, prescription),
        "certified": certified,
    }


def _save(
    dashboard: Dashboard, person: Person, patient: Patient, draft: Draft
) -> tuple[StoredPrescription, str]:
    with dashboard.database.write(person.clinic_id) as session:
        clinic = clinic_of(session, person.clinic_id)
        device = patients.device_of(session, person.clinic_id, patient.patient_id)
        recipient = service.recipient_of(session, patient, device)
        stored = service.save_draft(
            session, recipient, draft, person.staff_id, now_ms=dashboard.clock.wall_ms()
        )
        back = f"{dashboard.settings.origin}/desk-return"
        request = service.desk_request(session, stored, back)
        subject = f"prescription/{stored.hash.hex()}"
        dashboard.note(session, person, "drafted a prescription", subject)
    desk = dashboard.settings.desk_origin or clinic.desk_origin
    return stored, f"{desk}/#request={request}"
