"""The page of erasures: who was erased, by id alone, and erasing somebody."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, identifier
from cloud.errors import CloudError, Refused
from cloud.logs import log
from cloud.patients.erasing import erase, erased
from cloud.people.authority import Act
from cloud.people.service import Person
from cloud.vault.errors import VaultError

router = APIRouter()


@router.get("/erasures", dependencies=[reading(Act.READ_ERASURES)])
def erasures_page(dashboard: Parts, person: Acting) -> Response:
    """Who was erased, and the form."""
    return _page(dashboard, person)


@router.post("/erasures", dependencies=[sending(Act.ERASE_PATIENT)])
def erase_patient(
    dashboard: Parts,
    person: Acting,
    patient: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Erase a patient, whose id was typed twice."""
    try:
        if patient != again:
            raise Refused("The two ids differ. Nothing was erased.", code="again")
        erase(
            dashboard.database,
            person.clinic_id,
            identifier(patient),
            actor=person.actor,
            now_ms=dashboard.clock.wall_ms(),
            route=person.route,
        )
    except VaultError as problem:
        log.error("vault", problem=type(problem).__name__)
        return _page(dashboard, person, problem.sentence)
    except CloudError as problem:
        return _page(dashboard, person, problem.said())
    return RedirectResponse("/erasures", status_code=303)


def _page(dashboard: Dashboard, person: Person, problem: str | None = None) -> Response:
    with dashboard.database.read(person.clinic_id) as session:
        found = erased(session, person.clinic_id)
        gone = [(each.patient_id.hex(), each.erased_ms) for each in found]
    page = dashboard.page("erasures.html", person, gone=gone, problem=problem)
    page.status_code = 200 if problem is None else 422
    return page
