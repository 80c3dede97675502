"""The band that a course began on, as the clinic knows it: what goes on and what it gave (R24).

Only its verified record counts. What it can have done since is reckoned at the most that its
prescriptions, its plan's end and the last clearance that it was given allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.ledger.folds import Folds
from cloud.ledger.models import LedgerChain, StoredHead
from cloud.patients.models import Device, Patient
from cloud.phones.models import Phone
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import newest_treatment, read_prescription
from shared.dose.changes import fullest_opening
from shared.dose.ledger import Course, LedgerState
from shared.dose.prescription import OpeningBalance, Prescription, PrescriptionKind
from shared.dose.totals import WEEK_MS, Amount
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import HoldKind, LedgerHead


@dataclass(frozen=True)
class Predecessor:
    """``signed`` is everything that was signed for ``device``, by serial; ``state`` the sum of its
    verified record, None where nothing of it came.

    ``last_word`` is its signed last head, where its record says that it retired. ``seen_ms`` is its
    newest verified record's time, ``treated_until_ms`` until when it can have opened a session
    since.
    """

    device: Device
    signed: tuple[Prescription, ...]
    state: LedgerState | None
    last_word: bytes | None
    seen_ms: int
    treated_until_ms: int

    @property
    def before(self) -> Prescription:
        """The newest treatment, which goes on."""
        beside = PrescriptionKind.TITRATION
        return next(each for each in reversed(self.signed) if each.kind is not beside)

    @property
    def plan_ends_s(self) -> int:
        """When the last of what was signed for it ends."""
        return max(each.not_after_s for each in self.signed)

    @property
    def course(self) -> Course:
        """The course by the verified record; until the band's own tells of it, as it came from the
        band before."""
        own = self.before.course_id
        known: tuple[Course, ...] = ()
        if self.state is not None:
            current = self.state.current_course
            known = (*self.state.past_courses, *(() if current is None else (current,)))
        begun = next((each for each in known if each.course_id == own), None)
        return begun or self._taken_over(own)

    def _taken_over(self, course_id: bytes) -> Course:
        taken = self._replacing()
        if taken is None or taken.replacement is None:
            return Course(course_id)
        opening = taken.replacement.opening
        charged = Amount(opening.course_pulses, opening.course_sessions)
        return Course(course_id, charged, opening.course_completed)

    def _replacing(self) -> Prescription | None:
        return next((each for each in reversed(self.signed) if each.replacement), None)

    @property
    def weeks_unseen(self) -> int:
        """Weeks that were begun since the record was seen: at least one."""
        return max(1, -(-max(0, self.treated_until_ms - self.seen_ms) // WEEK_MS))

    @property
    def is_held(self) -> bool:
        """Whether a safety hold stands by its verified record."""
        holds = () if self.state is None else self.state.holds
        return any(each.kind is HoldKind.SAFETY for each in holds)

    @property
    def course_ends_s(self) -> int | None:
        """When the course ends by its days, counted from its first session; None: not by days."""
        ends, days, began_ms = [], self.before.limits.course_days, self.course.began_wall_ms
        if days is not None and began_ms is not None:
            ends.append(began_ms // 1000 + days * 86_400)
        taken = self._replacing()
        if taken is not None and taken.limits.course_days is not None:
            ends.append(taken.issued_s + taken.limits.course_days * 86_400)
        return min(ends, default=None)

    def opening(self, *, by_last_word: bool) -> OpeningBalance:
        """Return what counts as given when the successor begins: by the whole record, or with the
        most that can have been given unseen."""
        return self._by_record() if by_last_word else self._at_most()

    def _by_record(self) -> OpeningBalance:
        state, course = self.state or LedgerState(), self.course
        day_ms = self.before.limits.day_window_s * 1000
        day = state.windows.within(day_ms, state.proven_ms)
        week = state.windows.within(WEEK_MS, state.proven_ms)
        return OpeningBalance(
            day_pulses=day.pulses,
            day_sessions=day.sessions,
            week_pulses=max(day.pulses, week.pulses),
            week_sessions=max(day.sessions, week.sessions),
            course_pulses=course.charged.pulses,
            course_sessions=course.charged.sessions,
            course_completed=course.completed,
        )

    def _at_most(self) -> OpeningBalance:
        """A full week on top for each week begun, by the fullest that was ever signed: no more fits
        into one window."""
        limits, charged, weeks = self.before.limits, self.course.charged, self.weeks_unseen
        sessions = weeks * max(each.limits.sessions_per_week for each in self.signed)
        pulses = weeks * max(each.limits.pulses_per_week for each in self.signed)
        return fullest_opening(
            limits,
            sessions=charged.sessions + sessions - limits.sessions_per_week,
            pulses=charged.pulses + pulses - limits.pulses_per_week,
            completed=self.course.completed,
        )


def predecessor_of(
    session: Session, folds: Folds, patient: Patient, successor_id: bytes, *, now_ms: int
) -> Predecessor | None:
    """Return the band whose course goes on with ``successor_id``; None where no treatment goes on.

    A successor that hasn't installed anything by its own record may be signed for once more.
    """
    newest = newest_treatment(session, patient.clinic_id, patient.patient_id)
    if newest is None or read_prescription(newest).kind is PrescriptionKind.END:
        return None
    device_id = newest.device_id
    if device_id == successor_id:
        rows = _signed_for(session, patient, device_id)
        again = [read_prescription(each).replacement for each in rows]
        named = next((each for each in reversed(again) if each is not None), None)
        if named is None or any(each.in_force_ms is not None for each in rows):
            return None
        device_id = named.old_device_id
    device = session.get_one(Device, (patient.clinic_id, device_id))
    return _predecessor(session, folds, patient, device, now_ms=now_ms)


def _predecessor(
    session: Session, folds: Folds, patient: Patient, device: Device, *, now_ms: int
) -> Predecessor:
    signed = tuple(map(read_prescription, _signed_for(session, patient, device.device_id)))
    chain, state = _chain(session, patient, device), None
    if chain is not None and chain.verified_to:
        state = folds.state(session, chain, chain.verified_to, chain.verified_hash)
        folds.keep(state)
    seen_ms = None if chain is None or state is None else chain.clock_ms or chain.verified_ms
    return Predecessor(
        device=device,
        signed=signed,
        state=state,
        last_word=_last_word(session, device, chain, state),
        seen_ms=seen_ms or min(each.issued_s for each in signed) * 1000,
        treated_until_ms=_treated_until_ms(session, device, signed, now_ms),
    )


def _signed_for(
    session: Session, patient: Patient, device_id: bytes
) -> Sequence[StoredPrescription]:
    return session.scalars(
        select(StoredPrescription)
        .where(
            StoredPrescription.clinic_id == patient.clinic_id,
            StoredPrescription.patient_id == patient.patient_id,
            StoredPrescription.device_id == device_id,
            StoredPrescription.signed_ms.is_not(None),
        )
        .order_by(StoredPrescription.serial)
    ).all()


def _chain(session: Session, patient: Patient, device: Device) -> LedgerChain | None:
    return session.scalar(
        select(LedgerChain)
        .where(
            LedgerChain.clinic_id == patient.clinic_id,
            LedgerChain.patient_id == patient.patient_id,
            LedgerChain.device_id == device.device_id,
        )
        .order_by(LedgerChain.received_to.desc())
        .limit(1)
    )


def _last_word(
    session: Session, device: Device, chain: LedgerChain | None, state: LedgerState | None
) -> bytes | None:
    if chain is None or state is None or not state.retired:
        return None
    name = (device.clinic_id, device.device_id, chain.epoch, chain.verified_to)
    stored = session.get(StoredHead, name)
    if stored is None:
        return None
    audience, key = device.clinic_id.encode(), PublicKey(device.public_key)
    try:
        head = sign1.verify(LedgerHead, stored.envelope, audience=audience, key=key)
    except TrustError:
        return None
    return stored.envelope if head.retired else None


def _treated_until_ms(
    session: Session, device: Device, signed: Sequence[Prescription], now_ms: int
) -> int:
    """No session opens after the plan's end, nor once the last clearance has run out (R20)."""
    ends_ms = max(each.not_after_s for each in signed) * 1000
    given_ms = session.scalar(
        select(func.max(Phone.cleared_ms)).where(
            Phone.clinic_id == device.clinic_id, Phone.device_id == device.device_id
        )
    )
    if given_ms is not None:
        limit_s = max(each.clearance_limit_s for each in signed)
        ends_ms = min(ends_ms, given_ms + limit_s * 1000)
    return min(now_ms, ends_ms)
