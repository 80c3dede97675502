"""A ledger's state while a batch leads over it, changed in place by the records of every day.

A new `LedgerState` for each record is what the fold costs most. `Moving.take` does what
`shared.dose.ledger.follow` does for five kinds of records as they ordinarily are; `runs` knows the
slices between them. Whatever else comes, `take` leaves alone, for the shared fold to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared.dose.ledger_state import (
    ClosedSession,
    Course,
    LedgerState,
    OpenHold,
    OpenSession,
)
from shared.dose.totals import Amount, Windows
from shared.dose.waits import begins_a_wait
from shared.trust.statements import Gate, GateOutcome
from shared.wire.records import (
    ClearanceBody,
    GateAnswersBody,
    Record,
    SessionClosedBody,
    SessionKind,
    SessionOpenedBody,
    SideEffectAnswersBody,
)


class Moving:
    """The fields of a LedgerState that these records change, under the same names."""

    number: int
    hash: bytes
    proven_ms: int
    windows: Windows
    ceilings: Windows
    last_pulse_ms: int | None
    last_session_pulse_ms: int | None
    current_course: Course | None
    total_pulses: int
    counter: int
    session: OpenSession | None
    last_session: ClosedSession | None
    sessions_completed: int
    sessions_partial: int
    clearance: ClearanceBody | None
    gate_outcome: GateOutcome | None
    gate_proven_ms: int
    gate_wall_ms: int | None
    gates_confirmed: tuple[Gate, ...]
    supervised_until_ms: int | None
    wait_number: int

    def __init__(self, state: LedgerState) -> None:
        self.move_to(state)

    def move_to(self, state: LedgerState) -> None:
        """Go on from a state that the shared fold led to."""
        self._resting = state
        self.change({name: getattr(state, name) for name in _CHANGING})

    def state(self) -> LedgerState:
        """Return the state as it is now."""
        return replace(self._resting, **{name: getattr(self, name) for name in _CHANGING})

    def change(self, values: Mapping[str, Any]) -> None:
        """Change these fields."""
        vars(self).update(values)

    def take(self, record: Record, hash_: bytes) -> bool:
        """Move behind a record, where the chain's hash is ``hash_``; return False, and stay, for
        one that the shared fold is to judge."""
        step = _STEPS.get(type(record.body))
        resting = self._resting
        at_ms = resting.proven_at(record.uptime_ms)
        follows = 1 < record.number == self.number + 1
        if step is None or not follows or at_ms < self.proven_ms:
            return False
        if record.boot_count != resting.boot_count or not step(self, record, record.body, at_ms):
            return False
        self.number, self.hash, self.proven_ms = record.number, hash_, at_ms
        if begins_a_wait(record):
            self.wait_number = record.number
        return True

    @property
    def boot_count(self) -> int:
        return self._resting.boot_count

    @property
    def boot_base_ms(self) -> int:
        return self._resting.boot_base_ms

    @property
    def patient_id(self) -> bytes | None:
        return self._resting.patient_id

    @property
    def holds(self) -> tuple[OpenHold, ...]:
        return self._resting.holds

    def hold(self, hold_id: bytes) -> OpenHold | None:
        """Return an open hold by its id."""
        return self._resting.hold(hold_id)

    @property
    def course_id(self) -> bytes | None:
        """The course that sessions are charged to."""
        return None if self.current_course is None else self.current_course.course_id

    @property
    def course(self) -> Amount:
        """What is charged to the course."""
        return Amount(0, 0) if self.current_course is None else self.current_course.charged


State = LedgerState | Moving
"""What can be asked where a ledger is."""

_CHANGING = tuple(Moving.__annotations__)


def _clearance(now: Moving, _record: Record, body: ClearanceBody, _at_ms: int) -> bool:
    now.clearance = body
    return True


def _gate(now: Moving, record: Record, body: GateAnswersBody, at_ms: int) -> bool:
    if body.outcome is GateOutcome.POSTPONE:
        return False
    now.gate_outcome, now.gates_confirmed = body.outcome, body.confirmed
    now.gate_proven_ms, now.gate_wall_ms = at_ms, record.clock_ms
    return True


def _opened(now: Moving, record: Record, body: SessionOpenedBody, at_ms: int) -> bool:
    if now.session is not None:
        return False
    until_ms, course = now.supervised_until_ms, now.current_course
    now.session = OpenSession(
        body.session_id,
        body.prescription_hash,
        body.planned_pulses,
        body.planned_trains,
        kind=body.kind,
        supervised=until_ms is not None and at_ms < until_ms,
        counted=body.kind is SessionKind.MAKE_UP,
    )
    is_charged = body.kind is not SessionKind.TITRATION
    if is_charged and course is not None and course.began_wall_ms is None:
        now.current_course = replace(course, began_wall_ms=record.clock_ms)
    now.supervised_until_ms = None
    return True


def _closed(now: Moving, record: Record, body: SessionClosedBody, at_ms: int) -> bool:
    session = now.session
    if session is None or session.session_id != body.session_id:
        return False
    if session.reserved is not None or session.charged_pulses == 0:
        return False
    now.session = None
    now.last_session = ClosedSession(
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
        at_ms,
        session.stopped,
    )
    if session.kind is not SessionKind.TITRATION:
        _count(now, session.kind, completed=body.completed)
    return True


def _count(now: Moving, kind: SessionKind, *, completed: bool) -> None:
    made_up, course = kind is SessionKind.MAKE_UP, now.current_course
    if not completed:
        now.sessions_partial += not made_up
        return
    now.sessions_completed += 1
    now.sessions_partial -= made_up
    if course is not None:
        now.current_course = replace(course, completed=course.completed + 1)


def _answered(now: Moving, _record: Record, body: SideEffectAnswersBody, _at_ms: int) -> bool:
    last = now.last_session
    if last is not None and last.session_id == body.session_id:
        red_flag = body.red_flag or bool(last.red_flag)
        now.last_session = replace(last, red_flag=red_flag)
    return True


_STEPS: dict[type[Any], Callable[[Moving, Record, Any, int], bool]] = {
    ClearanceBody: _clearance,
    GateAnswersBody: _gate,
    SessionOpenedBody: _opened,
    SessionClosedBody: _closed,
    SideEffectAnswersBody: _answered,
}
