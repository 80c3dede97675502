"""A clinic of 500 on a course: what its pages are made of, put in straight, and one real band.

Everybody has a band, a phone, a prescription in force, a month of sessions and a quarter's scores;
every tenth has something open. One more patient comes in as in earnest, for the patient's page:
record by record from a band that obeys the lock, taken in by ingest, verified by the worker.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from cloud.alerts.findings import NOW, TODAY, Cause
from cloud.alerts.service import About, acknowledge, newest_of, raise_alert
from cloud.checkins.models import Scored
from cloud.clock import SystemClock
from cloud.ingest.app import create_app as create_ingest
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.patients.models import Device
from cloud.people.authority import Role
from cloud.people.service import add_member, open_sign_in
from cloud.phones.models import Phone as StoredPhone
from cloud.prescriptions.models import StoredPrescription
from cloud.triage.models import ListVisit
from shared.dose.prescription import Prescription, from_bytes, to_bytes
from tests.cloud.many_patients import admitted
from tests.cloud.phone import Phone
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World

PATIENTS, SESSIONS, SCORES, NEEDING, SEEN_TO = 500, 30, 12, 10, 4
BAND_SESSIONS = 20
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
PULSES = 600


@dataclass(frozen=True)
class Clinic:
    """The cookie of who is signed in, and the patient with the real record."""

    cookie: str
    patient: str


def fill(world: World, patients: int = PATIENTS) -> Clinic:
    """Fill the world's clinic, whose clock stands where it stood; return who looks at it."""
    patient = _real_course(world)
    world.clock.now_ms = now_ms = SystemClock().wall_ms()
    with world.database.read("demo") as session:
        signed = session.query(StoredPrescription).first()
        assert signed is not None
    with world.database.write("demo") as session:
        me = add_member(session, "demo", "A. Example", Role.PRESCRIBER, now_ms=now_ms)
        colleague = add_member(session, "demo", "B. Colleague", Role.PRESCRIBER, now_ms=now_ms)
        everybody = list(admitted(session, patients, now_ms=now_ms - 60 * DAY_MS))
        prescription = from_bytes(signed.data)
        for number, patient_id in enumerate(everybody):
            _course(session, number, patient_id, prescription, me.staff_id, now_ms)
        session.flush()
        for number, patient_id in enumerate(everybody):
            _alerts(session, number, patient_id, colleague.staff_id, now_ms)
        session.add(
            ListVisit(
                clinic_id="demo", staff_id=me.staff_id, since_ms=None, seen_ms=now_ms - 60 * HOUR_MS
            )
        )
        cookie = open_sign_in(session, me, hours=24, now_ms=now_ms)
    return Clinic(cookie, patient)


def _real_course(world: World) -> str:
    with TestClient(create_ingest(world.settings, world.clock)) as ingest:
        phone = Phone(world, ingest)
        patient, code = world.enrol("Klara Voorbeeld")
        assert phone.enrol(code).status_code == 200
        passkey, stored = certified(world), draft(world, patient)
        take(world, passkey.answer([stored.data]))
        band = Band(world.identity, patient.patient_id)
        band.install(stored.data)
        for _day in range(BAND_SESSIONS):
            world.clock.now_ms += DAY_MS
            band.pass_time(world.clock.now_ms - (band.clock_ms or 0))
            band.session()
        phone.items([*band.record_items(), band.head_item()])
        worker_of(world).round()
    return patient.patient_id.hex()


def _course(
    session: Session,
    number: int,
    patient_id: bytes,
    signed: Prescription,
    staff_id: bytes,
    now_ms: int,
) -> None:
    device_id, epoch = secrets.token_bytes(16), secrets.token_bytes(16)
    data = to_bytes(replace(signed, patient_id=patient_id, device_id=device_id))
    named = {"clinic_id": "demo", "patient_id": patient_id, "device_id": device_id}
    session.add(
        Device(
            **named,
            serial=f"CB-{number + 1000}",
            public_key=b"",
            certificate=b"",
            transfer=b"",
            assignment=None,
            assignments=1,
        )
    )
    session.flush()
    session.add(
        StoredPrescription(
            **named,
            prescription_id=secrets.token_bytes(16),
            serial=1,
            protocol_id="mdd-l-dlpfc-itbs",
            data=data,
            digest=secrets.token_bytes(32),
            hash=secrets.token_bytes(32),
            drafted_by=staff_id,
            drafted_ms=now_ms - 50 * DAY_MS,
            assertion=b"",
            staff_key_id=None,
            signed_ms=now_ms - 50 * DAY_MS,
            in_force_ms=now_ms - 49 * DAY_MS,
        )
    )
    session.add(
        StoredPhone(
            **named,
            phone_id=secrets.token_bytes(16),
            app_key=b"",
            request_key=b"",
            enrolment=b"",
            number=1,
            enrolled_ms=now_ms - 50 * DAY_MS,
            seen_ms=now_ms,
            cursor=0,
            revoked_ms=None,
            cleared_ms=None,
        )
    )
    session.add(
        LedgerChain(
            **named,
            epoch=epoch,
            verified_to=0,
            verified_hash=b"",
            verified_ms=None,
            received_to=0,
            head_number=0,
            clock_ms=now_ms,
        )
    )
    session.flush()
    for back in range(SESSIONS):
        opened_ms = now_ms - (back + 1) * DAY_MS
        session.add(
            DeliveredSession(
                **named,
                epoch=epoch,
                opened_number=SESSIONS - back,
                course_id=bytes(16),
                prescription_hash=bytes(32),
                kind=1,
                day=opened_ms // DAY_MS,
                opened_ms=opened_ms,
                planned_pulses=PULSES,
                planned_trains=20,
                charged_pulses=PULSES if back % 7 else PULSES // 2,
                trains=20,
                percent_mso=60,
                closed_ms=opened_ms + HOUR_MS // 6,
                cause=1,
            )
        )
    for week in range(SCORES):
        session.add(
            Scored(
                clinic_id="demo",
                patient_id=patient_id,
                item_id=str(week),
                instrument="phq-9",
                answered_ms=now_ms - week * 7 * DAY_MS,
                score=(number + week) % 27,
                self_harm=0,
            )
        )


def _alerts(
    session: Session, number: int, patient_id: bytes, colleague: bytes, now_ms: int
) -> None:
    about = About("demo", patient_id)
    for past in range(SEEN_TO):
        at_ms = now_ms - (past * 10 + 1) * DAY_MS
        cause = Cause(f"message/{past}", TODAY, "A message from the patient", 1)
        raise_alert(session, about, cause, "Without words.", now_ms=at_ms)
        found = newest_of(session, about, cause.key)
        assert found is not None
        acknowledge(session, about, found.alert_id, by=colleague, now_ms=at_ms + HOUR_MS)
    if number % NEEDING:
        return
    urgency = TODAY if number % (NEEDING * NEEDING) else NOW
    for cause, detail in (
        (Cause("missed", urgency, "3 sessions missed", 1), "In the last 14 days."),
        (Cause("silent", TODAY, "Nothing heard for 3 days", 3), "Neither can be seen."),
    ):
        raise_alert(session, about, cause, detail, now_ms=now_ms - number * HOUR_MS // 10)
