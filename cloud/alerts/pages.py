"""An alert's own address, as messages link to it; handing it over; the clinic's own alerts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from cloud.alerts.escalating import hand_over
from cloud.alerts.models import Alert
from cloud.alerts.service import acknowledge
from cloud.audit.service import record
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Parts, Sending, identifier
from cloud.errors import NotFound, Refused
from cloud.people.authority import Act
from cloud.people.reach import reaches
from cloud.people.service import Person

router = APIRouter()


@router.get("/alerts/{alert}", dependencies=[reading(Act.OPEN_ALERT)])
def alert_page(dashboard: Parts, person: Acting, alert: str) -> Response:
    """Go to where the alert stands."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        found = _alert(session, person, alert, now_ms=now_ms)
        return RedirectResponse(_where(found), status_code=303)


@router.post("/alerts/{alert}/acknowledge", dependencies=[sending(Act.CLOSE_CLINIC_ALERT)])
def acknowledge_clinics(dashboard: Parts, person: Sending, alert: str) -> Response:
    """Close an alert about the clinic itself; a patient's is closed on the patient's page."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = _alert(session, person, alert, now_ms=now_ms)
        if found.patient_id is not None:
            raise NotFound("There is no such alert.")
        acknowledge(session, found, found.alert_id, by=person.staff_id, now_ms=now_ms)
        _note(session, person, "acknowledged an alert", found, now_ms)
    return RedirectResponse(_where(found), status_code=303)


@router.post("/alerts/{alert}/hand-over", dependencies=[sending(Act.HAND_ALERT_OVER)])
def hand_alert_over(
    dashboard: Parts, person: Sending, alert: str, to: Annotated[str, Form()] = ""
) -> Response:
    """Hand an alert to another member; the ladder begins anew with them."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = _alert(session, person, alert, now_ms=now_ms)
        if identifier(to) == person.staff_id:
            raise Refused("An alert is handed to somebody else.", code="self")
        hand_over(session, person.clinic_id, found.alert_id, to=identifier(to), now_ms=now_ms)
        _note(session, person, "handed an alert over", found, now_ms)
    return RedirectResponse(_where(found), status_code=303)


def _alert(session: Session, person: Person, alert: str, *, now_ms: int) -> Alert:
    found = session.get(Alert, (person.clinic_id, identifier(alert)))
    about = found.patient_id if found else None
    hidden = about is not None and not reaches(
        session, person, about, Act.READ_PATIENT, now_ms=now_ms
    )
    if found is None or hidden:
        raise NotFound("There is no such alert.")
    return found


def _where(alert: Alert) -> str:
    if alert.patient_id is None:
        return "/clinic/alerts"
    return f"/patients/{alert.patient_id.hex()}"


def _note(session: Session, person: Person, action: str, alert: Alert, now_ms: int) -> None:
    record(
        session,
        person.clinic_id,
        actor=person.actor,
        action=action,
        subject=f"alert/{alert.alert_id.hex()}",
        now_ms=now_ms,
    )
