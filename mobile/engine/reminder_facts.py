"""What reminders follow from, out of what the engine knows: lock, plan, record, check-ins."""

from __future__ import annotations

from mobile.engine import answer_book
from mobile.engine.context import Context
from mobile.engine.present_lock import lock_of
from mobile.presenters.checkins import DAY_MS
from mobile.presenters.lock import Lock
from mobile.reminders import Facts
from shared.dose.prescription import Prescription
from shared.dose.reasons import ReasonCode, Severity

_IN_THE_WAY = {
    ReasonCode.COURSE_DONE,
    ReasonCode.COURSE_OVER,
    ReasonCode.EXPIRED,
    ReasonCode.NO_PRESCRIPTION,
    ReasonCode.NOT_PROVISIONED,
    ReasonCode.NO_MAKE_UP,
    ReasonCode.MAKE_UP_LATE,
    ReasonCode.SUPERVISION_NEEDED,
}
"""Neither time nor the person ends these: no session is to be reminded of."""


class ReminderFacts:
    """Remembers when the session was to open, so that the reminder doesn't move once it has."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._opens_ms: int | None = None

    def now(self) -> Facts:
        """Return the facts of now; nothing for a phone that isn't a patient's yet."""
        context = self._context
        ledger, plan = context.ledger, context.plan
        if ledger is None or plan is None:
            return Facts()
        lock, prescription = lock_of(context), plan.prescription
        clearance = ledger.state.clearance
        clearance_ends_ms = (
            None if clearance is None else clearance.ends(prescription.clearance_limit_s) * 1000
        )
        seen = context.instants.seen
        return Facts(
            session_opens_ms=self._opens(lock, prescription),
            session_ends_ms=_first(clearance_ends_ms, prescription.not_after_s * 1000),
            checkin_due_ms=self._checkin_due(prescription),
            questions_again_ms=_end_of(lock, ReasonCode.SCREENING_POSTPONED),
            clearance_ends_ms=clearance_ends_ms,
            battery_percent=None if seen is None else seen.battery_percent,
        )

    def _opens(self, lock: Lock, prescription: Prescription) -> int | None:
        if not _is_the_persons_to_take(lock):
            self._opens_ms = None
            return None
        ends = [line.ends_wall_ms for line in lock.reasons if line.ends_wall_ms is not None]
        if ends:
            self._opens_ms = max(ends)
        elif self._opens_ms is None:
            self._opens_ms = self._open_since(prescription)
        return self._opens_ms

    def _open_since(self, prescription: Prescription) -> int:
        ledger, limits = self._context.ledger, prescription.limits
        last = None if ledger is None else ledger.state.last_session
        begins_ms = max(prescription.not_before_s, prescription.issued_s) * 1000
        if last is None or last.closed_wall_ms is None:
            return begins_ms
        alone = limits.sessions_per_day_window == 1
        apart_s = max(limits.min_interval_s, limits.day_window_s if alone else 0)
        return max(begins_ms, last.closed_wall_ms + apart_s * 1000)

    def _checkin_due(self, prescription: Prescription) -> int | None:
        """When the first of the check-ins that the clinic wants is due."""
        begins_ms = prescription.issued_s * 1000
        due = [
            begins_ms if one.last_wall_ms is None else one.last_wall_ms + one.every_days * DAY_MS
            for one in answer_book.wanted(self._context)
        ]
        return min(due, default=None)


def _is_the_persons_to_take(lock: Lock) -> bool:
    """Whether time and the person alone stand before the next session."""
    return not any(
        line.code in _IN_THE_WAY or line.reason.severity in (Severity.CLINIC, Severity.SERVICE)
        for line in lock.reasons
    )


def _end_of(lock: Lock, code: ReasonCode) -> int | None:
    return next((line.ends_wall_ms for line in lock.reasons if line.code is code), None)


def _first(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)
