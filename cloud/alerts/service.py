"""Keeping alerts: raising them along their life, listing them, acknowledging."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from cloud.alerts.findings import URGENCIES, Cause, Finding
from cloud.alerts.life import Known, Step, step
from cloud.alerts.models import TOLD, Alert
from cloud.errors import NotFound
from cloud.vault.fields import vault_in
from cloud.vault.owners import Owner, Purpose

__all__ = [
    "About",
    "Cause",
    "acknowledge",
    "end_alert",
    "open_alerts",
    "raise_alert",
    "raise_all",
    "weekly_lines",
]

ID_BYTES = 16
WEEK_MS = 7 * 86_400_000


class OfPatient(Protocol):
    """Anything that belongs to one patient of one clinic, or, with None, to the clinic itself."""

    @property
    def clinic_id(self) -> str: ...

    @property
    def patient_id(self) -> bytes | None: ...


@dataclass(frozen=True)
class About:
    """Whom an alert is about."""

    clinic_id: str
    patient_id: bytes | None = None


def raise_alert(
    session: Session,
    about: OfPatient,
    cause: Cause,
    detail: str,
    *,
    now_ms: int,
    ends_by_itself: bool = False,
    told: str | None = None,
) -> None:
    """Take a cause's value in: a new alert, the same one, a line of the week, or its end.

    ``told`` is the cause in words where its key is a keyed hash.
    """
    last = newest_of(session, about, cause.key)
    known = None if last is None else Known(last.value, last.closed_ms is None)
    taken = step(known, cause.value, ends_by_itself=ends_by_itself)
    if taken is Step.NEW:
        _add(session, about, cause, detail, last, told=told, now_ms=now_ms)
    elif last is not None and cause.value is not None:
        last.value, last.stands = cause.value, _stands(cause)
        if taken is Step.WEEKLY:
            last.repeated_ms = now_ms
        elif taken is Step.ENDS:
            last.closed_ms = now_ms
    session.flush()


def raise_all(
    session: Session, about: OfPatient, findings: Sequence[Finding], *, now_ms: int
) -> None:
    """Take in what was found in something that a patient told.

    These causes are known by a keyed hash, and their words are sealed; raise VaultError where the
    patient has no key.
    """
    for finding in findings:
        key = told_key(session, about, finding.cause.key)
        cause = replace(finding.cause, key=key)
        raise_alert(session, about, cause, finding.reason, now_ms=now_ms, told=finding.cause.key)


def told_key(session: Session, about: OfPatient, key: str) -> str:
    """Return the cause's name as it is stored of something that a patient told."""
    if about.patient_id is None:
        raise ValueError("patient_id: only a patient tells something")
    owner = Owner(about.clinic_id, about.patient_id, Purpose.DATA)
    return TOLD + vault_in(session).token(owner, key)


def newest_of(session: Session, about: OfPatient, key: str) -> Alert | None:
    """Return the newest alert of a cause."""
    return session.scalar(
        select(Alert)
        .where(
            Alert.clinic_id == about.clinic_id,
            Alert.patient_id.is_(None)
            if about.patient_id is None
            else Alert.patient_id == about.patient_id,
            Alert.cause == key,
        )
        .order_by(Alert.number.desc())
        .limit(1)
    )


def all_open(clinic_id: str | ColumnElement[str]) -> Select[Alert]:
    """Select the clinic's open alerts."""
    return select(Alert).where(Alert.clinic_id == clinic_id, Alert.closed_ms.is_(None))


def open_alerts(
    session: Session, clinic_id: str, about: Collection[bytes] | None = None
) -> tuple[Alert, ...]:
    """Return the clinic's open alerts, or those ``about`` some patients: the most urgent first,
    then the oldest."""
    asked = all_open(clinic_id)
    if about is not None:
        asked = asked.where(Alert.patient_id.in_(about))
    found = session.scalars(asked.order_by(Alert.raised_ms, Alert.alert_id))
    return tuple(sorted(found, key=lambda alert: URGENCIES.index(alert.urgency)))


def weekly_lines(session: Session, clinic_id: str, *, now_ms: int) -> tuple[Alert, ...]:
    """Return what was acknowledged and was seen unchanged within the last week."""
    found = session.scalars(
        select(Alert)
        .where(
            Alert.clinic_id == clinic_id,
            Alert.closed_ms.is_not(None),
            Alert.repeated_ms > now_ms - WEEK_MS,
            Alert.stands,
        )
        .order_by(Alert.raised_ms, Alert.alert_id)
    )
    return tuple(found)


def acknowledge(
    session: Session, about: OfPatient, alert_id: bytes, *, by: bytes, now_ms: int
) -> Alert:
    """Close an alert that a person has seen to and return it; a closed one stays as it was.

    Raise NotFound for an alert that isn't about this patient, or this clinic.
    """
    found = session.get(Alert, (about.clinic_id, alert_id))
    if found is None or found.patient_id != about.patient_id:
        raise NotFound("There is no such alert.")
    if found.closed_ms is None:
        found.closed_ms, found.closed_by = now_ms, by
    return found


def end_alert(session: Session, about: OfPatient, key: str, *, now_ms: int) -> None:
    """Close the open alert of a cause that is over, as what it was about says itself."""
    found = newest_of(session, about, key)
    if found is not None and found.closed_ms is None:
        found.closed_ms = now_ms


def _add(
    session: Session,
    about: OfPatient,
    cause: Cause,
    detail: str,
    last: Alert | None,
    *,
    told: str | None,
    now_ms: int,
) -> None:
    urgency, number = cause.urgency, 1
    if last is not None:
        number, last.repeated_ms = last.number + 1, None
        if last.closed_ms is None:
            last.closed_ms = now_ms
            urgency = min(urgency, last.urgency, key=URGENCIES.index)
            detail = f"{detail} Not acknowledged before: {last.title}."
    session.add(
        Alert(
            clinic_id=about.clinic_id,
            alert_id=_id_of(about, cause.key, number),
            patient_id=about.patient_id,
            cause=cause.key,
            number=number,
            value=cause.value,
            stands=_stands(cause),
            told=told,
            urgency=urgency,
            title=cause.title,
            detail=detail,
            raised_ms=now_ms,
            closed_ms=None,
            closed_by=None,
            repeated_ms=None,
            step=None,
            handed_to=None,
            handed_ms=None,
        )
    )


def _stands(cause: Cause) -> bool:
    return cause.value is not None and cause.value > 0


def _id_of(about: OfPatient, key: str, number: int) -> bytes:
    """The same alert has the same id, whoever raises it: two that race make one row."""
    patient = (about.patient_id or b"").hex()
    named = f"{about.clinic_id}/{patient}/{key}/{number}"
    return hashlib.sha256(named.encode()).digest()[:ID_BYTES]
