"""What a made-up prescriber signs: a course, what is measured anew, weekly sessions, an end."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from cloud.audit.service import record
from cloud.clinics.service import clinic_of
from cloud.demo_data.place import Place, Prescriber
from cloud.patients.models import Patient
from cloud.patients.service import device_of, patient_of
from cloud.prescriptions.drafts import DAY_S, Draft, build, from_entry, from_prescription
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import (
    keep_draft,
    newest_treatment,
    read_prescription,
    recipient_of,
    save_draft,
)
from cloud.words.signing import take_answer
from shared.dose.changes import Issue, end
from shared.dose.prescription import Phase, Prescription
from shared.stimulation.catalogue import catalogue

WEEKLY_APART_S = 6 * DAY_S
SOFTER_PERCENT = 10
INSTALL_WITHIN_S = 14 * DAY_S


class Prescribing:
    """One prescriber and one patient, at one moment."""

    def __init__(
        self, session: Session, place: Place, by: Prescriber, patient_id: bytes, *, now_ms: int
    ) -> None:
        self._session, self._place, self._by, self._now_ms = session, place, by, now_ms
        self._patient: Patient = patient_of(session, place.clinic_id, patient_id)
        device = device_of(session, place.clinic_id, patient_id)
        self._recipient = recipient_of(session, self._patient, device)

    def course(self, protocol_id: str, *, threshold_percent: int, sessions: int | None) -> None:
        """Sign a first course, of fewer sessions than the protocol's where a number is given."""
        draft = from_entry(catalogue().entry(protocol_id))
        draft = replace(draft, threshold_percent=threshold_percent, measured_s=self._now_ms // 1000)
        self._draft(replace(draft, course_sessions=sessions or draft.course_sessions))

    def measured_anew(self) -> None:
        """Sign what is in force again with a threshold that was measured today."""
        draft = from_prescription(self._before())
        self._draft(replace(draft, measured_s=self._now_ms // 1000))

    def softer(self) -> None:
        """Sign less intensity."""
        draft = from_prescription(self._before())
        self._draft(replace(draft, intensity_percent=draft.intensity_percent - SOFTER_PERCENT))

    def weekly(self, weeks: int) -> None:
        """Sign another course of one session a week."""
        before = self._before()
        recipient = replace(self._recipient, course_id=None, before=None)
        now_s = self._now_ms // 1000
        draft = replace(from_prescription(before), course_sessions=weeks, measured_s=now_s)
        plan = build(draft, recipient, now_s=now_s)
        self._sign(
            keep_draft(
                self._session,
                replace(self._recipient, course_id=None),
                replace(plan, phases=(Phase(weeks, 1, WEEKLY_APART_S),)),
                self._by.staff_id,
                now_ms=self._now_ms,
            )
        )

    def end(self) -> None:
        """Sign the end of the treatment."""
        now_s = self._now_ms // 1000
        issue = Issue(self._recipient.serial, now_s, now_s + INSTALL_WITHIN_S)
        plan = end(self._before(), issue)
        self._sign(
            keep_draft(self._session, self._recipient, plan, self._by.staff_id, now_ms=self._now_ms)
        )

    def _before(self) -> Prescription:
        found = newest_treatment(self._session, self._place.clinic_id, self._patient.patient_id)
        assert found is not None
        return read_prescription(found)

    def _draft(self, draft: Draft) -> None:
        self._sign(
            save_draft(
                self._session, self._recipient, draft, self._by.staff_id, now_ms=self._now_ms
            )
        )

    def _sign(self, stored: StoredPrescription) -> None:
        clinic = clinic_of(self._session, self._place.clinic_id)
        answer = self._by.passkey.sign(stored.data)
        take_answer(self._session, clinic, answer, now_ms=self._now_ms)
        record(
            self._session,
            self._place.clinic_id,
            actor=self._by.actor,
            action="stored a signature",
            subject=f"prescription/{stored.hash.hex()}",
            now_ms=self._now_ms,
        )
