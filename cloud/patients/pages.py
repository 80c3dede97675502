"""Pages of patients: the list of today, enrolling, one patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from cloud.adherence.definition import adherence
from cloud.adherence.facts import course_facts
from cloud.alerts.service import acknowledge, weekly_lines
from cloud.channels.service import reachable_members
from cloud.checkins.scores import questionnaire
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, Watching, identifier
from cloud.dose.against import against
from cloud.dose.days import days_of
from cloud.dose.deliveries import NO_COURSE
from cloud.errors import CloudError
from cloud.ledger.session_logs import logs_of, preview
from cloud.patients import service
from cloud.patients.charts import course_chart
from cloud.patients.foresee import foresee
from cloud.patients.gathering import gather_all
from cloud.patients.letter import letter
from cloud.patients.record import gather
from cloud.patients.summary import summarise
from cloud.patients.triage import by_need, row
from cloud.people.authority import Act
from cloud.people.reach import within_reach
from cloud.people.service import Person
from cloud.prescriptions.service import read_prescription
from cloud.proof.views import views_of
from cloud.teams.service import assign, teams_of_member
from shared.stimulation.catalogue import catalogue

router = APIRouter()


@dataclass(frozen=True)
class EnrolForm:
    """The enrolment form as it was typed."""

    name: str = ""
    birth_date: str = ""
    device_id: str = ""
    indication: str = "mdd"


@router.get("/", dependencies=[reading(Act.READ_LIST)])
def today(dashboard: Parts, person: Acting) -> Response:
    """The list of today."""
    dashboard.audit(person, "read the list", "patients")
    return dashboard.page("today.html", person, **_list(dashboard, person))


@router.get("/patients/live", dependencies=[reading(Act.READ_LIST)])
def today_live(dashboard: Parts, person: Watching) -> Response:
    """The list's refresh; it belongs to the reading that opened the page."""
    return dashboard.page("_list.html", person, **_list(dashboard, person))


@router.get("/patients/new", dependencies=[reading(Act.ENROL_PATIENT)])
def enrol_page(dashboard: Parts, person: Acting) -> Response:
    """The enrolment form."""
    return _enrol_page(dashboard, person, EnrolForm())


@router.post("/patients", dependencies=[sending(Act.ENROL_PATIENT)])
def enrol(
    dashboard: Parts,
    person: Sending,
    name: Annotated[str, Form()] = "",
    birth_date: Annotated[str, Form()] = "",
    device_id: Annotated[str, Form()] = "",
    indication: Annotated[str, Form()] = "mdd",
) -> Response:
    """Enrol a patient, then show the phone's one-time code."""
    form = EnrolForm(name, birth_date, device_id, indication)
    now_ms = dashboard.clock.wall_ms()
    try:
        born = date.fromisoformat(birth_date)
        new = service.NewPatient(name, born, identifier(device_id), _indication(indication))
        with dashboard.database.write(person.clinic_id) as session:
            patient = service.enrol(session, person.clinic_id, new, now_ms=now_ms)
            code = service.new_code(session, person.clinic_id, patient.patient_id, now_ms=now_ms)
            teams = teams_of_member(session, person.clinic_id, person.staff_id)
            assign(session, person.clinic_id, patient.patient_id, teams)
            subject = f"patient/{patient.patient_id.hex()}"
            dashboard.note(session, person, "enrolled a patient", subject)
    except CloudError as problem:
        return _enrol_page(dashboard, person, form, str(problem))
    except ValueError:
        return _enrol_page(dashboard, person, form, "Give the birth date as a day, month and year.")
    return _code_page(dashboard, person, patient.patient_id, code)


@router.post("/patients/{patient}/codes", dependencies=[sending(Act.MAKE_CODE)])
def another_code(dashboard: Parts, person: Sending, patient: str) -> Response:
    """Make a fresh one-time code for the patient's phone."""
    patient_id = identifier(patient)
    with dashboard.database.write(person.clinic_id) as session:
        service.patient_of(session, person.clinic_id, patient_id)
        code = service.new_code(
            session, person.clinic_id, patient_id, now_ms=dashboard.clock.wall_ms()
        )
        dashboard.note(session, person, "made an enrolment code", f"patient/{patient_id.hex()}")
    return _code_page(dashboard, person, patient_id, code)


@router.get("/patients/{patient}", dependencies=[reading(Act.READ_PATIENT)])
def patient_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """One patient."""
    values = _patient(dashboard, person, patient)
    dashboard.audit(person, "read a patient", f"patient/{identifier(patient).hex()}")
    return dashboard.page("patient.html", person, **values)


@router.get("/patients/{patient}/live", dependencies=[reading(Act.READ_PATIENT)])
def patient_live(dashboard: Parts, person: Watching, patient: str) -> Response:
    """The patient's refresh; it belongs to the reading that opened the page."""
    return dashboard.page("_patient.html", person, **_patient(dashboard, person, patient))


