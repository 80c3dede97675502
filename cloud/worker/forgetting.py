"""Removes what has ended and opens nothing any more: sign-ins, answered challenges, codes.

Each stays for some days, so that whoever comes with it late is told what became of it. What is
removed is in the audit log, where it was a line when it was made or used.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from cloud.db import Base
from cloud.people.models import Invitation, SignIn, StepUp, UsedChallenge
from cloud.phones.models import EnrolmentCode

DAY_MS = 86_400_000
AT_ONCE = 500
"""Rows of a kind in one transaction; what is left is for the next."""


def forget(session: Session, clinic_id: str, *, kept_days: int, now_ms: int) -> int:
    """Remove what ended more than so many days ago; return how much it was."""
    before_ms = now_ms - kept_days * DAY_MS
    return sum(
        _remove(session, table, table.clinic_id == clinic_id, ended)
        for table, ended in (
            (StepUp, StepUp.until_ms < before_ms),
            (SignIn, SignIn.ends_ms < before_ms),
            (UsedChallenge, UsedChallenge.used_ms < before_ms),
            (Invitation, or_(Invitation.expires_ms < before_ms, Invitation.used_ms < before_ms)),
            (
                EnrolmentCode,
                or_(EnrolmentCode.expires_ms < before_ms, EnrolmentCode.used_ms < before_ms),
            ),
        )
    )


def _remove(session: Session, table: type[Base], *which: ColumnElement[bool]) -> int:
    found = session.scalars(select(table).where(*which).limit(AT_ONCE)).all()
    for each in found:
        session.delete(each)
    session.flush()
    return len(found)
