"""Removes what has ended and opens nothing any more: sign-ins, answered challenges, codes.

Each stays for some days, so that whoever comes with it late is told what became of it. What is
removed is in the audit log, where it was a line when it was made or used.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from cloud.db import Base
from cloud.people.models import Invitation, SignIn, StepUp, UsedChallenge
from cloud.phones.models import EnrolmentCode

DAY_MS = 86_400_000
AT_ONCE = 500
"""Rows of a kind in one transaction; what is left is for the next."""


def forget(session: Session, clinic_id: str, *, kept_days: int, now_ms: int) -> int:
    """Remove what ended more than so many days ago; return how much it was."""
    return sum(_remove(session, each) for each in _ended(clinic_id, now_ms - kept_days * DAY_MS))


def anything(
    clinic_id: str | ColumnElement[str], *, kept_days: int, now_ms: int | ColumnElement[int]
) -> ColumnElement[bool]:
    """Whether there is anything that `forget` removes."""
    return or_(*(each.exists() for each in _ended(clinic_id, now_ms - kept_days * DAY_MS)))


def _ended(
    clinic_id: str | ColumnElement[str], before_ms: int | ColumnElement[int]
) -> Iterator[Select[Base]]:
    for table, ended in (
        (StepUp, StepUp.until_ms < before_ms),
        (SignIn, SignIn.ends_ms < before_ms),
        (UsedChallenge, UsedChallenge.used_ms < before_ms),
        (Invitation, or_(Invitation.expires_ms < before_ms, Invitation.used_ms < before_ms)),
        (
            EnrolmentCode,
            or_(EnrolmentCode.expires_ms < before_ms, EnrolmentCode.used_ms < before_ms),
        ),
    ):
        yield select(table).where(table.clinic_id == clinic_id, ended)


def _remove(session: Session, ended: Select[Base]) -> int:
    found = session.scalars(ended.limit(AT_ONCE)).all()
    for each in found:
        session.delete(each)
    session.flush()
    return len(found)
