"""Looks at how things stand with every patient of a clinic, and at the clinic's certificates.

A fixed number of queries, whatever the number of patients.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.adherence.definition import OpenDays
from cloud.adherence.facts import given_of
from cloud.alerts.facts import CertificateFact, CheckinFact, CourseFact, HoldFact, Standing
from cloud.alerts.findings import Finding, nothing
from cloud.alerts.models import Alert
from cloud.alerts.rules.certificate import certificate
from cloud.alerts.rules.standing import ends_by_itself, of_standing
from cloud.alerts.service import About, raise_alert
from cloud.alerts.thresholds import Thresholds, thresholds_of
from cloud.care import cards
from cloud.checkins.models import Scored
from cloud.clinics.models import StoredCertificate
from cloud.clinics.service import clinic_of
from cloud.dose.closures import closed_days_of_all
from cloud.holds.models import Hold
from cloud.ledger.models import DeliveredSession
from cloud.patients.models import Patient
from cloud.phones.models import Phone
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from cloud.times import Times
from shared.dose.course_days import outlook
from shared.dose.prescription import Prescription, PrescriptionKind
from shared.instruments.registry import instrument, knows
from shared.trust.certificates import judge
from shared.trust.keys import PublicKey
from shared.trust.statements import Purpose

SERVER_PURPOSES = (
    Purpose.ENROLMENT,
    Purpose.TIME,
    Purpose.CLEARANCE,
    Purpose.HOLD,
    Purpose.RECEIPT,
    Purpose.CARE,
)


@dataclass
class _Gathered:
    """What was found of one patient."""

    plans: list[Prescription] = field(default_factory=list)
    sessions: list[DeliveredSession] = field(default_factory=list)
    holds: list[HoldFact] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)
    checkins: list[CheckinFact] = field(default_factory=list)
    heard_ms: int | None = None
    cleared_ms: int | None = None


def look(session: Session, clinic_id: str, times: Times, *, now_ms: int) -> int:
    """Judge every patient and the clinic's certificates; return how many findings there are."""
    thresholds = thresholds_of(session, clinic_id)
    certificates = _certificates(session, clinic_id)
    found: dict[bytes | None, Sequence[Finding]] = {
        None: [
            finding
            for fact in certificates
            for finding in certificate(fact, thresholds, now_ms=now_ms)
        ]
    }
    clearance_ends_ms = next(
        (fact.ends_ms for fact in certificates if fact.purpose == Purpose.CLEARANCE.name.lower()),
        None,
    )
    today = times.day(now_ms).toordinal()
    for patient_id, gathered in _gather(session, clinic_id, today=today).items():
        standing = _standing(gathered, thresholds, times, clearance_ends_ms, now_ms=now_ms)
        found[patient_id] = of_standing(standing, thresholds)
    _settle(session, clinic_id, found, now_ms=now_ms)
    return sum(map(len, found.values()))


def _settle(
    session: Session,
    clinic_id: str,
    found: dict[bytes | None, Sequence[Finding]],
    *,
    now_ms: int,
) -> None:
    """Raise what was found, and end what was found before and is no more."""
    standing: dict[bytes | None, set[str]] = defaultdict(set)
    values = session.execute(
        select(Alert.patient_id, Alert.cause).where(Alert.clinic_id == clinic_id, Alert.stands)
    )
    for patient_id, key in values:
        if ends_by_itself(key):
            standing[patient_id].add(key)
    for patient_id in found.keys() | standing.keys():
        about, findings = About(clinic_id, patient_id), found.get(patient_id, ())
        gone = standing[patient_id] - {finding.cause.key for finding in findings}
        for finding in (*findings, *map(nothing, sorted(gone))):
            raise_alert(
                session, about, finding.cause, finding.reason, now_ms=now_ms, ends_by_itself=True
            )


def _standing(
    gathered: _Gathered,
    thresholds: Thresholds,
    times: Times,
    clearance_ends_ms: int | None,
    *,
    now_ms: int,
) -> Standing:
    newest = gathered.plans[-1] if gathered.plans else None
    plan = None if newest is None or newest.kind is PrescriptionKind.END else newest
    return Standing(
        now_ms=now_ms,
        plan=plan,
        heard_ms=gathered.heard_ms,
        cleared_ms=gathered.cleared_ms,
        clearance_key_ends_ms=clearance_ends_ms,
        course=None if plan is None else _course(plan, gathered, thresholds, times, now_ms=now_ms),
        holds=tuple(gathered.holds),
        checkins=tuple(gathered.checkins),
    )


