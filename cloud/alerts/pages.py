"""An alert's own address, as messages link to it; handing it over; the clinic's own alerts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from cloud.alerts.escalating import hand_over
from cloud.alerts.models import Alert
from cloud.alerts.service import acknowledge
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import NotFound, Refused
from cloud.people.authority import Act
from cloud.people.reach import reaches
from cloud.people.service import Person

INBOX = "inbox"
"""What a form of the inbox says, to come back there."""
router = APIRouter()


@router.get("/alerts/{alert}", dependencies=[reading(Act.OPEN_ALERT)])
def alert_page(dashboard: Parts, person: Acting, alert: str) -> Response:
    """Go to where the alert stands."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        found = alert_within_reach(session, person, alert, now_ms=now_ms)
        return RedirectResponse(_where(found), status_code=303)


@router.post("/alerts/{alert}/acknowledge", dependencies=[sending(Act.CLOSE_CLINIC_ALERT)])
def acknowledge_alert(
    dashboard: Parts, person: Sending, alert: str, back: Annotated[str, Form()] = ""
) -> Response:
    """Close an alert about the clinic itself, or about a patient of whom the person may."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = alert_within_reach(session, person, alert, now_ms=now_ms)
        about = found.patient_id
        if about is not None and not reaches(
            session, person, about, Act.ACKNOWLEDGE, now_ms=now_ms
        ):
            raise NotFound("There is no such alert.")
        acknowledge(session, found, found.alert_id, by=person.staff_id, now_ms=now_ms)
        note(dashboard, session, person, "acknowledged an alert", found)
    return RedirectResponse(_where(found, back), status_code=303)


@router.post("/alerts/{alert}/hand-over", dependencies=[sending(Act.HAND_ALERT_OVER)])
def hand_alert_over(
    dashboard: Parts,
    person: Sending,
    alert: str,
    to: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Hand an alert to another member; the ladder begins anew with them."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = alert_within_reach(session, person, alert, now_ms=now_ms)
        if identifier(to) == person.staff_id:
            raise Refused("An alert is handed to somebody else.", code="self")
        hand_over(session, person.clinic_id, found.alert_id, to=identifier(to), now_ms=now_ms)
        note(dashboard, session, person, "handed an alert over", found)
    return RedirectResponse(_where(found, back), status_code=303)


def alert_within_reach(session: Session, person: Person, alert: str, *, now_ms: int) -> Alert:
    """Return an alert of the clinic itself or of a patient within reach; raise NotFound."""
    found = session.get(Alert, (person.clinic_id, identifier(alert)))
    about = found.patient_id if found else None
    hidden = about is not None and not reaches(
        session, person, about, Act.READ_PATIENT, now_ms=now_ms
    )
    if found is None or hidden:
        raise NotFound("There is no such alert.")
    return found


def _where(alert: Alert, back: str = "") -> str:
    if back == INBOX:
        return "/alerts"
    if alert.patient_id is None:
        return "/clinic/alerts"
    return f"/patients/{alert.patient_id.hex()}"


def note(dashboard: Dashboard, session: Session, person: Person, action: str, alert: Alert) -> None:
    """Write down what this person does with an alert, and whom that is about."""
    about = [alert.patient_id] if alert.patient_id else ()
    dashboard.note(session, person, action, f"alert/{alert.alert_id.hex()}", about)
