"""What records of sessions do to the ledger's state: charges, spacing, courses (R1, R4, R8, R9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shared.dose.ledger_errors import LedgerError
from shared.dose.ledger_state import ClosedSession, Course, LedgerState, OpenSession
from shared.dose.totals import Amount
from shared.stimulation.schedule import SLICE_US_MAX
from shared.wire import records
from shared.wire.records import PauseCause, Record, RecordType, SessionKind

_BY_HAND = (PauseCause.STOP, PauseCause.BUTTON)


def _opened(state: LedgerState, record: Record, body: records.SessionOpenedBody) -> LedgerState:
    if state.session is not None:
        raise LedgerError(record.number, "opens a session within a session")
    opened = OpenSession(
        body.session_id,
        body.prescription_hash,
        body.planned_pulses,
        body.planned_trains,
        kind=body.kind,
        supervised=state.supervised(state.proven_ms),
        counted=body.kind is SessionKind.MAKE_UP,
    )
    course = state.current_course
    if course is not None and course.began_wall_ms is None and _is_charged(opened):
        course = replace(course, began_wall_ms=record.clock_ms)
    return replace(state, session=opened, current_course=course, supervised_until_ms=None)


def _is_charged(session: OpenSession) -> bool:
    """A titration is charged to the device's ceilings only, and as no session (R14)."""
    return session.kind is not SessionKind.TITRATION


def _reserved(state: LedgerState, record: Record, body: records.SliceReservedBody) -> LedgerState:
    session = state.session
    if session is None:
        raise LedgerError(record.number, "reserves pulses outside a session")
    if session.reserved is not None:
        raise LedgerError(record.number, "reserves pulses while a slice is open")
    first = _is_charged(session) and not session.counted
    charged = _charge(state, Amount(body.pulses, int(first)), session)
    return replace(
        charged,
        counter=body.counter + 1,
        session=replace(
            session,
            charged_pulses=session.charged_pulses + body.pulses,
            trains_begun=body.train,
            counted=session.counted or first,
            reserved=body,
        ),
    )


def _charge(state: LedgerState, amount: Amount, session: OpenSession) -> LedgerState:
    now_ms = state.proven_ms
    state = replace(
        state,
        ceilings=state.ceilings.charge(now_ms, amount),
        total_pulses=state.total_pulses + amount.pulses,
        last_pulse_ms=now_ms,
    )
    if not _is_charged(session):
        return state
    return replace(
        state,
        windows=state.windows.charge(now_ms, amount),
        current_course=_course_with(state, amount),
        last_session_pulse_ms=now_ms,
    )


def _course_with(state: LedgerState, amount: Amount) -> Course | None:
    course = state.current_course
    if course is None:
        return None
    charged = course.charged
    sums = Amount(charged.pulses + amount.pulses, charged.sessions + amount.sessions)
    return replace(course, charged=sums)


def _slice_closed(state: LedgerState, record: Record, body: records.SliceClosedBody) -> LedgerState:
    session = state.session
    if session is None or session.reserved is None:
        raise LedgerError(record.number, "closes a slice that was not reserved")
    released = session.reserved.pulses - max(body.commanded, body.measured)
    state = _give_back(state, Amount(released, 0), session, body.last_pulse_proven_ms)
    return replace(
        state,
        total_pulses=state.total_pulses - released,
        session=replace(session, charged_pulses=session.charged_pulses - released, reserved=None),
    )


def _give_back(
    state: LedgerState, amount: Amount, session: OpenSession, last_pulse_ms: int
) -> LedgerState:
    """Release once what was not fired; charges age from the last pulse that was (R1, R8)."""
    latest_ms = max(state.last_pulse_ms or 0, last_pulse_ms)
    state = replace(
        state,
        ceilings=state.ceilings.release(amount, last_ms=last_pulse_ms),
        last_pulse_ms=latest_ms,
    )
    if not _is_charged(session):
        return state
    return replace(
        state,
        windows=state.windows.release(amount, last_ms=last_pulse_ms),
        current_course=_course_with(state, Amount(-amount.pulses, -amount.sessions)),
        last_session_pulse_ms=latest_ms,
    )


def _paused(state: LedgerState, _record: Record, body: records.SessionPausedBody) -> LedgerState:
    session = state.session
    if session is None or body.cause not in _BY_HAND:
        return state
    return replace(state, session=replace(session, stopped=True))


def _closed(state: LedgerState, record: Record, body: records.SessionClosedBody) -> LedgerState:
    session = state.session
    if session is None or session.session_id != body.session_id:
        raise LedgerError(record.number, "closes a session that is not open")
    state = _end_open_slice(state, session)
    if session.charged_pulses == 0:
        state = _uncount(state, session)
    closed = ClosedSession(
        session.session_id,
        session.prescription_hash,
        session.planned_pulses,
        session.charged_pulses,
        body.completed,
        body.cause,
        record.clock_ms,
        session.kind,
        session.planned_trains,
        session.trains_begun,
        state.proven_ms,
        session.stopped,
    )
    return _count(replace(state, session=None, last_session=closed), closed)


def _end_open_slice(state: LedgerState, session: OpenSession) -> LedgerState:
    """A slice that nobody closed may have been fired to its end, a slice's length later (R4)."""
    if session.reserved is None or state.last_pulse_ms is None:
        return state
    end_ms = state.last_pulse_ms + SLICE_US_MAX // 1000
    return _give_back(state, Amount(0, 0), session, end_ms)


def _uncount(state: LedgerState, session: OpenSession) -> LedgerState:
    """A session without a pulse counts as none (R9)."""
    counted = session.counted and session.kind is SessionKind.TREATMENT
    if not counted:
        return state
    return _give_back(state, Amount(0, 1), session, 0)


def _count(state: LedgerState, closed: ClosedSession) -> LedgerState:
    """Count a session once: the rest of a partial one that is made up completes it (R9)."""
    if closed.kind is SessionKind.TITRATION or closed.charged_pulses == 0:
        return state
    made_up = closed.kind is SessionKind.MAKE_UP
    if not closed.completed:
        return replace(state, sessions_partial=state.sessions_partial + int(not made_up))
    course = state.current_course
    return replace(
        state,
        sessions_completed=state.sessions_completed + 1,
        sessions_partial=state.sessions_partial - int(made_up),
        current_course=None if course is None else replace(course, completed=course.completed + 1),
    )


def _side_effects(
    state: LedgerState, _record: Record, body: records.SideEffectAnswersBody
) -> LedgerState:
    last = state.last_session
    if last is None or last.session_id != body.session_id:
        return state
    return replace(state, last_session=replace(last, red_flag=body.red_flag or bool(last.red_flag)))


def _fault(state: LedgerState, _record: Record, body: records.FaultBody) -> LedgerState:
    return replace(state, fault=body.code)


STEPS: dict[RecordType, Callable[[LedgerState, Record, Any], LedgerState]] = {
    RecordType.SESSION_OPENED: _opened,
    RecordType.SLICE_RESERVED: _reserved,
    RecordType.SLICE_CLOSED: _slice_closed,
    RecordType.SESSION_PAUSED: _paused,
    RecordType.SESSION_CLOSED: _closed,
    RecordType.SIDE_EFFECT_ANSWERS: _side_effects,
    RecordType.FAULT: _fault,
}
