"""A next try whose time has passed: nobody called since, so the patient stands open again.

It's a reason of its own, for today (own choice), old since the time that was named, and ends with
the next call that is noted. It can be put off like others: a time that is past by then comes back.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from cloud.alerts.findings import TODAY
from cloud.language import _
from cloud.patients.triage import COURSE, ORDER, Why, aged
from cloud.times import Times
from cloud.triage.models import Contact


def due_calls(session: Session, clinic_id: str, *, now_ms: int) -> dict[bytes, int]:
    """Return whose next try has passed without a newer call, and when it was due."""
    newer = aliased(Contact)
    found = session.execute(
        select(Contact.patient_id, Contact.next_ms).where(
            Contact.clinic_id == clinic_id,
            Contact.next_ms <= now_ms,
            ~exists().where(
                newer.clinic_id == Contact.clinic_id,
                newer.patient_id == Contact.patient_id,
                _after(newer),
            ),
        )
    )
    return {patient_id: next_ms for patient_id, next_ms in found if next_ms is not None}


def with_due(
    found: Sequence[Why], due_ms: int | None, times: Times, *, now_ms: int
) -> tuple[Why, ...]:
    """Return a patient's reasons with the try that is due, if one is; none is due by None."""
    if due_ms is None:
        return tuple(found)
    words = _("The next try was due {when}.").format(when=times.said(due_ms, now_ms))
    due = Why(TODAY, _("Call again"), aged(due_ms, now_ms, words), since_ms=due_ms)
    standing = [due, *(each for each in found if each.urgency != COURSE)]
    return tuple(sorted(standing, key=lambda each: (ORDER.index(each.urgency), each.since_ms or 0)))


def _after(newer: type[Contact]) -> ColumnElement[bool]:
    return or_(
        newer.called_ms > Contact.called_ms,
        and_(newer.called_ms == Contact.called_ms, newer.contact_id > Contact.contact_id),
    )
