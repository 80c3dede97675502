"""Keeping a rest: says whose, what changes and what undoes it, and carries that patient."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import NotFound
from cloud.holds.confirming import ask, confirmation_of
from cloud.holds.lifting import is_rest, liftable
from cloud.holds.placing import by_record_in_words
from cloud.patients import service as patients
from cloud.people.authority import Act

router = APIRouter()
PATH = "/patients/{patient}/holds/{hold}/confirm"


@router.get(PATH, dependencies=[reading(Act.PLACE_HOLD)])
def confirm_page(dashboard: Parts, person: Acting, patient: str, hold: str) -> Response:
    """Ask before a rest is kept; what stands no more, or was kept already, is said."""
    with dashboard.database.read(person.clinic_id) as session:
        values = _rest(session, dashboard, person.clinic_id, patient, hold)
    dashboard.audit(person, "read a patient", f"patient/{values['patient_id']}")
    return dashboard.page("confirm_hold.html", person, **values)


@router.post(PATH, dependencies=[sending(Act.PLACE_HOLD)])
def confirm(
    dashboard: Parts,
    person: Sending,
    patient: str,
    hold: str,
    patient_id: Annotated[str, Form()] = "",
) -> Response:
    """Note it; the worker signs it and queues it for the phone."""
    if identifier(patient_id) != identifier(patient):
        raise NotFound("This form is of another patient. Open the page again.")
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        values = _rest(session, dashboard, person.clinic_id, patient, hold)
        whose = values["patient"].patient_id
        ask(session, values["device"], whose, values["hold"], person.staff_id, now_ms=now_ms)
        subject = f"hold/{identifier(hold).hex()}"
        dashboard.note(session, person, "asked that a rest stays", subject, [whose])
    return RedirectResponse(f"/patients/{whose.hex()}/way", status_code=303)


def _rest(
    session: Session, dashboard: Dashboard, clinic_id: str, patient: str, hold: str
) -> dict[str, Any]:
    now_ms = dashboard.clock.wall_ms()
    found = patients.patient_here(session, clinic_id, identifier(patient))
    device = patients.device_of(session, clinic_id, found.patient_id)
    standing = liftable(session, dashboard.folds, device, now_ms=now_ms).holds
    hold_id = identifier(hold)
    found_hold = next((each for each in standing if each.hold_id == hold_id), None)
    return {
        "patient": found,
        "patient_id": found.patient_id.hex(),
        "age": patients.age_of(found, dashboard.times.day(now_ms)),
        "band": device.serial,
        "device": device,
        "hold": found_hold,
        "placed": "" if found_hold is None else by_record_in_words(found_hold),
        "hold_id": hold_id.hex(),
        "asked": confirmation_of(session, clinic_id, hold_id),
        "is_rest": is_rest,
    }
