"""Clearing a flaw about a band's record: by a person, for a reason, written down."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from cloud.dashboard.gates import sending
from cloud.dashboard.parts import Parts, Sending, identifier
from cloud.patients import service as patients
from cloud.people.authority import Act
from cloud.proof.service import clear, subject_of

router = APIRouter()


@router.post("/patients/{patient}/flaws", dependencies=[sending(Act.CLOSE_FLAW)])
def clear_flaw(
    dashboard: Parts,
    person: Sending,
    patient: str,
    flaw: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Clear a flaw; the row, its reason and who cleared it stay."""
    patient_id, now_ms = identifier(patient), dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        patients.patient_of(session, person.clinic_id, patient_id)
        cleared = clear(
            session,
            person.clinic_id,
            patient_id,
            flaw,
            reason,
            actor=person.actor,
            now_ms=now_ms,
        )
        dashboard.note(session, person, "cleared a flaw", subject_of(cleared), [patient_id])
    return RedirectResponse(f"/patients/{patient_id.hex()}", status_code=303)
