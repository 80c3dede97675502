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
from cloud.dashboard.parts import Acting, Parts, Sending, identifier
from cloud.errors import NotFound
from cloud.people.service import Person

router = APIRouter()


@router.get("/alerts/{alert}")
def alert_page(dashboard: Parts, person: Acting, alert: str) -> Response:
    """Go to where the alert stands."""
    with dashboard.database.read(person.clinic_id) as session:
        return RedirectResponse(_where(_alert(session, person, alert)), status_code=303)


@router.post("/alerts/{alert}/acknowledge")
def acknowledge_clinics(dashboard: Parts, person: Sending, alert: str) -> Response:
    """Close an alert about the clinic itself; a patient's is closed on the patient's page."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = _alert(session, person, alert)
        if found.patient_id is not None:
            raise NotFound("There is no such alert.")
        acknowledge(session, person.clinic_id, found.alert_id, by=person.staff_id, now_ms=now_ms)
        _note(session, person, "acknowledged an alert", found, now_ms)
    return RedirectResponse(_where(found), status_code=303)


@router.post("/alerts/{alert}/hand-over")
def hand_alert_over(
    dashboard: Parts, person: Sending, alert: str, to: Annotated[str, Form()] = ""
) -> Response:
    """Hand an alert to another member; the ladder begins anew with them."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = _alert(session, person, alert)
        hand_over(session, person.clinic_id, found.alert_id, to=identifier(to), now_ms=now_ms)
        _note(session, person, "handed an alert over", found, now_ms)
    return RedirectResponse(_where(found), status_code=303)


def _alert(session: Session, person: Person, alert: str) -> Alert:
    found = session.get(Alert, (person.clinic_id, identifier(alert)))
    if found is None:
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
