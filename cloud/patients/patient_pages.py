"""One patient's page: how things stand, and the lanes of their days."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.orm import Session

from cloud.adherence.definition import adherence
from cloud.adherence.facts import course_facts
from cloud.alerts.recipients import may_be_told
from cloud.alerts.untold import untold
from cloud.attesting.requests import asks
from cloud.caregivers.staff_line import sharing_of
from cloud.channels.service import reachable_members
from cloud.checkins.scores import questionnaire
from cloud.dashboard.gates import reading
from cloud.dashboard.parts import Acting, Dashboard, Parts, Watching, identifier
from cloud.dose.against import doses_of
from cloud.errors import NotFound
from cloud.language import _
from cloud.patients import service
from cloud.patients.foresee import foresee, holds_on_band
from cloud.patients.plan_words import plan_words
from cloud.patients.record import TreatmentRecord, gather
from cloud.patients.silence import silence_of
from cloud.patients.standing_cards import standing_cards
from cloud.patients.summary import summarise
from cloud.people.authority import Act
from cloud.people.service import Person
from cloud.prescriptions.choices import enrolled_for
from cloud.prescriptions.service import read_prescription
from cloud.proof.views import views_of
from cloud.timeline.view import timeline
from shared.stimulation.catalogue import catalogue

router = APIRouter()

SHOWN = 20
"""The newest so many sessions and scores are enough to say how things stand."""


@router.get("/patients/{patient}", dependencies=[reading(Act.READ_PATIENT)])
def patient_page(
    dashboard: Parts, person: Acting, patient: str, span: str = "", until: str = ""
) -> Response:
    """One patient, with the lanes of the days that are asked for."""
    values = _patient(dashboard, person, patient, span, until)
    dashboard.audit(person, "read a patient", f"patient/{identifier(patient).hex()}")
    return dashboard.page("patient.html", person, **values)


@router.get("/patients/{patient}/live", dependencies=[reading(Act.READ_PATIENT)])
def patient_live(dashboard: Parts, person: Watching, patient: str) -> Response:
    """The refresh of how things stand; the lanes are fetched when it says that something came."""
    values = _patient(dashboard, person, patient)
    subject = f"patient/{identifier(patient).hex()}"
    dashboard.audit_refresh(person, "kept a patient open", subject)
    return dashboard.page("_patient_live.html", person, **values)


def _patient(
    dashboard: Dashboard,
    person: Person,
    patient: str,
    span: str | None = None,
    until: str = "",
) -> dict[str, object]:
    """Return what the page shows; the lanes only where a span is asked for, if only by ""."""
    now_ms = dashboard.clock.wall_ms()
    with dashboard.database.read(person.clinic_id) as session:
        found = service.patient_of(session, person.clinic_id, identifier(patient))
        record = gather(session, found, newest=SHOWN)
        foresight = foresee(session, dashboard.folds, record, now_ms=now_ms)
        held = holds_on_band(session, dashboard.folds, record)
        device = _device_name(session, person, found.patient_id)
        reachable = reachable_members(session, person.clinic_id)
        told = may_be_told(session, person.clinic_id, of_patient=True)
        unheard = untold(session, person.clinic_id)
        today = dashboard.times.day(now_ms).toordinal()
        facts = course_facts(
            session, person.clinic_id, found.patient_id, dashboard.times, today=today
        )
        doses = doses_of(session, found, facts, today=today)
        silence = silence_of(session, found)
        asks_time = asks(session, person.clinic_id, found.patient_id)
        sharing = sharing_of(session, found, dashboard.keys["care"], dashboard.times, now_ms=now_ms)
        lanes = None
        if span is not None:
            lanes = timeline(
                session, found, facts, dashboard.times, now_ms=now_ms, span=span, until=until
            )
    plan = read_prescription(record.signed) if record.signed else None
    return {
        "record": record,
        "patient": found,
        "patient_id": found.patient_id.hex(),
        "age": service.age_of(found, dashboard.times.day(now_ms)),
        "device": device,
        "plan": plan,
        "heading": plan_words(record, facts),
        "enrolled_for": enrolled_for(catalogue(), found.indication),
        "silence": silence,
        "asks_time": asks_time,
        "summary": summarise(record, foresight, held, facts, dashboard.times, now_ms=now_ms),
        "standing": standing_cards(record, device, dashboard.times, now_ms=now_ms),
        "version": _version(record),
        "timeline": lanes,
        "doses": doses,
        "adherence": adherence(facts, today=today) if facts else None,
        "flaws": views_of(record.flaws, dashboard.times, now_ms),
        "sharing": sharing,
        "questionnaire": questionnaire(),
        "reachable": [e for e in reachable if e.staff_id in told and e.staff_id != person.staff_id],
        "untold": unheard,
    }


def _version(record: TreatmentRecord) -> str:
    """Changes whenever the lanes may have something new."""
    verified = record.chain.verified_to if record.chain else 0
    heard = record.phone.seen_ms if record.phone else 0
    reached = sum((h.in_force_ms is not None) + (h.ended_ms is not None) for h in record.holds)
    return f"{verified}.{heard}.{len(record.checkins)}.{len(record.holds)}.{reached}"


def _device_name(session: Session, person: Person, patient_id: bytes) -> str:
    try:
        return service.device_of(session, person.clinic_id, patient_id).serial
    except NotFound:
        return _("no band")
