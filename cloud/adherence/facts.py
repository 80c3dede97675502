"""Gathers a course's facts from what verified records left: sessions, prescriptions, closures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.adherence.definition import CourseFacts, InForce
from cloud.dose.closures import closed_days
from cloud.ledger.models import DeliveredSession
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from cloud.times import Times
from shared.dose.course_days import Given
from shared.dose.prescription import Prescription, PrescriptionKind
from shared.wire.records import SessionKind


def course_facts(
    session: Session, clinic_id: str, patient_id: bytes, times: Times, *, today: int
) -> CourseFacts | None:
    """Return the facts of the newest course that was in force; None before there was one."""
    stored = _were_in_force(session, clinic_id, patient_id)
    if not stored:
        return None
    course_id = stored[-1][1].course_id
    sessions = _sessions(session, clinic_id, patient_id, course_id)
    closed = closed_days(session, clinic_id, patient_id, today=today)
    return facts_of(stored, course_id, sessions, closed, times, today=today)


def facts_of(
    stored: Sequence[tuple[StoredPrescription, Prescription]],
    course_id: bytes,
    sessions: Iterable[DeliveredSession],
    closed: Collection[int],
    times: Times,
    *,
    today: int,
) -> CourseFacts | None:
    """Return the facts of one course, of what was in force and given in it, the oldest first.

    ``stored`` may have other courses among it; None where nothing of this one was in force.
    """
    versions = [
        (times.day(each.in_force_ms or 0).toordinal(), plan)
        for each, plan in stored
        if plan.course_id == course_id
    ]
    in_force = tuple(
        InForce(*each) for each in versions if each[1].kind is not PrescriptionKind.END
    )
    if not in_force:
        return None
    newest_day, newest = versions[-1]
    return CourseFacts(
        in_force=in_force,
        given=given_of(sessions),
        closed=frozenset({*closed, *_lapsed(in_force, times, today)}),
        ended=newest_day if newest.kind is PrescriptionKind.END else None,
    )


def given_of(sessions: Iterable[DeliveredSession]) -> tuple[Given, ...]:
    """Return the sessions that gave pulses, the oldest first; what was made up joins its own."""
    found: list[Given] = []
    for one in sessions:
        if not one.charged_pulses or one.kind == int(SessionKind.TITRATION):
            continue
        whole = one.charged_pulses >= one.planned_pulses
        if one.kind == int(SessionKind.MAKE_UP) and found:
            last = found.pop()
            pulses = last.pulses + one.charged_pulses
            found.append(replace(last, pulses=pulses, completed=last.completed or whole))
        else:
            found.append(Given(one.day, one.charged_pulses, one.planned_pulses, whole))
    return tuple(found)


def _were_in_force(
    session: Session, clinic_id: str, patient_id: bytes
) -> list[tuple[StoredPrescription, Prescription]]:
    found = session.scalars(
        select(StoredPrescription)
        .where(
            StoredPrescription.clinic_id == clinic_id,
            StoredPrescription.patient_id == patient_id,
            StoredPrescription.in_force_ms.is_not(None),
        )
        .order_by(StoredPrescription.in_force_ms, StoredPrescription.serial)
    )
    read = [(each, read_prescription(each)) for each in found]
    return [each for each in read if each[1].kind is not PrescriptionKind.TITRATION]


def _sessions(
    session: Session, clinic_id: str, patient_id: bytes, course_id: bytes
) -> Sequence[DeliveredSession]:
    """By the clock and not by the chain: a course may go over to another band."""
    return session.scalars(
        select(DeliveredSession)
        .where(
            DeliveredSession.clinic_id == clinic_id,
            DeliveredSession.patient_id == patient_id,
            DeliveredSession.course_id == course_id,
        )
        .order_by(DeliveredSession.day, DeliveredSession.opened_ms, DeliveredSession.opened_number)
    ).all()


def _lapsed(in_force: Sequence[InForce], times: Times, today: int) -> Iterable[int]:
    """Days after one prescription's end and before the next: there was nothing to go by."""
    following = [each.from_day for each in in_force[1:]] + [today + 1]
    for each, next_day in zip(in_force, following, strict=True):
        last_day = times.day((each.prescription.not_after_s - 1) * 1000).toordinal()
        yield from range(last_day + 1, next_day)