@router.get("/patients/{patient}/session-logs", dependencies=[reading(Act.READ_SESSION_LOGS)])
def session_logs(dashboard: Parts, person: Acting, patient: str) -> Response:
    """The patient's session logs, opened with their vault key."""
    with dashboard.database.read(person.clinic_id) as session:
        found = service.patient_of(session, person.clinic_id, identifier(patient))
        logs = logs_of(session, person.clinic_id, found.patient_id)
    dashboard.audit(person, "opened session logs", f"patient/{found.patient_id.hex()}")
    vault = dashboard.vault_key(found.vault_key_id)
    opened = [(log, preview(log, vault)) for log in logs]
    return dashboard.page(
        "session_logs.html",
        person,
        patient=found,
        patient_id=found.patient_id.hex(),
        logs=opened,
        vault=found.vault_key_id.hex(),
    )


@router.post("/patients/{patient}/alerts", dependencies=[sending(Act.ACKNOWLEDGE)])
def acknowledge_alert(
    dashboard: Parts, person: Sending, patient: str, alert: Annotated[str, Form()] = ""
) -> Response:
    """Close an alert that the person has seen to: this very one, not what came after it."""
    patient_id = identifier(patient)
    with dashboard.database.write(person.clinic_id) as session:
        found = acknowledge(
            session,
            service.patient_of(session, person.clinic_id, patient_id),
            identifier(alert),
            by=person.staff_id,
            now_ms=dashboard.clock.wall_ms(),
        )
        dashboard.note(session, person, "acknowledged an alert", f"alert/{found.alert_id.hex()}")
    return RedirectResponse(f"/patients/{patient_id.hex()}", status_code=303)


def _list(dashboard: Dashboard, person: Person) -> dict[str, object]:
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        everybody = service.all_patients(session, person.clinic_id)
        patients = within_reach(session, person, everybody, Act.READ_LIST, now_ms=now_ms)
        records = gather_all(session, person.clinic_id, patients)
        lines = weekly_lines(session, person.clinic_id, now_ms=now_ms)
    rows = by_need([row(record, dashboard.times, now_ms=now_ms) for record in records])
    counts = {
        name: sum(each.why.urgency == name for each in rows)
        for name in ("now", "today", "held", "setup", "course")
    }
    names = {each.patient_id: each.name for each in patients}
    weekly = [(names[each.patient_id], each) for each in lines if each.patient_id in names]
    return {"rows": rows, "counts": counts, "weekly": weekly}


def _patient(dashboard: Dashboard, person: Person, patient: str) -> dict[str, object]:
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        found = service.patient_of(session, person.clinic_id, identifier(patient))
        record = gather(session, found)
        foresight = foresee(session, dashboard.folds, record, now_ms=now_ms)
        device = _device_name(session, person, found.patient_id)
        reachable = reachable_members(session, person.clinic_id)
        today = dashboard.times.day(now_ms).toordinal()
        facts = course_facts(
            session, person.clinic_id, found.patient_id, dashboard.times, today=today
        )
        course_id = facts.in_force[-1].prescription.course_id if facts else NO_COURSE
        days = days_of(session, person.clinic_id, found.patient_id, course_id)
    plan = read_prescription(record.signed) if record.signed else None
    return {
        "record": record,
        "patient": found,
        "patient_id": found.patient_id.hex(),
        "age": service.age(found.birth_date, dashboard.times.day(now_ms)),
        "device": device,
        "plan": plan,
        "entry": catalogue().entry(plan.protocol_id) if plan else None,
        "summary": summarise(record, foresight, dashboard.times, now_ms=now_ms),
        "chart": course_chart(
            record, dashboard.times, plan.pulses_per_session if plan else None, now_ms=now_ms
        ),
        "doses": against(days, facts.in_force[-1].prescription, today=today) if facts else (),
        "adherence": adherence(facts, today=today) if facts else None,
        "flaws": views_of(record.flaws, dashboard.times, now_ms),
        "questionnaire": questionnaire(),
        "reachable": [each for each in reachable if each.staff_id != person.staff_id],
    }


def _device_name(session: Session, person: Person, patient_id: bytes) -> str:
    return service.device_of(session, person.clinic_id, patient_id).serial


def _enrol_page(
    dashboard: Dashboard, person: Person, form: EnrolForm, problem: str | None = None
) -> Response:
    with dashboard.database.read(person.clinic_id) as session:
        devices = service.free_devices(session, person.clinic_id)
    page = dashboard.page(
        "enrol.html",
        person,
        form=form,
        devices=devices,
        indications=_indications(),
        problem=problem,
    )
    page.status_code = 200 if problem is None else 422
    return page


def _code_page(dashboard: Dashboard, person: Person, patient_id: bytes, code: str) -> Response:
    with dashboard.database.read(person.clinic_id) as session:
        shown = letter(
            session,
            person.clinic_id,
            patient_id,
            code,
            phones_host=dashboard.settings.phones_host,
            times=dashboard.times,
            now_ms=dashboard.clock.wall_ms(),
        )
    return dashboard.page("code.html", person, letter=shown, patient=shown.patient)


def _indications() -> dict[str, str]:
    return {entry.indication_id: entry.indication for entry in catalogue().entries}


def _indication(value: str) -> str:
    if value not in _indications():
        raise ValueError(value)
    return value
