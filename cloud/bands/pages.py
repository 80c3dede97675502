"""The page of the clinic's bands."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from cloud.bands.rows import FINE, FREE, Bands
from cloud.dashboard.gates import reading
from cloud.dashboard.parts import Acting, Parts
from cloud.patients.service import all_patients
from cloud.people.authority import Act
from cloud.people.reach import within_reach

router = APIRouter()


@router.get("/clinic/devices", dependencies=[reading(Act.READ_CLINIC)])
def devices_page(dashboard: Parts, person: Acting) -> Response:
    """Every band, what is wrong first; patients by name for whoever may open their pages."""
    now_ms, clinic_id = dashboard.clock.wall_ms(), person.clinic_id
    with dashboard.database.read(clinic_id) as session:
        everybody = all_patients(session, clinic_id)
        known = within_reach(session, person, everybody, Act.READ_PATIENT, now_ms=now_ms)
        rows = Bands(session, clinic_id, known, dashboard.times, now_ms).rows()
    shown = [each.patient.patient_id for each in rows if each.patient is not None]
    dashboard.audit(person, "read the bands", "bands", shown)
    return dashboard.page(
        "devices.html",
        person,
        rows=rows,
        wrong=sum(each.urgency not in (FINE, FREE) for each in rows),
        free=sum(each.urgency == FREE for each in rows),
    )
