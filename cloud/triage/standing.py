"""How each patient stands, for a whole clinic: a fixed number of queries for ids and times alone.

Nothing is opened here: who is shown is gathered afterwards (`cloud.triage.rows`), so that a list of
twenty costs as much in a clinic of five hundred as in one of fifty. The words are
`cloud.patients.triage`'s, and a test holds both to the same urgency.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cloud.alerts.findings import TODAY
from cloud.alerts.models import Alert
from cloud.holds.models import Hold
from cloud.patients.models import Patient
from cloud.patients.triage import COURSE, ORDER
from cloud.phones.models import Phone
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_bytes
from cloud.proof.models import Flaw
from cloud.proof.service import urgency_of
from cloud.triage.due import due_calls
from cloud.triage.models import Assignment, Snooze
from cloud.triage.snoozing import running, sleeps
from shared.dose.prescription import PrescriptionKind

PUT_OFF = "put-off"
PLACES = ("now", "today", "held", "setup", PUT_OFF, COURSE)
"""Where a patient may stand, the most urgent first; everybody stands in one of them."""
BESIDE = PrescriptionKind.TITRATION
_STANDS_BESIDE: dict[bytes, bool] = {}
"""Whether the prescription of a hash stands beside another; some hundred bytes for each."""


@dataclass(frozen=True)
class Standing:
    """Where one patient stands: by which urgency, since when, and whose task they are."""

    patient_id: bytes
    place: str
    since_ms: int
    assigned_to: bytes | None


@dataclass(frozen=True)
class Waiting:
    """What comes or goes with time alone: whose next call is due since when, and who is put off."""

    due: Mapping[bytes, int]
    asleep: Mapping[bytes, Snooze]


@dataclass(frozen=True)
class Reason:
    """A reason without its words."""

    urgency: str
    since_ms: int


def waiting(session: Session, clinic_id: str, *, now_ms: int) -> Waiting:
    """Return what is due and what is put off at this time."""
    due = due_calls(session, clinic_id, now_ms=now_ms)
    return Waiting(due, running(session, clinic_id, now_ms=now_ms))


def stand(
    session: Session, clinic_id: str, patients: Mapping[bytes, int], waits: Waiting
) -> tuple[Standing, ...]:
    """Return where these patients of the clinic stand, in list order: the most urgent first, of one
    urgency the one who waits longest. ``patients`` is when each was enrolled."""
    reasons: dict[bytes, list[Reason]] = {patient_id: [] for patient_id in patients}
    for patient_id, reason in _open(session, clinic_id):
        if patient_id in reasons:
            reasons[patient_id].append(reason)
    for patient_id, since_ms in _setting_up(session, clinic_id, patients):
        reasons[patient_id].append(Reason("setup", since_ms))
    for patient_id, due_ms in waits.due.items():
        if patient_id in reasons:
            reasons[patient_id].append(Reason(TODAY, due_ms))
    tasks = dict(
        session.execute(
            select(Assignment.patient_id, Assignment.staff_id).where(
                Assignment.clinic_id == clinic_id
            )
        ).all()
    )
    found = [
        _standing(patient_id, each, waits.asleep.get(patient_id), tasks.get(patient_id))
        for patient_id, each in reasons.items()
    ]
    return tuple(sorted(found, key=_by_need))


def known_patients(session: Session, clinic_id: str) -> dict[bytes, int]:
    """Return when each of the clinic's patients was enrolled; who was erased is not among them."""
    found = session.execute(
        select(Patient.patient_id, Patient.created_ms).where(
            Patient.clinic_id == clinic_id, Patient.erased_ms.is_(None)
        )
    )
    return dict(found.all())


