"""What is known of the course: from the ledger copy, the plan and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mobile.engine.former_ledgers import every_session
from mobile.presenters.course_facts import (
    CourseFacts,
    MakeUp,
    Sitting,
    outlook_of,
    sittings_of,
)
from shared.dose import make_up
from shared.dose.ledger_state import ClosedSession
from shared.dose.lock import Case, Question, Times
from shared.dose.prescription import Prescription, PrescriptionKind
from shared.dose.reasons import ReasonCode

if TYPE_CHECKING:
    from mobile.engine.context import Context

_ANSWERED_LATER = frozenset({ReasonCode.SIDE_EFFECTS_UNANSWERED})
"""What stands before a make-up and is the person's own to settle."""


def course_facts(context: Context) -> CourseFacts:
    """Return everything that the course's pages show."""
    now, plan = context.now, context.plan
    prescription = None if plan is None else plan.prescription
    sittings = _sittings(context, prescription)
    # An end of the treatment leaves what was given, and nothing to come.
    open_plan = prescription is not None and prescription.kind is not PrescriptionKind.END
    return CourseFacts(
        now=now,
        prescription=prescription,
        sittings=sittings,
        outlook=outlook_of(now, prescription, sittings) if prescription and open_plan else None,
        make_up=_make_up(context, prescription) if prescription and open_plan else None,
        answers=context.answers.all,
    )


def _sittings(context: Context, prescription: Prescription | None) -> tuple[Sitting, ...]:
    """Also those of an older band: a course may go on with another."""
    known = (each.session for each in every_session(context))
    return sittings_of(one for one in known if _is_of(context, one, prescription))


def _is_of(context: Context, session: ClosedSession, prescription: Prescription | None) -> bool:
    """A session under a plan that this phone doesn't hold is shown rather than left out."""
    found = context.plans.find(session.prescription_hash)
    if found is None or prescription is None:
        return True
    return found.prescription.course_id == prescription.course_id


def _make_up(context: Context, prescription: Prescription) -> MakeUp | None:
    ledger, enrolment = context.ledger, context.enrolment
    if ledger is None or enrolment is None or ledger.state.last_session is None:
        return None
    last, instants = ledger.state.last_session, context.instants
    case = Case(
        prescription=prescription,
        device_id=enrolment.device_id,
        ledger=ledger.state,
        times=Times(instants.proven_ms(), instants.wall_ms()),
        condition=None,
        question=Question.MAKE_UP,
    )
    against = {reason.code for reason in make_up.make_up_reasons(case, prescription)}
    if against - _ANSWERED_LATER:
        return None
    ends_ms = make_up.ends_ms(prescription, last)
    return MakeUp(
        make_up.pulses_left(prescription, last),
        None if ends_ms is None else instants.wall_of(ends_ms),
    )
