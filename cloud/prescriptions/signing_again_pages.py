"""The page of prescriptions that have to be signed again."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from cloud.dashboard.gates import reading
from cloud.dashboard.parts import Acting, Parts
from cloud.patients.service import all_patients
from cloud.people.authority import Act
from cloud.people.reach import within_reach
from cloud.prescriptions.signing_again import AHEAD_DAYS, to_sign_again

router = APIRouter()


@router.get("/sign-again", dependencies=[reading(Act.READ_SIGN_AGAIN)])
def sign_again_page(dashboard: Parts, person: Acting) -> Response:
    """The prescriptions of the person's own patients that somebody has to sign again."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        everybody = all_patients(session, person.clinic_id)
        own = within_reach(session, person, everybody, Act.READ_SIGN_AGAIN, now_ms=now_ms)
        patients = {each.patient_id: each for each in own}
        found = to_sign_again(session, person.clinic_id, now_ms=now_ms)
    rows = [(patients[each.patient_id], each) for each in found if each.patient_id in patients]
    shown = [each.patient_id for each, _ in rows]
    dashboard.audit(person, "read what to sign again", "patients", shown)
    return dashboard.page("sign_again.html", person, rows=rows, ahead_days=AHEAD_DAYS)
