"""How much the session asked for would charge, and whether it fits (R8, R9)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.dose.case import Case, Question
from shared.dose.make_up import pulses_left
from shared.dose.prescription import Prescription, PrescriptionKind
from shared.dose.reasons import Reason, ReasonCode
from shared.dose.totals import CEILING_DAY_MS, CEILING_WEEK_MS, WEEK_MS, Amount, Windows
from shared.stimulation.limits import absolute_limits


def amount_reasons(case: Case, prescription: Prescription) -> Iterator[Reason]:
    """Yield why what is asked for does not fit: windows, course, the device's ceilings."""
    if prescription.kind is PrescriptionKind.TITRATION:
        return
    wanted = wanted_amount(case, prescription)
    yield from _windows(case, prescription, wanted)
    yield from _phase(case, prescription, wanted)
    yield from _course(case, prescription, wanted)
    if not is_supervised(case):
        yield from _ceilings(case, wanted)


def wanted_amount(case: Case, prescription: Prescription) -> Amount:
    """Return what the session, the rest of it, or its make-up would charge."""
    if case.question is Question.OPEN:
        return Amount(prescription.pulses_per_session, 1)
    if case.question is Question.MAKE_UP:
        last = case.ledger.last_session
        return Amount(0 if last is None else pulses_left(prescription, last), 0)
    session = case.ledger.session
    if session is None:
        return Amount(prescription.pulses_per_session, 1)
    return Amount(
        max(0, session.planned_pulses - session.charged_pulses), 0 if session.counted else 1
    )


def is_supervised(case: Case) -> bool:
    """Return whether a trained person's presence covers the session (R8, R15)."""
    session = case.ledger.session
    if case.question is Question.RESUME and session is not None:
        return session.supervised
    return case.ledger.supervised(case.times.proven_ms)


def _windows(case: Case, prescription: Prescription, wanted: Amount) -> Iterator[Reason]:
    limits, windows = prescription.limits, case.ledger.windows
    day = Amount(limits.pulses_per_day_window, limits.sessions_per_day_window)
    week = Amount(limits.pulses_per_week, limits.sessions_per_week)
    day_ms = limits.day_window_s * 1000
    yield from _window(case, windows, ReasonCode.DAY_WINDOW, day_ms, wanted, day)
    yield from _window(case, windows, ReasonCode.WEEK_WINDOW, WEEK_MS, wanted, week)


def _ceilings(case: Case, wanted: Amount) -> Iterator[Reason]:
    """The device's own, over true days and weeks, across patients and prescriptions (R8)."""
    limits, charged = absolute_limits(), case.ledger.ceilings
    day = Amount(limits.ceiling_pulses_per_24h, limits.ceiling_sessions_per_24h)
    week = Amount(limits.ceiling_pulses_per_168h, 7 * limits.ceiling_sessions_per_24h)
    yield from _window(case, charged, ReasonCode.CEILING_24H, CEILING_DAY_MS, wanted, day)
    yield from _window(case, charged, ReasonCode.CEILING_168H, CEILING_WEEK_MS, wanted, week)


def _window(
    case: Case, charged: Windows, code: ReasonCode, window_ms: int, wanted: Amount, limit: Amount
) -> Iterator[Reason]:
    now_ms = case.times.proven_ms
    fits_ms = charged.fits_from(window_ms, now_ms, wanted, limit)
    if fits_ms != now_ms:
        yield Reason(code, fits_ms)


def _phase(case: Case, prescription: Prescription, wanted: Amount) -> Iterator[Reason]:
    """Ramp and taper advance by completed sessions; a phase may space them further (R9)."""
    if not prescription.phases:
        return
    phase = prescription.phase(_completed(case, prescription))
    if phase is None:
        if wanted.sessions:
            yield Reason(ReasonCode.COURSE_DONE)
        return
    week = Amount(prescription.limits.pulses_per_week, phase.sessions_per_week)
    windows = case.ledger.windows
    yield from _window(case, windows, ReasonCode.PHASE_WEEK, WEEK_MS, wanted, week)
    last_ms = case.ledger.last_session_pulse_ms
    if case.question is Question.OPEN and last_ms is not None:
        ends_ms = last_ms + phase.min_interval_s * 1000
        if case.times.proven_ms < ends_ms:
            yield Reason(ReasonCode.PHASE_INTERVAL, ends_ms)


def _completed(case: Case, prescription: Prescription) -> int:
    same = case.ledger.course_id == prescription.course_id
    return case.ledger.course_completed if same else 0


def _course(case: Case, prescription: Prescription, wanted: Amount) -> Iterator[Reason]:
    same = case.ledger.course_id == prescription.course_id
    charged, limits = case.ledger.course if same else Amount(0, 0), prescription.limits
    if (
        charged.pulses + wanted.pulses > limits.course_pulses
        or charged.sessions + wanted.sessions > limits.course_sessions
    ):
        yield Reason(ReasonCode.COURSE_DONE)
    course, now_s = case.ledger.current_course, case.times.wall_s
    if not same or course is None or course.began_wall_ms is None or limits.course_days is None:
        return
    if now_s is not None and now_s >= course.began_wall_ms // 1000 + limits.course_days * 86_400:
        yield Reason(ReasonCode.COURSE_OVER)
