"""The worker's look at releases: one whose bands do worse than the limit allows is halted."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from cloud.audit.service import record
from cloud.clinics.service import locked_clinic
from cloud.releases.models import Release
from cloud.releases.rates import rates_of
from cloud.releases.steps import halt

WORKER = "worker"
"""The actor in the audit log."""


def all_offered(clinic_id: str | ColumnElement[str]) -> Select[Release]:
    """Select the clinic's releases that are being offered."""
    return select(Release).where(
        Release.clinic_id == clinic_id,
        Release.halted_ms.is_(None),
        Release.withdrawn_ms.is_(None),
    )


def look(session: Session, clinic_id: str, *, now_ms: int) -> int:
    """Halt what has to be halted; return how many."""
    offered = all_offered(clinic_id)
    if session.scalar(offered.limit(1)) is None:
        return 0
    locked_clinic(session, clinic_id)
    halted = 0
    for release in session.scalars(offered).all():
        rates = rates_of(session, release)
        if not rates.passes(release.limit_percent):
            continue
        halt(session, release, rates, now_ms=now_ms)
        record(
            session,
            clinic_id,
            actor=WORKER,
            action="halted a release",
            subject=f"release/{release.version}",
            now_ms=now_ms,
        )
        halted += 1
    return halted
