"""The way to the band: how far what was signed and what was held has come, and whom to call."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, Watching, identifier
from cloud.errors import NotFound
from cloud.holds.confirming import ways_of_rests
from cloud.holds.service import holds_of
from cloud.patients import service as patients
from cloud.patients.silence import keep_telephone, silence_of
from cloud.people.authority import Act
from cloud.people.service import Person
from cloud.prescriptions.way import ways
from cloud.words.service import ways_of_words

router = APIRouter()


@router.get("/patients/{patient}/way", dependencies=[reading(Act.READ_PATIENT)])
def way_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """How far everything has come."""
    values = _way(dashboard, person, patient)
    dashboard.audit(person, "read a patient", f"patient/{identifier(patient).hex()}")
    return dashboard.page("way.html", person, **values)


@router.get("/patients/{patient}/way/live", dependencies=[reading(Act.READ_PATIENT)])
def way_live(dashboard: Parts, person: Watching, patient: str) -> Response:
    """The page's refresh."""
    values = _way(dashboard, person, patient)
    subject = f"patient/{identifier(patient).hex()}"
    dashboard.audit_refresh(person, "kept a patient open", subject)
    return dashboard.page("_way.html", person, **values)


@router.post("/patients/{patient}/telephone", dependencies=[sending(Act.KEEP_TELEPHONE)])
def telephone(
    dashboard: Parts,
    person: Sending,
    patient: str,
    patient_id: Annotated[str, Form()] = "",
    number: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Keep the number at which the patient is called."""
    if identifier(patient_id) != identifier(patient):
        raise NotFound("This form is of another patient. Open the page again.")
    with dashboard.database.write(person.clinic_id) as session:
        found = patients.patient_here(session, person.clinic_id, identifier(patient))
        keep_telephone(found, number)
        subject = f"patient/{found.patient_id.hex()}"
        dashboard.note(session, person, "kept a telephone number", subject)
    return RedirectResponse(f"/patients/{found.patient_id.hex()}/way", status_code=303)


def _way(dashboard: Dashboard, person: Person, patient: str) -> dict[str, Any]:
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        found = patients.patient_here(session, person.clinic_id, identifier(patient))
        clinic_id, patient_id = found.clinic_id, found.patient_id
        held = [each for each in holds_of(session, clinic_id, patient_id) if each.ended_ms is None]
        return {
            "patient": found,
            "patient_id": patient_id.hex(),
            "age": patients.age_of(found, dashboard.times.day(now_ms)),
            "silence": silence_of(session, found),
            "waiting_holds": [each for each in held if each.in_force_ms is None],
            "ways": ways(session, clinic_id, patient_id, dashboard.times, now_ms=now_ms),
            "words": (
                *ways_of_words(session, clinic_id, patient_id, dashboard.times, now_ms=now_ms),
                *ways_of_rests(session, clinic_id, patient_id, dashboard.times, now_ms=now_ms),
            ),
        }