def _standing(
    patient_id: bytes, reasons: Collection[Reason], snooze: Snooze | None, task: bytes | None
) -> Standing:
    if not reasons:
        return Standing(patient_id, COURSE, 0, task)
    gravest = min(reasons, key=lambda each: (ORDER.index(each.urgency), each.since_ms))
    newest_ms = max(each.since_ms for each in reasons)
    place = PUT_OFF if sleeps(snooze, gravest.urgency, newest_ms) else gravest.urgency
    return Standing(patient_id, place, gravest.since_ms, task)


def _by_need(each: Standing) -> tuple[int, int, bytes]:
    return PLACES.index(each.place), each.since_ms, each.patient_id


def _open(session: Session, clinic_id: str) -> Iterator[tuple[bytes | None, Reason]]:
    alerts = session.execute(
        select(Alert.patient_id, Alert.urgency, Alert.raised_ms).where(
            Alert.clinic_id == clinic_id, Alert.closed_ms.is_(None)
        )
    )
    for patient_id, urgency, raised_ms in alerts:
        yield patient_id, Reason(urgency, raised_ms)
    flaws = session.scalars(
        select(Flaw).where(Flaw.clinic_id == clinic_id, Flaw.ended_ms.is_(None))
    )
    for flaw in flaws:
        yield flaw.patient_id, Reason(urgency_of(flaw), flaw.found_ms)
    holds = session.execute(
        select(Hold.patient_id, Hold.asked_ms).where(
            Hold.clinic_id == clinic_id, Hold.ended_ms.is_(None)
        )
    )
    for patient_id, asked_ms in holds:
        yield patient_id, Reason("held", asked_ms)


def _setting_up(
    session: Session, clinic_id: str, patients: Mapping[bytes, int]
) -> Iterator[tuple[bytes, int]]:
    """Yield who has no prescription, no phone or nothing in force yet, and since when.

    They are few: only they are asked for, and only of them when what they have came.
    """
    in_force = _in_force(session, clinic_id)
    with_phone = set(session.scalars(select(Phone.patient_id).where(Phone.clinic_id == clinic_id)))
    lacking = [each for each in patients if each not in in_force or each not in with_phone]
    if not lacking:
        return
    signed = _newest(session, StoredPrescription.signed_ms, clinic_id, lacking)
    phones = _newest(session, Phone.enrolled_ms, clinic_id, lacking)
    for patient_id in lacking:
        if patient_id not in signed:
            yield patient_id, patients[patient_id]
        elif patient_id not in phones:
            yield patient_id, signed[patient_id]
        else:
            yield patient_id, max(signed[patient_id], phones[patient_id])


def _newest(
    session: Session,
    column: InstrumentedAttribute[Any],
    clinic_id: str,
    patients: Sequence[bytes],
) -> dict[bytes, int]:
    table = column.class_
    found = session.execute(
        select(table.patient_id, func.max(column))
        .where(table.clinic_id == clinic_id, table.patient_id.in_(patients))
        .where(column.is_not(None))
        .group_by(table.patient_id)
    )
    return dict(found.all())


def _in_force(session: Session, clinic_id: str) -> set[bytes]:
    """Who has a prescription on the band; a titration stands beside one, never in its place.

    What kind one is stands in its bytes. A process reads those once: they are what their hash says.
    """
    found = session.execute(
        select(StoredPrescription.patient_id, StoredPrescription.hash).where(
            StoredPrescription.clinic_id == clinic_id,
            StoredPrescription.in_force_ms.is_not(None),
        )
    ).all()
    if any(digest not in _STANDS_BESIDE for _, digest in found):
        _read_kinds(session, clinic_id)
    # One that went meanwhile, by an erasure, is in force no more.
    return {each for each, digest in found if not _STANDS_BESIDE.get(digest, True)}


def _read_kinds(session: Session, clinic_id: str) -> None:
    read = session.execute(
        select(StoredPrescription.hash, StoredPrescription.data).where(
            StoredPrescription.clinic_id == clinic_id,
            StoredPrescription.in_force_ms.is_not(None),
        )
    )
    for digest, data in read:
        _STANDS_BESIDE[digest] = read_bytes(data).kind is BESIDE