def _course(
    plan: Prescription, gathered: _Gathered, thresholds: Thresholds, times: Times, *, now_ms: int
) -> CourseFact:
    of_course = [each for each in gathered.sessions if each.course_id == plan.course_id]
    given = given_of(of_course)
    open_days = OpenDays(gathered.closed, given)
    day = times.day(now_ms).toordinal()
    today, placed = open_days.day(day), open_days.of_given(given)
    until = open_days.day(times.day(plan.not_after_s * 1000).toordinal())
    began = min((one.day for one in placed), default=today)
    course = outlook(plan, placed, began=began, today=today, valid_until=until)
    since = open_days.day(day - thresholds.missed_within_days)
    ended = [each.closed_ms or each.opened_ms or 0 for each in of_course if each.charged_pulses]
    return CourseFact(
        missed=sum(each.missed for each in course.days if each.day >= since),
        left=course.left,
        done_ms=max(ended) if ended and course.left == 0 else None,
    )


def _gather(session: Session, clinic_id: str, *, today: int) -> dict[bytes, _Gathered]:
    found = {
        patient_id: _Gathered()
        for patient_id in session.scalars(
            select(Patient.patient_id).where(
                Patient.clinic_id == clinic_id, Patient.erased_ms.is_(None)
            )
        )
    }
    for plan in _in_force(session, clinic_id):
        if plan.patient_id in found:
            found[plan.patient_id].plans.append(plan)
    for delivered in session.scalars(
        select(DeliveredSession)
        .where(DeliveredSession.clinic_id == clinic_id)
        .order_by(DeliveredSession.day, DeliveredSession.opened_ms, DeliveredSession.opened_number)
    ):
        if delivered.patient_id in found:
            found[delivered.patient_id].sessions.append(delivered)
    for patient_id, closed in closed_days_of_all(session, clinic_id, today=today).items():
        if patient_id in found:
            found[patient_id].closed = closed
    for hold in session.scalars(
        select(Hold).where(
            Hold.clinic_id == clinic_id, Hold.in_force_ms.is_(None), Hold.ended_ms.is_(None)
        )
    ):
        fact = HoldFact(hold.hold_id, hold.asked_ms, hold.on_phone_ms)
        if hold.patient_id in found:
            found[hold.patient_id].holds.append(fact)
    for patient_id, heard_ms, cleared_ms in session.execute(
        select(Phone.patient_id, func.max(Phone.seen_ms), func.max(Phone.cleared_ms))
        .where(Phone.clinic_id == clinic_id)
        .group_by(Phone.patient_id)
    ):
        if patient_id in found:
            found[patient_id].heard_ms, found[patient_id].cleared_ms = heard_ms, cleared_ms
    _gather_checkins(session, clinic_id, found)
    return found


def _gather_checkins(session: Session, clinic_id: str, found: dict[bytes, _Gathered]) -> None:
    """What the clinic's card asks for, and when each patient answered it last."""
    card = cards.newest(session, clinic_id)
    wanted = [each for each in card.instruments if knows(each.instrument)] if card else []
    if not wanted:
        return
    last: dict[tuple[bytes, str], int] = {
        (patient_id, name): answered_ms
        for patient_id, name, answered_ms in session.execute(
            select(Scored.patient_id, Scored.instrument, func.max(Scored.answered_ms))
            .where(Scored.clinic_id == clinic_id)
            .group_by(Scored.patient_id, Scored.instrument)
        )
    }
    for patient_id, gathered in found.items():
        since_ms = gathered.plans[0].not_before_s * 1000 if gathered.plans else 0
        gathered.checkins = [
            CheckinFact(
                instrument(each.instrument).title,
                each.every_days,
                last.get((patient_id, each.instrument), since_ms),
            )
            for each in wanted
        ]


def _in_force(session: Session, clinic_id: str) -> Iterable[Prescription]:
    """Yield what was in force, in the order of serials; a titration stands beside it (R14)."""
    for stored in session.scalars(
        select(StoredPrescription)
        .where(
            StoredPrescription.clinic_id == clinic_id, StoredPrescription.in_force_ms.is_not(None)
        )
        .order_by(StoredPrescription.serial)
    ):
        plan = read_prescription(stored)
        if plan.kind is not PrescriptionKind.TITRATION:
            yield plan


def _certificates(session: Session, clinic_id: str) -> list[CertificateFact]:
    """Return, for each purpose of a server, the certificate that lasts longest."""
    ends: dict[str, int] = {}
    root = PublicKey(clinic_of(session, clinic_id).root_key)
    for stored in session.scalars(
        select(StoredCertificate).where(
            StoredCertificate.clinic_id == clinic_id,
            StoredCertificate.purpose.in_([int(purpose) for purpose in SERVER_PURPOSES]),
        )
    ):
        found = judge(
            stored.envelope,
            purpose=Purpose(stored.purpose),
            clinic_id=clinic_id.encode(),
            root=root,
            now_s=None,
        )
        name = found.purpose.name.lower()
        ends[name] = max(ends.get(name, 0), found.not_after_s * 1000)
    return [CertificateFact(name, ends_ms) for name, ends_ms in sorted(ends.items())]
