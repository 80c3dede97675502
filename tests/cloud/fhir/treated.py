"""A patient of whom every kind of record is there, come in as in earnest."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from cloud.audit.service import record
from cloud.care import packs
from cloud.fhir.chart import Chart
from cloud.fhir.gathering.gatherer import Gatherer
from cloud.ingest.app import create_app as create_ingest
from cloud.patients.service import patient_of
from shared.care import bodies
from shared.care.bodies import CareItem, CheckinAnswers, Consent, Graded, RedFlag, SideEffects
from shared.trust.sealing import seal
from shared.wire import fields
from shared.wire.items import CheckinBody, care_context, care_id, checkin_context
from tests.cloud.phone import Phone
from tests.cloud.test_prescriptions import certified, draft, take
from tests.cloud.workers import worker_of
from tests.cloud.worlds import Band, World
from tests.shared.instruments.test_packs import pack_of

DAY_MS = 86_400_000
ANSWERS = (1, 0, 2, 0, 1, 0, 3, 0, 0)
OFFICIAL_SERIAL, OWN_SERIAL = 3, 4


def treated(world: World, name: str = "Klara Voorbeeld", *, sessions: int = 3) -> bytes:
    """Enrol somebody, treat them for some days and let them tell of it; return their id."""
    with TestClient(create_ingest(world.settings, world.clock)) as ingest:
        phone = Phone(world, ingest)
        patient, code = world.enrol(name)
        assert phone.enrol(code).status_code == 200
        passkey = certified(world)
        first = draft(world, patient)
        take(world, passkey.answer([first.data]))
        world.clock.now_ms += 60_000
        again = draft(world, patient, intensity=110)
        take(world, passkey.answer([again.data]))
        band = Band(world.identity, patient.patient_id)
        band.install(again.data)
        for day in range(sessions):
            world.clock.now_ms += DAY_MS
            band.pass_time(world.clock.now_ms - (band.clock_ms or 0))
            band.session(trains=20 if day else 7)
        phone.items([*band.record_items(), band.head_item()])
        _packs(world)
        phone.items(_told(world, patient.patient_id))
        worker_of(world).round()
    with world.database.write("demo") as session:
        record(
            session,
            "demo",
            actor="staff/00",
            action="read a patient",
            subject=f"patient/{patient.patient_id.hex()}",
            now_ms=world.clock.now_ms,
            route="GET /patients/{patient}",
        )
    return patient.patient_id


def chart_in(world: World, patient_id: bytes) -> Chart:
    """Gather a patient's chart."""
    with world.database.read("demo") as session:
        patient = patient_of(session, "demo", patient_id)
        return Gatherer(session, patient, world.identity.keys["care"]).chart()


def _packs(world: World) -> None:
    key = world.identity.keys["enrolment"]
    with world.database.write("demo") as session:
        for serial, official in ((OFFICIAL_SERIAL, True), (OWN_SERIAL, False)):
            pack = pack_of(serial=serial, official=official)
            packs.publish(session, "demo", pack, key, now_ms=world.clock.now_ms)


def _told(world: World, patient_id: bytes) -> list[dict[str, Any]]:
    grades = (Graded("headache", 1), Graded("dizziness", 2))
    language = pack_of().language
    said: list[CareItem] = [
        SideEffects(bytes([3]) * 16, 1, grades, True, "it went away\tby the evening"),
        SideEffects(bytes([4]) * 16, 1, (), False),
        RedFlag("vision", bytes([3]) * 16, slip=True),
        Consent("answers", given=True),
        Consent("answers", given=False, version=2),
        CheckinAnswers("phq-9", 1, ANSWERS, language, OFFICIAL_SERIAL),
        CheckinAnswers("phq-9", 1, ANSWERS, language, OWN_SERIAL),
    ]
    to = world.identity.keys["care"].public_key
    at_ms = world.clock.now_ms
    items: list[dict[str, Any]] = [
        {
            "id": care_id(at_ms, bytes([number]) * 16),
            "kind": "care",
            "body": seal(
                bodies.pack(each, at_ms=at_ms, patient_id=patient_id),
                to=to,
                context=care_context(patient_id),
            ),
        }
        for number, each in enumerate(said)
    ]
    old = CheckinBody("phq-9", 1, patient_id, at_ms - DAY_MS, ANSWERS, "en")
    sealed = seal(fields.pack(old), to=to, context=checkin_context(patient_id))
    return [*items, {"id": "checkin/" + "ab" * 16, "kind": "checkin", "body": sealed}]
