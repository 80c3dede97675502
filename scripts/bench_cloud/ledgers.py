"""Long ledgers for measuring: sessions as a band writes them, under a prescription that allows
them, signed by the band's own key."""

from __future__ import annotations

from dataclasses import replace

from cloud.patients.service import device_of, patient_of
from cloud.people.authority import Role
from cloud.people.service import add_member
from cloud.prescriptions import drafts, service
from shared.dose.prescription import from_bytes, hash_of, to_bytes
from shared.stimulation.catalogue import catalogue
from shared.trust.statements import GateOutcome
from shared.wire import records
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import DAY_MS
from tests.cloud.test_prescriptions import PROTOCOL
from tests.cloud.worlds import Band, World

RECORDS_OF_A_SESSION = 45
"""Clearance, screening, 20 trains of one slice each between opening and closing, and the answers
after it."""
APART_MS = DAY_MS // 2
SESSIONS_MOST = 400


def long_ledger(world: World, phone: Phone, size: int, *, room: int = 0) -> Band:
    """Return the phone's band with a ledger of so many records, its last session so long ago that
    ``room`` more can follow until now."""
    began_ms = world.clock.now_ms - (size // RECORDS_OF_A_SESSION + 2 + room) * APART_MS
    patient_id, device_id = phone.bytes_of("patient_id"), phone.bytes_of("device_id")
    band = Band(world.identity, patient_id, device_id=device_id, clock_ms=began_ms)
    band.install(_prescription(world, phone))
    add_sessions(band, size)
    return band


def add_sessions(band: Band, size: int) -> None:
    """Let the band go on until its ledger has so many records."""
    while len(band.data) + RECORDS_OF_A_SESSION <= size:
        band.write(records.ClearanceBody(bytes(32), 1, 1, 0, 0, 2**40))
        band.write(records.GateAnswersBody(bytes(32), GateOutcome.PASS, 0, 1))
        band.session()
        answered = band.state.last_session
        assert answered is not None
        band.write(records.SideEffectAnswersBody(bytes(32), answered.session_id, False))
        band.pass_time(APART_MS)
    while len(band.data) < size:
        band.write(records.ClearanceBody(bytes(32), 1, 1, 0, 0, 2**40))


def _prescription(world: World, phone: Phone) -> bytes:
    """The sample prescription, for as many sessions as can be prescribed, taken as signed."""
    clinic_id, now_ms = world.identity.clinic_id, world.clock.now_ms
    patient_id = phone.bytes_of("patient_id")
    chosen = replace(
        drafts.from_entry(catalogue().entry(PROTOCOL)),
        threshold_percent=50,
        measured_s=now_ms // 1000,
    )
    with world.database.write(clinic_id) as session:
        patient = patient_of(session, clinic_id, patient_id)
        recipient = service.recipient_of(
            session, patient, device_of(session, clinic_id, patient_id)
        )
        by = add_member(session, clinic_id, "N. Example", Role.PRESCRIBER, now_ms=now_ms)
        stored = service.save_draft(session, recipient, chosen, by.staff_id, now_ms=now_ms)
    plan = from_bytes(stored.data)
    most = {"course_sessions": SESSIONS_MOST, "course_pulses": 10**6}
    week = {"sessions_per_week": 84, "pulses_per_week": 10**6}
    day = {"sessions_per_day_window": 12, "pulses_per_day_window": 10**5}
    data = to_bytes(replace(plan, limits=replace(plan.limits, **most, **week, **day)))
    with world.database.write(clinic_id) as session:
        session.add(stored)
        stored.data, stored.hash, stored.signed_ms = data, hash_of(data), now_ms
    return data
