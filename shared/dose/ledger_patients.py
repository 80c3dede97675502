"""The device goes from one patient to another, and perhaps back: what was charged stays theirs
(R8, R23)."""

from __future__ import annotations

from dataclasses import replace

from shared.dose.ledger_state import (
    FORMER_PATIENTS_MAX,
    PAST_COURSES_MAX,
    FormerPatient,
    LedgerState,
)
from shared.dose.totals import Windows


def turn_to_patient(state: LedgerState, patient_id: bytes) -> LedgerState:
    """Return the state with the last patient's charges put by, and this patient's taken up."""
    now_ms = state.proven_ms
    known = tuple(_aged(each, now_ms) for each in (*state.former, *_last_patient(state)))
    again = next((each for each in known if each.patient_id == patient_id), None)
    others = tuple(each for each in known if each.patient_id != patient_id)
    dropped, former = others[:-FORMER_PATIENTS_MAX], others[-FORMER_PATIENTS_MAX:]
    forgotten = state.forgotten.lasting(now_ms)
    for each in dropped:
        forgotten = forgotten.joined_with(each.windows)
    return _taken_up(
        replace(state, former=former, forgotten=forgotten),
        again or _unknown(patient_id, forgotten),
    )


def _aged(patient: FormerPatient, now_ms: int) -> FormerPatient:
    return replace(patient, windows=patient.windows.lasting(now_ms))


def _last_patient(state: LedgerState) -> tuple[FormerPatient, ...]:
    if state.last_patient_id is None:
        return ()
    current = () if state.current_course is None else (state.current_course,)
    courses = (*state.past_courses, *current)[-PAST_COURSES_MAX:]
    left = FormerPatient(
        state.last_patient_id,
        state.windows,
        state.last_session_pulse_ms,
        courses,
        state.postponed_until_ms,
        state.postponed_hash,
    )
    return (left,)


def _unknown(patient_id: bytes, forgotten: Windows) -> FormerPatient:
    """A patient who may be one of those that were forgotten."""
    last_ms = forgotten.buckets[-1].last_ms if forgotten.buckets else None
    return FormerPatient(patient_id, forgotten, last_ms)


def _taken_up(state: LedgerState, patient: FormerPatient) -> LedgerState:
    return replace(
        state,
        last_patient_id=patient.patient_id,
        windows=patient.windows,
        last_session_pulse_ms=patient.last_session_pulse_ms,
        current_course=None,
        past_courses=patient.courses,
        last_session=None,
        postponed_until_ms=patient.postponed_until_ms,
        postponed_hash=patient.postponed_hash,
    )
