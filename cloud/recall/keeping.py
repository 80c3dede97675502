"""Keeping a recall: that it goes on, which bands it found, whose they were, and who was told."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.audit.console import note
from cloud.clinics.service import locked_clinic
from cloud.errors import NotFound
from cloud.recall.acting import COMMAND
from cloud.recall.criteria import Criteria
from cloud.recall.finding import Found
from cloud.recall.models import Recall, RecalledBand

ID_BYTES = 16


def recall_of(session: Session, clinic_id: str, criteria: Criteria) -> Recall | None:
    """Return the recall of these criteria that goes on; None where there is none."""
    first, last = _ends(criteria)
    going_on = session.scalars(
        select(Recall).where(Recall.clinic_id == clinic_id, Recall.ended_ms.is_(None))
    )
    meant = (first, last, criteria.firmware)
    same = (each for each in going_on if meant == _meant_by(each))
    return next(same, None)


def begin(session: Session, clinic_id: str, criteria: Criteria, *, now_ms: int) -> Recall:
    """Return the recall of these criteria that goes on, a new one where there is none."""
    locked_clinic(session, clinic_id)
    found = recall_of(session, clinic_id, criteria)
    if found is not None:
        return found
    first, last = _ends(criteria)
    recall = Recall(
        clinic_id=clinic_id,
        recall_id=secrets.token_bytes(ID_BYTES),
        first_serial=first,
        last_serial=last,
        firmware=criteria.firmware,
        begun_ms=now_ms,
        ended_ms=None,
    )
    session.add(recall)
    session.flush()
    return recall


def end(session: Session, clinic_id: str, criteria: Criteria, *, now_ms: int) -> None:
    """Note that a recall is over: it leaves the page. Raise NotFound where none goes on."""
    recall = recall_of(session, clinic_id, criteria)
    if recall is None:
        raise NotFound("No recall of these bands goes on.")
    recall.ended_ms = now_ms
    subject = f"recall/{recall.recall_id.hex()}"
    note(session, clinic_id, COMMAND, "ended a recall", subject, now_ms=now_ms)


def bands_of(session: Session, recall: Recall) -> Sequence[RecalledBand]:
    """Return the bands that a recall has found so far."""
    return session.scalars(
        select(RecalledBand).where(
            RecalledBand.clinic_id == recall.clinic_id, RecalledBand.recall_id == recall.recall_id
        )
    ).all()


def keep(session: Session, recall: Recall, found: Sequence[Found], *, now_ms: int) -> None:
    """Note the bands that are found now; one that came to another patient is theirs from now on."""
    known = {each.device_id: each for each in bands_of(session, recall)}
    for each in found:
        device, row = each.device, known.get(each.device.device_id)
        if row is None:
            row = RecalledBand(
                clinic_id=recall.clinic_id,
                recall_id=recall.recall_id,
                device_id=device.device_id,
                patient_id=device.patient_id,
                found_ms=now_ms,
                told_ms=None,
            )
            session.add(row)
        elif device.patient_id not in (None, row.patient_id):
            row.patient_id, row.told_ms = device.patient_id, None


def keep_told(session: Session, recall: Recall, told: Collection[bytes], *, now_ms: int) -> None:
    """Note that these patients were told."""
    for row in bands_of(session, recall):
        if row.patient_id in told:
            row.told_ms = now_ms


def _ends(criteria: Criteria) -> tuple[str | None, str | None]:
    serials = criteria.serials
    return (None, None) if serials is None else (serials.first, serials.last)


def _meant_by(recall: Recall) -> tuple[str | None, str | None, str | None]:
    return recall.first_serial, recall.last_serial, recall.firmware
