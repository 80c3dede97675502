"""A session's own page: what was given and why, from the record, and what the phone saw."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.dashboard.gates import reading
from cloud.dashboard.parts import Acting, Dashboard, Parts, identifier
from cloud.errors import NotFound, SetupError
from cloud.ledger.models import SessionLog
from cloud.one_session.lanes import drawing
from cloud.one_session.log import Log, log_of, opened
from cloud.one_session.record import made_up_by, read_session, row_of
from cloud.one_session.story import beats, headline, minutes, story
from cloud.patients.models import Patient
from cloud.patients.service import age_of, patient_of
from cloud.people.authority import Act
from cloud.prescriptions.models import StoredPrescription
from cloud.timeline.axis import Axis
from cloud.timeline.dose import session_address
from cloud.timeline.window import Span, Window

router = APIRouter()
NUMBER_DIGITS = 10


@router.get(
    "/patients/{patient}/sessions/{epoch}/{number}", dependencies=[reading(Act.READ_SESSION_LOGS)]
)
def session_page(
    dashboard: Parts, person: Acting, patient: str, epoch: str, number: str
) -> Response:
    """One session; where its log is here, that it was opened is written down."""
    if not number.isdecimal() or len(number) > NUMBER_DIGITS:
        raise NotFound("There is no such session of this patient.")
    with dashboard.database.read(person.clinic_id) as session:
        found = patient_of(session, person.clinic_id, identifier(patient))
        row = row_of(session, person.clinic_id, found.patient_id, identifier(epoch), int(number))
        if row is None:
            raise NotFound("There is no such session of this patient.")
        record = read_session(session, row)
        rest = made_up_by(session, row)
        signed = _prescription(session, found, row.prescription_hash)
        sealed = None
        if record is not None:
            sealed = log_of(session, person.clinic_id, found.patient_id, record.session_id)
    action = "read a patient" if sealed is None else "opened session logs"
    dashboard.audit(person, action, f"patient/{found.patient_id.hex()}")
    log = None
    if sealed is not None and record is not None:
        log = _opened(dashboard, found, sealed, record.session_id)
    today = dashboard.times.day(dashboard.clock.wall_ms())
    axis = Axis(Window(Span.COURSE, today, today, today), dashboard.times)
    address = f"/patients/{found.patient_id.hex()}"
    return dashboard.page(
        "one_session.html",
        person,
        patient=found,
        patient_id=found.patient_id.hex(),
        age=age_of(found, today),
        row=row,
        day=axis.day(row.day - today.toordinal()),
        begun=axis.when(row.opened_ms) if row.opened_ms is not None else None,
        record=record,
        headline=headline(record) if record else None,
        story=story(record) if record else (),
        beats=beats(record) if record else None,
        length=minutes(record.length_ms) if record else None,
        drawing=drawing(record, log) if record else None,
        prescription=signed,
        has_log=sealed is not None,
        log=log,
        rest=rest,
        rest_address=session_address(address, rest) if rest else None,
        rest_day=axis.day(rest.day - today.toordinal()) if rest else None,
    )


def _prescription(session: Session, patient: Patient, hash_: bytes) -> StoredPrescription | None:
    return session.scalar(
        select(StoredPrescription).where(
            StoredPrescription.clinic_id == patient.clinic_id,
            StoredPrescription.patient_id == patient.patient_id,
            StoredPrescription.hash == hash_,
        )
    )


def _opened(
    dashboard: Dashboard, patient: Patient, log: SessionLog, session_id: bytes
) -> Log | None:
    try:
        vault = dashboard.vault_key(patient.vault_key_id)
    except SetupError:
        return None
    return opened(log, vault, session_id)
