"""A patient's enrolment letters: which code is good until when, another letter, one made void."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Parts, Sending, identifier
from cloud.patients import service
from cloud.people.authority import Act
from cloud.phones import letters

router = APIRouter()


@router.get("/patients/{patient}/codes", dependencies=[reading(Act.MAKE_CODE)])
def letters_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """The patient's letters, and how each stands."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        found = service.patient_here(session, person.clinic_id, identifier(patient))
        shown = letters.letters_of(session, person.clinic_id, found.patient_id, now_ms=now_ms)
    dashboard.audit(person, "read a patient", f"patient/{found.patient_id.hex()}")
    return dashboard.page(
        "letters.html",
        person,
        patient=found,
        age=service.age_of(found, dashboard.times.day(now_ms)),
        letters=shown,
    )


@router.post("/patients/{patient}/codes/{code}/void", dependencies=[sending(Act.MAKE_CODE)])
def void_letter(dashboard: Parts, person: Sending, patient: str, code: str) -> Response:
    """Make a letter void that was lost, or went to the wrong hands."""
    patient_id, now_ms = identifier(patient), dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        letters.void(session, person.clinic_id, patient_id, code, now_ms=now_ms)
        dashboard.note(session, person, "made a letter void", f"patient/{patient_id.hex()}")
    return RedirectResponse(f"/patients/{patient_id.hex()}/codes", status_code=303)
