"""What administrators do with accounts that every other administrator is to see: alerts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cloud.alerts.findings import TODAY, Cause
from cloud.alerts.service import About, raise_alert
from cloud.people.models import Member


def recovery_asked(session: Session, member: Member, *, now_ms: int) -> None:
    """Say that somebody asks for the recovery of a member's account."""
    _say(session, member, "recovery", f"A recovery of {member.name} was asked for", now_ms=now_ms)


def administrator_invited(session: Session, member: Member, *, now_ms: int) -> None:
    """Say that a member was invited as administrator."""
    title = f"{member.name} was invited as administrator"
    _say(session, member, "administrator", title, now_ms=now_ms)


def _say(session: Session, member: Member, what: str, title: str, *, now_ms: int) -> None:
    cause = Cause(f"{what}/{member.staff_id.hex()}/{now_ms}", TODAY, title)
    detail = "The audit log says by whom. If nobody expected it, sign them out on the staff page."
    raise_alert(session, About(member.clinic_id), cause, detail, now_ms=now_ms)
