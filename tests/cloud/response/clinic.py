"""A clinic with a cohort in its database: rows as verified records leave them, without bands."""

import random
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from cloud.checkins.scores import keep
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.patients.models import Patient
from cloud.prescriptions import drafts
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import newest_in_force, read_prescription, save_draft
from shared.stimulation.catalogue import catalogue
from shared.wire.records import SessionKind
from tests.cloud.many_patients import admitted
from tests.cloud.response.cohorts import ITBS, opened_ms
from tests.cloud.worlds import START_MS, World, somebody

EPOCH_ID = bytes(16)
PULSES = 600
BEGAN = date(2025, 9, 1).toordinal()
DAYS = [week * 7 + day for week in range(6) for day in range(5)]


def with_cohort(world: World, count: int, *, seed: int = 1) -> list[bytes]:
    """Fill the clinic with patients whose six weeks are over; return their ids."""
    chance = random.Random(seed)
    with world.database.write("demo") as session:
        ids = list(admitted(session, count, now_ms=START_MS - 200 * 86_400_000))
        _chain(session, world, ids[0])
        for number, patient_id in enumerate(ids):
            _live(session, world, patient_id, number, chance)
    return ids


def with_one_in_between(world: World, *, first: int = 20, second: int = 16) -> bytes:
    """Add a patient who has had six sessions; return the id. The cohort comes first."""
    with world.database.write("demo") as session:
        (patient_id,) = admitted(session, 1, now_ms=START_MS)
        _prescribe(session, world, patient_id, BEGAN + 150)
        _sessions(session, world, patient_id, 900_000, [BEGAN + 150 + day for day in DAYS[:6]])
        _scores(session, patient_id, BEGAN + 150, {0: first, 7: second})
    return patient_id


def _live(
    session: Session, world: World, patient_id: bytes, number: int, chance: random.Random
) -> None:
    began = BEGAN + 7 * (number % 8)
    born = date(1950 + 7 * (number % 8), 1 + number % 12, 1 + number % 28)
    patient = session.get(Patient, ("demo", patient_id))
    assert patient is not None
    patient.birth_date = born
    _prescribe(session, world, patient_id, began)
    missed = {day for day in DAYS[5:] if chance.random() < 0.1 * (number % 4)}
    days = [began + day for day in DAYS if day not in missed]
    _sessions(session, world, patient_id, number * 100, days)
    first, change = chance.randint(14, 26), chance.randint(-7, 1)
    after = max(0, round(first + 1.2 * change + chance.gauss(0, 2)))
    responds = chance.random() < (0.75 if len(missed) < 4 else 0.3)
    later = round(first * (0.35 if responds else 0.7))
    scores = {0: first, 7: first + change, 42: later} | dict.fromkeys(range(14, 30), after)
    _scores(session, patient_id, began, scores)


def _chain(session: Session, world: World, patient_id: bytes) -> None:
    session.add(
        LedgerChain(
            clinic_id="demo",
            device_id=world.identity.device_id,
            epoch=EPOCH_ID,
            patient_id=patient_id,
            verified_to=100_000,
            verified_hash=bytes(32),
            verified_ms=START_MS,
            received_to=100_000,
            head_number=100_000,
            clock_ms=START_MS,
        )
    )
    session.flush()


def _prescribe(session: Session, world: World, patient_id: bytes, day: int) -> None:
    recipient = drafts.Recipient("demo", world.identity.device_id, patient_id, "P", 1, None, None)
    draft = replace(
        drafts.from_entry(catalogue().entry(ITBS)),
        threshold_percent=50,
        measured_s=opened_ms(day) // 1000 - 3 * 3600,
    )
    stored: StoredPrescription = save_draft(
        session, recipient, draft, somebody(session), now_ms=opened_ms(day) - 2 * 3_600_000
    )
    stored.signed_ms = stored.in_force_ms = opened_ms(day) - 3_600_000
    session.flush()


def _sessions(
    session: Session, world: World, patient_id: bytes, number: int, days: list[int]
) -> None:
    stored = newest_in_force(session, "demo", patient_id)
    assert stored is not None
    for index, day in enumerate(days, start=1):
        session.add(
            DeliveredSession(
                clinic_id="demo",
                device_id=world.identity.device_id,
                epoch=EPOCH_ID,
                opened_number=number + index,
                patient_id=patient_id,
                course_id=read_prescription(stored).course_id,
                prescription_hash=stored.hash,
                kind=int(SessionKind.TREATMENT),
                day=day,
                opened_ms=opened_ms(day),
                planned_pulses=PULSES,
                planned_trains=20,
                charged_pulses=PULSES,
                trains=20,
                percent_mso=57,
                closed_ms=opened_ms(day) + 200_000,
                cause=0,
            )
        )
    session.flush()


def _scores(session: Session, patient_id: bytes, began: int, scores: dict[int, int]) -> None:
    for day, score in scores.items():
        keep(
            session,
            "demo",
            patient_id,
            f"{patient_id.hex()}/{day}",
            instrument="phq-9",
            answered_ms=opened_ms(began + day) - 60_000,
            score=score,
            self_harm=0,
        )
