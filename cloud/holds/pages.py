"""The hold dialogue: says once more whose treatment is held, and carries that patient."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Parts, Sending, identifier
from cloud.errors import NotFound
from cloud.holds.reasons import REASONS
from cloud.holds.service import ask_once
from cloud.holds.waiting import waiting_lines
from cloud.patients import service as patients
from cloud.people.authority import Act
from cloud.prescriptions.service import longest_clearance_days

router = APIRouter()


@router.get("/patients/{patient}/hold", dependencies=[reading(Act.PLACE_HOLD)])
def hold_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """Ask before holding."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        found = patients.here(
            session, patients.patient_of(session, person.clinic_id, identifier(patient))
        )
        days = longest_clearance_days(session, found.clinic_id, found.patient_id)
        waiting = waiting_lines(session, dashboard.times, found, now_ms=now_ms)
    dashboard.audit(person, "read a patient", f"patient/{found.patient_id.hex()}")
    return dashboard.page(
        "hold.html",
        person,
        patient=found,
        patient_id=found.patient_id.hex(),
        age=patients.age_of(found, dashboard.times.day(now_ms)),
        reasons=REASONS,
        waiting=waiting,
        clearance_days=days,
    )


@router.post("/patients/{patient}/holds", dependencies=[sending(Act.PLACE_HOLD)])
def place_hold(
    dashboard: Parts,
    person: Sending,
    patient: str,
    patient_id: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Note the hold; the worker signs it and queues it for the phone."""
    if identifier(patient_id) != identifier(patient):
        raise NotFound("This form is of another patient. Open the page again.")
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = patients.here(
            session, patients.patient_of(session, person.clinic_id, identifier(patient))
        )
        device = patients.device_of(session, person.clinic_id, found.patient_id)
        whose = found.patient_id
        hold = ask_once(session, device, whose, reason, person.staff_id, now_ms=now_ms)
        subject = f"hold/{hold.hold_id.hex()}"
        dashboard.note(session, person, "asked for a hold", subject, [whose])
    return RedirectResponse(f"/patients/{found.patient_id.hex()}", status_code=303)
