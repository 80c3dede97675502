"""The inbox of alerts, its refresh, and taking an alert over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from cloud.alerts.pages import alert_within_reach, note
from cloud.alerts.recipients import may_be_told
from cloud.channels.service import reachable_members
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, Watching
from cloud.errors import NotFound
from cloud.inbox.ahead import ladder_said
from cloud.inbox.choice import Choice, Of, Show, Urgency
from cloud.inbox.duty import duty
from cloud.inbox.rows import Inbox
from cloud.inbox.taking import take_over
from cloud.oncall.service import lacking
from cloud.people.authority import Act
from cloud.people.reach import reaches
from cloud.people.service import Person

router = APIRouter()


def _asked(show: Show = Show.OPEN, urgency: Urgency = Urgency.ALL, of: Of = Of.ALL) -> Choice:
    return Choice(show, urgency, of)


Asked = Annotated[Choice, Depends(_asked)]


@router.get("/alerts", dependencies=[reading(Act.OPEN_ALERT)])
def inbox_page(dashboard: Parts, person: Acting, choice: Asked) -> Response:
    """Every alert within reach, the most urgent first."""
    values, shown = _inbox(dashboard, person, choice)
    dashboard.audit(person, "read the alerts", "alerts", shown)
    return dashboard.page("inbox.html", person, **values)


@router.get("/alerts/live", dependencies=[reading(Act.OPEN_ALERT)])
def inbox_live(dashboard: Parts, person: Watching, choice: Asked) -> Response:
    """The inbox's refresh."""
    values, shown = _inbox(dashboard, person, choice)
    dashboard.audit_refresh(person, "kept the alerts open", "alerts", shown)
    return dashboard.page("_inbox.html", person, **values)


@router.post("/alerts/{alert}/take", dependencies=[sending(Act.TAKE_ALERT_OVER)])
def take(dashboard: Parts, person: Sending, alert: str) -> Response:
    """Take an alert on: nobody else is told for a step of the ladder, and it stays open."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = alert_within_reach(session, person, alert, now_ms=now_ms)
        own = found.patient_id is not None and reaches(
            session, person, found.patient_id, Act.TAKE_ALERT_OVER, now_ms=now_ms
        )
        if not own:
            raise NotFound("There is no such alert.")
        take_over(session, found, by=person.staff_id, now_ms=now_ms)
        note(dashboard, session, person, "took an alert over", found)
    return RedirectResponse("/alerts", status_code=303)


def _inbox(
    dashboard: Dashboard, person: Person, choice: Choice
) -> tuple[dict[str, object], list[bytes]]:
    """Return what the inbox shows, and whom."""
    now_ms, clinic_id = dashboard.clock.wall_ms(), person.clinic_id
    with dashboard.database.read(clinic_id) as session:
        inbox = Inbox(session, person, dashboard.times, now_ms)
        alerts = inbox.alerts(choice.show)
        rows = inbox.rows(alerts, choice)
        stretches = duty(
            session,
            clinic_id,
            inbox.turns,
            inbox.channels,
            inbox.names,
            minute=dashboard.times.minute_of_week(now_ms),
            now_ms=now_ms,
        )
        reachable = reachable_members(session, clinic_id)
        elsewhere = not alerts and inbox.others_have_some()
        told = {
            of_patient: may_be_told(session, clinic_id, of_patient=of_patient)
            for of_patient in (True, False)
        }
        missing = lacking(session, clinic_id, now_ms=now_ms)
        own = frozenset(
            each.alert.alert_id
            for each in rows
            if each.alert.patient_id is not None
            and reaches(session, person, each.alert.patient_id, Act.TAKE_ALERT_OVER, now_ms=now_ms)
        )
    shown = dict.fromkeys(
        each.alert.patient_id for each in rows if each.alert.patient_id is not None
    )
    values: dict[str, object] = {
        "choice": choice,
        "rows": rows,
        "now_count": sum(each.urgency == Urgency.NOW for each in alerts),
        "today_count": sum(each.urgency == Urgency.TODAY for each in alerts),
        "stretches": stretches,
        "ladder": ladder_said(inbox.settings),
        "settings": inbox.settings,
        "lacking": missing,
        "own": own,
        "elsewhere": elsewhere,
        "reachable": {
            of_patient: [
                e for e in reachable if e.staff_id in ids and e.staff_id != person.staff_id
            ]
            for of_patient, ids in told.items()
        },
    }
    return values, list(shown)
