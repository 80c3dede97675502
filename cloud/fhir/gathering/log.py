"""The audit log's lines about a patient."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.audit.models import AuditedPatient, AuditEvent
from cloud.fhir.gathering.asked import Asked, Mark, Page, page
from cloud.fhir.resources.look import LookRecord
from cloud.times import LATEST_MS


def looks(session: Session, asked: Asked) -> Page[LookRecord]:
    """Return the lines in their order."""
    wanted = (
        select(AuditEvent)
        .join(
            AuditedPatient,
            (AuditedPatient.clinic_id == AuditEvent.clinic_id)
            & (AuditedPatient.number == AuditEvent.number),
        )
        .where(
            AuditedPatient.clinic_id == asked.clinic_id,
            AuditedPatient.patient_id == asked.patient_id,
            AuditEvent.clinic_id == asked.clinic_id,
            *asked.within(AuditEvent.at_ms),
        )
    )
    if asked.after is not None:
        wanted = wanted.where(AuditedPatient.number > asked.after[0])
    found = session.scalars(wanted.order_by(AuditedPatient.number).limit(asked.limit))
    marked: list[tuple[Mark, AuditEvent]] = [((each.number,), each) for each in found]
    return page(marked, asked, _look)


def _look(event: AuditEvent) -> LookRecord:
    return LookRecord(
        number=event.number,
        at_ms=min(event.at_ms, LATEST_MS),
        actor=event.actor,
        action=event.action,
        subject=event.subject,
        route=event.route or "",
        hash=event.hash,
    )
