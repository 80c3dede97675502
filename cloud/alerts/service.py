"""Raising alerts, once for each cause, and listing the open ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.models import Alert

URGENCIES = ("now", "today")


class OfPatient(Protocol):
    """Anything that belongs to one patient of one clinic."""

    @property
    def clinic_id(self) -> str: ...

    @property
    def patient_id(self) -> bytes: ...


@dataclass(frozen=True)
class Cause:
    """What is wrong: a key that makes it one alert, its urgency, and a title in words."""

    key: str
    urgency: str
    title: str


def raise_alert(
    session: Session, about: OfPatient, cause: Cause, detail: str, *, now_ms: int
) -> None:
    """Raise an alert, unless this cause has raised one before."""
    if session.get(Alert, (about.clinic_id, about.patient_id, cause.key)) is not None:
        return
    session.add(
        Alert(
            clinic_id=about.clinic_id,
            patient_id=about.patient_id,
            cause=cause.key,
            urgency=cause.urgency,
            title=cause.title,
            detail=detail,
            raised_ms=now_ms,
            closed_ms=None,
        )
    )
    session.flush()


def open_alerts(session: Session, clinic_id: str) -> tuple[Alert, ...]:
    """Return the clinic's open alerts: the most urgent first, then the oldest."""
    found = session.scalars(
        select(Alert)
        .where(Alert.clinic_id == clinic_id, Alert.closed_ms.is_(None))
        .order_by(Alert.raised_ms)
    )
    return tuple(sorted(found, key=lambda alert: URGENCIES.index(alert.urgency)))


def acknowledge(
    session: Session, clinic_id: str, patient_id: bytes, cause: str, *, now_ms: int
) -> None:
    """Close an alert that a person has seen; one that is not there changes nothing."""
    found = session.get(Alert, (clinic_id, patient_id, cause))
    if found is not None and found.closed_ms is None:
        found.closed_ms = now_ms
