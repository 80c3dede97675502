"""What the list does: seeing to one patient, handing many to a colleague, keeping views."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from cloud.alerts.service import acknowledge
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import CloudError, NotFound, Refused
from cloud.language import mark
from cloud.patients.gathering import gather_all
from cloud.patients.record import TreatmentRecord
from cloud.patients.service import age_of, patient_of
from cloud.patients.triage import COURSE, Why, reasons
from cloud.people.authority import Act
from cloud.people.reach import reaches
from cloud.people.service import Person
from cloud.triage import saved
from cloud.triage.assigning import assign, assignments, colleagues
from cloud.triage.contacts import OUTCOMES, calls_to, note_call
from cloud.triage.due import due_calls, with_due
from cloud.triage.pages import choice_in
from cloud.triage.rows import call_in_words
from cloud.triage.snoozing import LONGEST_MS, REASON_MAX, put_off, running, take_back

router = APIRouter()
Typed = Annotated[str, Form()]
_NOT_A_TIME = mark("Give a date and a time.")
USUAL_MS = 86_400_000
"""A day is what the form offers first."""


@router.get("/patients/{patient}/see-to", dependencies=[reading(Act.READ_PATIENT)])
def see_to(dashboard: Parts, person: Acting, patient: str, back: str = "") -> Response:
    """Everything that can be done about one patient of the list."""
    page = _see_to(dashboard, person, identifier(patient), back)
    dashboard.audit(person, "read what to see to", f"patient/{identifier(patient).hex()}")
    return page


@router.post("/patients/{patient}/see-to", dependencies=[sending(Act.ACKNOWLEDGE)])
def acknowledge_from_list(
    dashboard: Parts, person: Sending, patient: str, alert: Typed = "", back: Typed = ""
) -> Response:
    """Close an alert that the person has seen to, and go back to the list."""
    patient_id = identifier(patient)
    with dashboard.database.write(person.clinic_id) as session:
        found = acknowledge(
            session,
            patient_of(session, person.clinic_id, patient_id),
            identifier(alert),
            by=person.staff_id,
            now_ms=dashboard.clock.wall_ms(),
        )
        subject = f"alert/{found.alert_id.hex()}"
        dashboard.note(session, person, "acknowledged an alert", subject, [patient_id])
    return _to_list(back)


@router.post("/patients/{patient}/calls", dependencies=[sending(Act.NOTE_CALL)])
def call(
    dashboard: Parts,
    person: Sending,
    patient: str,
    outcome: Typed = "",
    next_at: Typed = "",
    back: Typed = "",
) -> Response:
    """Note a call that was made just now."""
    patient_id = identifier(patient)
    try:
        next_ms = _typed(dashboard, next_at) if next_at else None
        with dashboard.database.write(person.clinic_id) as session:
            note_call(
                session,
                person.clinic_id,
                patient_id,
                outcome,
                by=person.staff_id,
                next_ms=next_ms,
                now_ms=dashboard.clock.wall_ms(),
            )
            dashboard.note(session, person, "noted a call", f"patient/{patient_id.hex()}")
    except Refused as problem:
        return _again(dashboard, person, patient_id, back, problem, "noted a call")
    return _to_list(back)


@router.post("/patients/{patient}/put-off", dependencies=[sending(Act.PUT_OFF)])
def put_patient_off(
    dashboard: Parts,
    person: Sending,
    patient: str,
    reason: Typed = "",
    until: Typed = "",
    back: Typed = "",
) -> Response:
    """Put what stands of a patient off until a time."""
    patient_id = identifier(patient)
    now_ms = dashboard.clock.wall_ms()
    try:
        until_ms = _typed(dashboard, until)
        with dashboard.database.write(person.clinic_id) as session:
            found = patient_of(session, person.clinic_id, patient_id)
            (record,) = gather_all(session, person.clinic_id, [found], only=True)
            put_off(
                session,
                person.clinic_id,
                patient_id,
                _reasons(session, record, dashboard, now_ms=now_ms),
                reason,
                by=person.staff_id,
                until_ms=until_ms,
                now_ms=now_ms,
            )
            dashboard.note(session, person, "put a patient off", f"patient/{patient_id.hex()}")
    except Refused as problem:
        return _again(dashboard, person, patient_id, back, problem, "put a patient off")
    return _to_list(back)


@router.post("/patients/{patient}/put-off/end", dependencies=[sending(Act.PUT_OFF)])
def take_patient_back(
    dashboard: Parts, person: Sending, patient: str, back: Typed = ""
) -> Response:
    """Let a patient who was put off stand on the list again."""
    patient_id = identifier(patient)
    with dashboard.database.write(person.clinic_id) as session:
        take_back(session, person.clinic_id, patient_id, now_ms=dashboard.clock.wall_ms())
        subject = f"patient/{patient_id.hex()}"
        dashboard.note(session, person, "took a patient back onto the list", subject)
    return _to_list(back)


@router.post("/list/tasks", dependencies=[sending(Act.ASSIGN_TASK)])
def hand_over(
    dashboard: Parts,
    person: Sending,
    patients: Annotated[list[str] | None, Form()] = None,
    to: Typed = "",
    back: Typed = "",
) -> Response:
    """Make patients a colleague's task, or nobody's, in one step; then say whose they are."""
    ids = [identifier(each) for each in patients or ()]
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        found = assign(session, person, ids, identifier(to) if to else None, now_ms=now_ms)
        people = [each.patient_id for each in found]
        dashboard.note(session, person, "made patients somebody's task", "patients", people)
        staff = colleagues(session, person.clinic_id)
    today = dashboard.times.day(now_ms)
    return dashboard.page(
        "handed_over.html",
        person,
        patients=[(each.patient_id.hex(), each.name, age_of(each, today)) for each in found],
        colleague=next((each.name for each in staff if each.staff_id.hex() == to), ""),
        back=choice_in(back),
    )


@router.post("/list/views", dependencies=[sending(Act.OWN_VIEWS)])
def keep_view(dashboard: Parts, person: Sending, name: Typed = "", back: Typed = "") -> Response:
    """Keep the choice that is on the page under a name."""
    with dashboard.database.write(person.clinic_id) as session:
        saved.keep(session, person, name, choice_in(back))
        dashboard.note(session, person, "saved a view", "list")
    return _to_list(back)


@router.post("/list/views/{view}/remove", dependencies=[sending(Act.OWN_VIEWS)])
def remove_view(dashboard: Parts, person: Sending, view: str, back: Typed = "") -> Response:
    """Remove one of the member's own views."""
    with dashboard.database.write(person.clinic_id) as session:
        saved.remove(session, person, identifier(view))
        dashboard.note(session, person, "removed a view", "list")
    return _to_list(back)


