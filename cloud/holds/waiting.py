"""What was asked for and isn't in force yet, said where a hold is placed or lifted."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cloud.holds.placing import placers_of
from cloud.holds.reasons import in_words
from cloud.holds.service import on_its_way
from cloud.language import _
from cloud.patients.models import Patient
from cloud.times import Times


def waiting_lines(
    session: Session, times: Times, patient: Patient, *, now_ms: int
) -> tuple[str, ...]:
    """Return a line for each hold that is on its way to the band, the oldest first."""
    placers = placers_of(session, patient.clinic_id)
    return tuple(
        _("{reason}: {placed}, {when}").format(
            reason=in_words(hold.reason),
            placed=placers.asked(hold),
            when=times.said(hold.asked_ms, now_ms),
        )
        for hold in on_its_way(session, patient.clinic_id, patient.patient_id)
    )
