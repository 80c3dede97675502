"""The timeline by itself: what the open patient's page fetches when something new came."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from cloud.adherence.definition import adherence
from cloud.adherence.facts import course_facts
from cloud.dashboard.gates import reading
from cloud.dashboard.parts import Parts, Watching, identifier
from cloud.dose.against import doses_of
from cloud.patients.service import patient_of
from cloud.people.authority import Act
from cloud.timeline.view import timeline

router = APIRouter()


@router.get("/patients/{patient}/timeline", dependencies=[reading(Act.READ_PATIENT)])
def patient_timeline(
    dashboard: Parts, person: Watching, patient: str, span: str = "", until: str = ""
) -> Response:
    """The lanes anew; the page that asks stays open, so it's written down as its refresh is."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        found = patient_of(session, person.clinic_id, identifier(patient))
        today = dashboard.times.day(now_ms).toordinal()
        facts = course_facts(
            session, person.clinic_id, found.patient_id, dashboard.times, today=today
        )
        shown = timeline(
            session, found, facts, dashboard.times, now_ms=now_ms, span=span, until=until
        )
        doses = doses_of(session, found, facts, today=today)
    dashboard.audit_refresh(person, "kept a patient open", f"patient/{found.patient_id.hex()}")
    return dashboard.page(
        "_timeline.html",
        person,
        timeline=shown,
        doses=doses,
        adherence=adherence(facts, today=today) if facts else None,
    )