def _to_list(back: str) -> Response:
    return RedirectResponse(choice_in(back).address, status_code=303)


def _typed(dashboard: Dashboard, text: str) -> int:
    try:
        return dashboard.times.typed(text)
    except (ValueError, OverflowError) as problem:
        raise Refused(_NOT_A_TIME, code="time") from problem


def _again(
    dashboard: Dashboard,
    person: Person,
    patient_id: bytes,
    back: str,
    problem: CloudError,
    tried: str,
) -> Response:
    """Return the page with what was wrong; it shows the patient, so it is written down."""
    page = _see_to(dashboard, person, patient_id, back, problem=problem.said())
    dashboard.audit(person, tried, f"patient/{patient_id.hex()}")
    page.status_code = problem.status
    return page


def _reasons(
    session: Session, record: TreatmentRecord, dashboard: Dashboard, *, now_ms: int
) -> tuple[Why, ...]:
    """Return why the patient stands on the list, a try that is due among it."""
    clinic_id, patient_id = record.patient.clinic_id, record.patient.patient_id
    due_ms = due_calls(session, clinic_id, now_ms=now_ms).get(patient_id)
    found = reasons(record, dashboard.times, now_ms=now_ms)
    return with_due(found, due_ms, dashboard.times, now_ms=now_ms)


def _see_to(
    dashboard: Dashboard,
    person: Person,
    patient_id: bytes,
    back: str,
    **more: Any,
) -> Response:
    clinic_id, now_ms = person.clinic_id, dashboard.clock.wall_ms()
    with dashboard.database.read(clinic_id) as session:
        patient = patient_of(session, clinic_id, patient_id)
        if patient.is_erased:
            raise NotFound("This patient was erased.")
        (record,) = gather_all(session, clinic_id, [patient], only=True)
        calls, snooze = (
            calls_to(session, clinic_id, patient_id),
            running(session, clinic_id, now_ms=now_ms).get(patient_id),
        )
        staff = colleagues(session, clinic_id)
        task = assignments(session, clinic_id).get(patient_id)
        own = reaches(session, person, patient_id, Act.PUT_OFF, now_ms=now_ms)
        found = _reasons(session, record, dashboard, now_ms=now_ms)
    names = {each.staff_id: each.name for each in staff}
    said = [
        call_in_words(each, names.get(each.called_by, "?"), dashboard.times, now_ms)
        for each in calls
    ]
    values: dict[str, Any] = {
        "patient": patient,
        "patient_id": patient_id.hex(),
        "age": age_of(patient, dashboard.times.day(now_ms)),
        "reasons": [each for each in found if each.urgency != COURSE],
        "calls": said,
        "outcomes": OUTCOMES,
        "snooze": snooze,
        "snoozed_by": names.get(snooze.put_off_by, "") if snooze else "",
        "own": own,
        "task": names.get(task.staff_id) if task else None,
        "staff": [each for each in staff if task is None or each.staff_id != task.staff_id],
        "usual": dashboard.times.to_type(now_ms + USUAL_MS),
        "longest": dashboard.times.to_type(now_ms + LONGEST_MS),
        "longest_days": LONGEST_MS // 86_400_000,
        "reason_max": REASON_MAX,
        "back": choice_in(back),
        "problem": None,
    }
    return dashboard.page("see_to.html", person, **(values | more))
