"""Tells the clinic that its audit log was changed: an alert that a person has to see."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.service import About, raise_alert

_DETAIL = (
    "No head is signed any more. Keep the last file that was taken out, take one out now, and let "
    "circlet-verify audit compare them (docs/audit.md)."
)


def tell_broken(session: Session, clinic_id: str, number: int | None, *, now_ms: int) -> None:
    """Say at which event the chain breaks; None: the head that was signed last doesn't hold."""
    where = "at its last signed head" if number is None else f"at event {number}"
    cause = Cause("audit-log", NOW, f"The audit log was changed {where}", 1)
    raise_alert(session, About(clinic_id), cause, _DETAIL, now_ms=now_ms)
