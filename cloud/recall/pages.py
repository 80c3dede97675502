"""The page of recalls: which bands, whose, held or not in force yet, told, replaced."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from cloud.dashboard.gates import reading
from cloud.dashboard.parts import Acting, Parts
from cloud.patients.service import all_patients
from cloud.people.authority import Act
from cloud.people.reach import within_reach
from cloud.recall.standing import shown

router = APIRouter()


@router.get("/clinic/recall", dependencies=[reading(Act.READ_CLINIC)])
def recall_page(dashboard: Parts, person: Acting) -> Response:
    """Every recall that goes on, with its bands; patients by name for whoever reaches them."""
    clinic_id, now_ms = person.clinic_id, dashboard.clock.wall_ms()
    with dashboard.database.read(clinic_id) as session:
        everybody = all_patients(session, clinic_id)
        known = within_reach(session, person, everybody, Act.READ_PATIENT, now_ms=now_ms)
        recalls = shown(session, clinic_id, known)
    named = [line.patient for each in recalls for line in each.lines if line.patient is not None]
    dashboard.audit(person, "read the recalls", "recalls", [each.patient_id for each in named])
    return dashboard.page("recall.html", person, recalls=recalls)
