"""The page on which a patient's name, birth date and indication are put right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import CloudError, NotFound
from cloud.language import _
from cloud.patients import service as patients
from cloud.patients.correcting import Details, correct, details_of
from cloud.patients.indications import indication, indications
from cloud.people.authority import Act
from cloud.people.service import Person

router = APIRouter()


@dataclass(frozen=True)
class Typed:
    """The form as it was typed, and the mark of what stood there when it was opened."""

    name: str
    birth_date: str
    indication: str
    seen: str

    def new(self) -> Details:
        """Return what was typed; raise ValueError for no date, Refused for no indication."""
        return Details(self.name, date.fromisoformat(self.birth_date), indication(self.indication))


def typed(
    name: Annotated[str, Form()] = "",
    birth_date: Annotated[str, Form()] = "",
    indication: Annotated[str, Form()] = "",
    seen: Annotated[str, Form()] = "",
) -> Typed:
    """What a form about a patient's details brings."""
    return Typed(name, birth_date, indication, seen)


@router.get("/patients/{patient}/details", dependencies=[reading(Act.CORRECT_PATIENT)])
def details_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """What stands of the patient, to be put right."""
    page = _page(dashboard, person, identifier(patient))
    dashboard.audit(person, "read a patient", f"patient/{identifier(patient).hex()}")
    return page


@router.post("/patients/{patient}/details", dependencies=[sending(Act.CORRECT_PATIENT)])
def correct_details(
    dashboard: Parts,
    person: Sending,
    patient: str,
    patient_id: Annotated[str, Form()] = "",
    *,
    form: Annotated[Typed, Depends(typed)],
) -> Response:
    """Put it right, where nobody else did meanwhile."""
    if identifier(patient_id) != identifier(patient):
        raise NotFound("This form is of another patient. Open the page again.")
    now_ms = dashboard.clock.wall_ms()
    try:
        with dashboard.database.write(person.clinic_id) as session:
            found = patients.patient_here(session, person.clinic_id, identifier(patient))
            correct(found, form.seen, form.new(), now_ms=now_ms)
            subject = f"patient/{found.patient_id.hex()}"
            dashboard.note(session, person, "corrected a patient's details", subject)
    except NotFound:
        raise
    except CloudError as problem:
        return _page(dashboard, person, identifier(patient), form, problem.said())
    except ValueError:
        words = _("Give the birth date as a day, month and year.")
        return _page(dashboard, person, identifier(patient), form, words)
    return RedirectResponse(f"/patients/{identifier(patient).hex()}", status_code=303)


def _page(
    dashboard: Dashboard,
    person: Person,
    patient_id: bytes,
    form: Typed | None = None,
    problem: str | None = None,
) -> Response:
    with dashboard.database.read(person.clinic_id) as session:
        found = patients.patient_here(session, person.clinic_id, patient_id)
    stands = details_of(found)
    page = dashboard.page(
        "details.html",
        person,
        patient=found,
        patient_id=found.patient_id.hex(),
        age=patients.age_of(found, dashboard.times.day(dashboard.clock.wall_ms())),
        stands=stands,
        form=form or stands,
        indications=indications(),
        problem=problem,
    )
    page.status_code = 200 if problem is None else 422
    return page
