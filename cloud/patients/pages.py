"""Pages of patients: enrolling, one patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from cloud.alerts.service import acknowledge, raise_all
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import CloudError
from cloud.language import _
from cloud.ledger.session_logs import logs_of, preview
from cloud.patients import asked_before, service
from cloud.patients.asked_before import NOTHING_ASKED, Asked
from cloud.patients.indications import indication as known_indication
from cloud.patients.indications import indications
from cloud.patients.letter import letter
from cloud.people.authority import Act
from cloud.people.service import Person
from cloud.teams.service import assign, teams_of_member

router = APIRouter()


@dataclass(frozen=True)
class EnrolForm:
    """The enrolment form as it was typed."""

    name: str = ""
    birth_date: str = ""
    device_id: str = ""
    indication: str = "mdd"
    asked: Asked = NOTHING_ASKED


def asked(
    implant: Annotated[str, Form()] = "",
    epilepsy: Annotated[str, Form()] = "",
    fainting: Annotated[str, Form()] = "",
    head_injury: Annotated[str, Form()] = "",
    pregnancy: Annotated[str, Form()] = "",
    hearing: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Asked:
    """What was asked in person before, as it was answered."""
    answers = {
        "implant": implant,
        "epilepsy": epilepsy,
        "fainting": fainting,
        "head_injury": head_injury,
        "pregnancy": pregnancy,
        "hearing": hearing,
    }
    return Asked(answers, reason)


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
    *,
    before: Annotated[Asked, Depends(asked)],
) -> Response:
    """Enrol a patient by what was asked before, then show the phone's one-time code."""
    form = EnrolForm(name, birth_date, device_id, indication, before)
    now_ms = dashboard.clock.wall_ms()
    try:
        born = date.fromisoformat(birth_date)
        new = service.NewPatient(name, born, identifier(device_id), known_indication(indication))
        before.require(prescriber=person.may(Act.DRAFT))
        with dashboard.database.write(person.clinic_id) as session:
            patient = service.enrol(session, person.clinic_id, new, now_ms=now_ms)
            code = service.new_code(session, person.clinic_id, patient.patient_id, now_ms=now_ms)
            teams = teams_of_member(session, person.clinic_id, person.staff_id)
            assign(session, person.clinic_id, patient.patient_id, teams)
            subject = f"patient/{patient.patient_id.hex()}"
            raise_all(session, patient, before.findings(), now_ms=now_ms)
            dashboard.note(session, person, "enrolled a patient", subject)
    except CloudError as problem:
        return _enrol_page(dashboard, person, form, problem.said())
    except ValueError:
        words = _("Give the birth date as a day, month and year.")
        return _enrol_page(dashboard, person, form, words)
    return _code_page(dashboard, person, patient.patient_id, code)


@router.post("/patients/{patient}/codes", dependencies=[sending(Act.MAKE_CODE)])
def another_code(dashboard: Parts, person: Sending, patient: str) -> Response:
    """Make a fresh one-time code for the patient's phone."""
    patient_id = identifier(patient)
    with dashboard.database.write(person.clinic_id) as session:
        code = service.new_code(
            session, person.clinic_id, patient_id, now_ms=dashboard.clock.wall_ms()
        )
        dashboard.note(session, person, "made an enrolment code", f"patient/{patient_id.hex()}")
    return _code_page(dashboard, person, patient_id, code)


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
        age=service.age_of(found, dashboard.times.day(dashboard.clock.wall_ms())),
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
        subject = f"alert/{found.alert_id.hex()}"
        dashboard.note(session, person, "acknowledged an alert", subject, [patient_id])
    return RedirectResponse(f"/patients/{patient_id.hex()}", status_code=303)


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
        indications=indications(),
        questions=asked_before.QUESTIONS,
        answers=asked_before.ANSWERS,
        reason_max=asked_before.REASON_MAX,
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
