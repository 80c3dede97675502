"""What the clinic knows of one patient's treatment, gathered from verified records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.findings import URGENCIES
from cloud.alerts.models import Alert
from cloud.alerts.service import open_alerts
from cloud.checkins.models import Scored
from cloud.checkins.scores import scored
from cloud.holds.models import Hold
from cloud.holds.placing import Placers, placers_of
from cloud.holds.service import holds_of
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.patients.models import Patient
from cloud.phones.models import Phone
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import newest_in_force, newest_signed
from cloud.proof.models import Flaw
from cloud.proof.service import of_patient, urgency_of
from cloud.times import Times
from shared.wire.records import SessionKind

TRIAGE_DAYS = 14


class Delivered(Protocol):
    """What lists and charts ask of a session: a row of the table, or a few of its columns."""

    @property
    def opened_ms(self) -> int | None: ...

    @property
    def closed_ms(self) -> int | None: ...

    @property
    def charged_pulses(self) -> int: ...

    @property
    def planned_pulses(self) -> int: ...

    @property
    def course_id(self) -> bytes: ...

    @property
    def kind(self) -> int: ...


@dataclass(frozen=True)
class TreatmentRecord:
    """One patient with everything that the pages say of them."""

    patient: Patient
    phone: Phone | None
    chain: LedgerChain | None
    sessions: tuple[Delivered, ...]
    signed: StoredPrescription | None
    in_force: StoredPrescription | None
    holds: tuple[Hold, ...]
    checkins: tuple[Scored, ...]
    alerts: tuple[Alert, ...]
    flaws: tuple[Flaw, ...]
    placers: Placers

    @property
    def delivered_pulses(self) -> int:
        """Pulses charged, from verified records only."""
        return sum(session.charged_pulses for session in self.sessions)

    def given_in(self, course_id: bytes) -> int:
        """Sessions of a course that gave pulses; what was made up joins its own."""
        treatment = int(SessionKind.TREATMENT)
        own = [one for one in self.sessions if one.course_id == course_id]
        return sum(one.charged_pulses > 0 and one.kind == treatment for one in own)

    @property
    def whole_sessions(self) -> int:
        """Sessions with every planned pulse."""
        return sum(s.charged_pulses >= s.planned_pulses for s in self.sessions)

    @property
    def partial_sessions(self) -> int:
        """Closed sessions with some pulses, not all."""
        return sum(
            s.closed_ms is not None and 0 < s.charged_pulses < s.planned_pulses
            for s in self.sessions
        )

    @property
    def standing(self) -> tuple[Flaw, ...]:
        """What was found wrong with the band's record and isn't cleared, the gravest first."""
        found = [each for each in self.flaws if each.ended_ms is None]
        return tuple(sorted(found, key=lambda each: URGENCIES.index(urgency_of(each))))

    @property
    def open_holds(self) -> tuple[Hold, ...]:
        """Holds that a person asked for and that aren't over by the band's record, the oldest
        first."""
        return tuple(hold for hold in reversed(self.holds) if hold.ended_ms is None)

    @property
    def furthest_hold(self) -> Hold | None:
        """The open hold that has come furthest: one in force is what keeps the band still."""
        return max(self.open_holds, key=_how_far, default=None)


@dataclass(frozen=True)
class DayDose:
    """One day's dose: pulses charged and planned of the sessions that began on it."""

    day: date
    charged: int
    planned: int
    sessions: int

    @property
    def kind(self) -> str:
        """none, whole or partial."""
        if not self.sessions:
            return "none"
        return "whole" if self.charged >= self.planned else "partial"


def gather(session: Session, patient: Patient, *, newest: int | None = None) -> TreatmentRecord:
    """Return the patient's record; a handful of queries, each by clinic and patient.

    Of sessions and scores it has the ``newest`` so many, so that no page takes longer with the
    years; all where none is said.
    """
    clinic_id, patient_id = patient.clinic_id, patient.patient_id
    in_force = newest_in_force(session, clinic_id, patient_id)
    chain = _chain(session, patient, in_force)
    sessions = session.scalars(
        select(DeliveredSession)
        .where(DeliveredSession.clinic_id == clinic_id, DeliveredSession.patient_id == patient_id)
        .order_by(DeliveredSession.opened_number.desc())
        .limit(newest)
    ).all()
    phone = session.scalar(
        select(Phone)
        .where(Phone.clinic_id == clinic_id, Phone.patient_id == patient_id)
        .order_by(Phone.enrolled_ms.desc(), Phone.number.desc())
        .limit(1)
    )
    return TreatmentRecord(
        patient=patient,
        phone=phone,
        chain=chain,
        sessions=tuple(reversed(sessions)),
        signed=newest_signed(session, clinic_id, patient_id),
        in_force=in_force,
        holds=holds_of(session, clinic_id, patient_id),
        checkins=scored(session, clinic_id, patient_id, newest=newest),
        alerts=open_alerts(session, clinic_id, [patient_id]),
        flaws=of_patient(session, clinic_id, patient_id),
        placers=placers_of(session, clinic_id),
    )


def _chain(
    session: Session, patient: Patient, in_force: StoredPrescription | None
) -> LedgerChain | None:
    """Return the record of the band that treats: after another took its place, of that one from
    the moment its own record says so."""
    own = select(LedgerChain).where(
        LedgerChain.clinic_id == patient.clinic_id, LedgerChain.patient_id == patient.patient_id
    )
    newest = own.order_by(LedgerChain.received_to.desc()).limit(1)
    if in_force is None:
        return session.scalar(newest)
    return session.scalar(newest.where(LedgerChain.device_id == in_force.device_id))


def daily(record: TreatmentRecord, times: Times, first: date, last: date) -> tuple[DayDose, ...]:
    """Return each day's dose; a session without a time counts on the last day."""
    by_day: dict[date, list[Delivered]] = {}
    first_ms = times.begins(first)
    for each in record.sessions:
        if each.opened_ms is not None and each.opened_ms < first_ms:
            continue
        day = times.day(each.opened_ms) if each.opened_ms is not None else last
        by_day.setdefault(day, []).append(each)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(_day(day, by_day.get(day, [])) for day in days)


def _how_far(hold: Hold) -> tuple[bool, bool]:
    return hold.in_force_ms is not None, hold.on_phone_ms is not None


def _day(day: date, sessions: list[Delivered]) -> DayDose:
    return DayDose(
        day,
        sum(s.charged_pulses for s in sessions),
        sum(s.planned_pulses for s in sessions),
        len(sessions),
    )
