"""Pages of one-step acts: what each does and what undoes it, and from there to the desk."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cloud.clinics.certificates import certificates_for
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Dashboard, Parts, Sending, identifier
from cloud.errors import Refused
from cloud.language import _, told
from cloud.patients import service as patients
from cloud.patients.models import Patient
from cloud.people.authority import Act
from cloud.prescriptions import service, thresholds
from cloud.prescriptions.compare import large_step
from cloud.prescriptions.forms import Typed, described, require_own_form
from cloud.prescriptions.handing import desk_link
from cloud.prescriptions.overtaking import overtaking
from cloud.prescriptions.refusals import in_words
from cloud.steps.kinds import STEPS, Step, before_of, make_up_hours, step_of
from cloud.steps.threshold import METHODS, read_measurement
from shared.dose.envelope import violations
from shared.dose.prescription import Prescription
from shared.trust.statements import Purpose

router = APIRouter()
FIELDS = ("patient_id", "serial", "seen", "percent", "method", "by", "step_meant", "hours")


@router.get("/patients/{patient}/steps", dependencies=[reading(Act.DRAFT)])
def steps_page(dashboard: Parts, person: Acting, patient: str) -> Response:
    """Every step, with what it does and what undoes it."""
    with dashboard.database.read(person.clinic_id) as session:
        values = _patient(session, dashboard, person.clinic_id, patient)
    dashboard.audit(person, "read a patient", f"patient/{values['patient_id']}")
    return dashboard.page("steps.html", person, steps=STEPS, **values)


@router.get("/patients/{patient}/steps/{step}", dependencies=[reading(Act.DRAFT)])
def step_page(dashboard: Parts, person: Acting, patient: str, step: str) -> Response:
    """One step before it is taken."""
    with dashboard.database.read(person.clinic_id) as session:
        values = _step(session, dashboard, person.clinic_id, patient, step_of(step), {})
    dashboard.audit(person, "read a patient", f"patient/{values['patient_id']}")
    return dashboard.page("step.html", person, **values)


@router.post(
    "/patients/{patient}/steps/{step}",
    openapi_extra=described(FIELDS),
    dependencies=[sending(Act.DRAFT)],
)
def take_step(dashboard: Parts, person: Sending, patient: str, step: str, form: Typed) -> Response:
    """Fix the step's bytes and hand them to the desk; or ask once more."""
    require_own_form(form, patient)
    chosen, now_ms = step_of(step), dashboard.clock.wall_ms()
    with dashboard.database.write(person.clinic_id) as session:
        values = _step(session, dashboard, person.clinic_id, patient, chosen, form)
        found, recipient = values["patient"], values["recipient"]
        subject = f"patient/{found.patient_id.hex()}"
        values |= _made(session, values, chosen, form, now_ms // 1000)
        if values["problem"] or values["overtaken"] or values["ask"] or values["violations"]:
            dashboard.note(session, person, "tried a draft", subject)
            return dashboard.page("step.html", person, **values)
        stored = service.keep_draft(
            session, recipient, values["made"], person.staff_id, now_ms=now_ms
        )
        if chosen.name == "threshold":
            measured = read_measurement(form)
            stored.threshold_method, stored.threshold_by = measured.method, measured.by
        listed = [service.to_sign(session, stored)]
        link = desk_link(session, dashboard.settings, person, listed)
        subject = f"prescription/{stored.hash.hex()}"
        dashboard.note(session, person, "drafted a prescription", subject, [found.patient_id])
    sentence = _("{step}, version {serial} for {name}: fixed, byte for byte.").format(
        step=told(chosen.title), serial=recipient.serial, name=found.name
    )
    return dashboard.page("to_desk.html", person, link=link, sentence=sentence, kept="")


def _patient(
    session: Session, dashboard: Dashboard, clinic_id: str, patient: str
) -> dict[str, Any]:
    now_ms = dashboard.clock.wall_ms()
    found: Patient = patients.patient_here(session, clinic_id, identifier(patient))
    device = patients.device_of(session, clinic_id, found.patient_id)
    recipient = service.recipient_of(session, found, device)
    return {
        "patient": found,
        "patient_id": found.patient_id.hex(),
        "age": patients.age_of(found, dashboard.times.day(now_ms)),
        "band": device.serial,
        "recipient": recipient,
        "certified": bool(certificates_for(session, clinic_id, Purpose.STAFF)),
    }


def _step(
    session: Session,
    dashboard: Dashboard,
    clinic_id: str,
    patient: str,
    step: Step,
    form: dict[str, str],
) -> dict[str, Any]:
    values = _patient(session, dashboard, clinic_id, patient)
    return values | {
        "step": step,
        "before": values["recipient"].before,
        "form": form,
        "methods": METHODS,
        "warn_days": thresholds.WARN_DAYS,
        "lock_days": thresholds.LOCK_DAYS,
        "hours": make_up_hours(),
        "made": None,
        "problem": "",
        "overtaken": None,
        "ask": False,
        "large_step": None,
        "violations": (),
    }


def _made(
    session: Session, values: dict[str, Any], step: Step, form: dict[str, str], now_s: int
) -> dict[str, Any]:
    """Return what the step comes to, and whether it is shown, or asked for, once more first."""
    found = values["patient"]
    late = overtaking(session, found.clinic_id, found.patient_id, form.get("serial", ""))
    try:
        before = before_of(values["recipient"])
        made = step.make(values["recipient"], before, form, now_s)
    except Refused as problem:
        return {"problem": problem.said(), "overtaken": late}
    large = large_step(before, made) if step.name == "threshold" else None
    ask = step.name == "threshold" and not _was_shown(form, made, large is not None)
    broken = violations(made, before)
    return {
        "made": made,
        "overtaken": late,
        "ask": ask,
        "large_step": large,
        "violations": () if ask else in_words(broken),
    }


def _was_shown(form: dict[str, str], made: Prescription, is_large: bool) -> bool:
    """Whether old and new output were seen beside each other, and a large step was meant."""
    percent = str(made.threshold.percent_mso)
    return form.get("seen") == percent and (not is_large or form.get("step_meant") == percent)
