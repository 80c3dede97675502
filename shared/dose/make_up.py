"""Making up the rest of a partial session: once, soon, whole trains only (R9)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.dose.case import Case
from shared.dose.ledger_state import ClosedSession
from shared.dose.prescription import Prescription
from shared.dose.reasons import Reason, ReasonCode
from shared.wire.records import CloseCause, SessionKind

_BENIGN = frozenset(
    {
        CloseCause.ENDED_BY_PERSON,
        CloseCause.PAUSE_LIMIT,
        CloseCause.REBOOT,
        CloseCause.LOCKED_ON_RESUME,
    }
)
"""Ends after which the rest may be given: not after heat, a fault, motion, a hold, an end or an
adverse event."""


def first_train(last: ClosedSession) -> int:
    """Return the number of the first train that is left whole: a broken one stays broken."""
    return last.trains_begun + 1


def pulses_left(prescription: Prescription, last: ClosedSession) -> int:
    """Return the pulses of the trains that are left whole."""
    return prescription.plan.pulses_from(first_train(last))


def ends_ms(prescription: Prescription, last: ClosedSession) -> int | None:
    """Return the proven instant until which the rest may be made up; None when never."""
    within_s = prescription.make_up_within_s
    return None if within_s is None else last.closed_proven_ms + within_s * 1000


def make_up_reasons(case: Case, prescription: Prescription) -> Iterator[Reason]:
    """Yield why the rest of the last session may not be made up."""
    last = case.ledger.last_session
    if last is None or not _may_be_made_up(case, prescription, last):
        yield Reason(ReasonCode.NO_MAKE_UP)
        return
    if _is_late(case, prescription, last):
        yield Reason(ReasonCode.MAKE_UP_LATE)
    if last.stopped and last.red_flag is None:
        yield Reason(ReasonCode.SIDE_EFFECTS_UNANSWERED)


def _is_late(case: Case, prescription: Prescription, last: ClosedSession) -> bool:
    """The time to make up is a permission (R5): it ends by whichever of the two times says so
    first, and with a clock that was lost."""
    within_ms = (prescription.make_up_within_s or 0) * 1000
    times, closed_wall_ms = case.times, last.closed_wall_ms
    if times.proven_ms >= last.closed_proven_ms + within_ms:
        return True
    if times.wall_ms is None or closed_wall_ms is None:
        return True
    return times.wall_ms >= closed_wall_ms + within_ms


def _may_be_made_up(case: Case, prescription: Prescription, last: ClosedSession) -> bool:
    return (
        prescription.make_up_within_s is not None
        and last.kind is SessionKind.TREATMENT
        and not last.completed
        and last.charged_pulses > 0
        and last.cause in _BENIGN
        and not last.red_flag
        and last.prescription_hash == case.ledger.prescription_hash
        and last.trains_begun < last.planned_trains
    )
