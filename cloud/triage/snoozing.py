"""Putting a patient's reasons off: for a reason, until a time, and never what can't wait.

What is put off stands under its own word on the list and comes back by itself: when its time is
over, when something new comes, or when something is pressing. No alert is changed by it: ladder,
messages and thresholds go on as if nobody had put anything off.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW
from cloud.errors import NotFound, Refused
from cloud.patients.triage import COURSE, Why
from cloud.triage.models import Snooze

LONGEST_MS = 3 * 86_400_000
"""From Friday's afternoon to Monday's: a weekend, and as long as a phone may be silent before that
is told by default (`cloud.alerts.thresholds`), so that nothing sleeps longer than the clinic itself
lets a silence pass (own choice)."""
REASON_MAX = 200


def put_off(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    reasons: Sequence[Why],
    reason: str,
    *,
    by: bytes,
    until_ms: int,
    now_ms: int,
) -> Snooze:
    """Put what stands of a patient off; one that runs is replaced.

    Raise Refused without a reason, beyond LONGEST_MS, where nothing is to be put off, or where
    something can't wait.
    """
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= REASON_MAX:
        raise Refused("A reason has 1 to {most} characters.", code="reason", most=REASON_MAX)
    if not now_ms < until_ms <= now_ms + LONGEST_MS:
        raise Refused(
            "A patient is put off until a time ahead, for {days} days at most.",
            code="until",
            days=LONGEST_MS // 86_400_000,
        )
    if not any(each.urgency != COURSE for each in reasons):
        raise Refused("Nothing is open of this patient that could be put off.", code="nothing")
    if any(not each.can_wait for each in reasons):
        raise Refused(
            "What is urgent now, a red flag and thoughts of self-harm are never put off.",
            code="cannot-wait",
        )
    _end(session, clinic_id, patient_id, now_ms=now_ms)
    snooze = Snooze(
        clinic_id=clinic_id,
        snooze_id=secrets.token_bytes(16),
        patient_id=patient_id,
        put_off_by=by,
        put_off_ms=now_ms,
        until_ms=until_ms,
        ended_ms=None,
        reason=reason,
    )
    session.add(snooze)
    session.flush()
    return snooze


def take_back(session: Session, clinic_id: str, patient_id: bytes, *, now_ms: int) -> None:
    """Let a patient who was put off stand on the list again; raise NotFound for one who wasn't."""
    if not _end(session, clinic_id, patient_id, now_ms=now_ms):
        raise NotFound("Nothing of this patient is put off.")


def running(session: Session, clinic_id: str, *, now_ms: int) -> dict[bytes, Snooze]:
    """Return what is put off at this time, by patient, whatever came since."""
    found = session.scalars(
        select(Snooze).where(
            Snooze.clinic_id == clinic_id, Snooze.until_ms > now_ms, Snooze.ended_ms.is_(None)
        )
    )
    return {each.patient_id: each for each in found}


def sleeps(snooze: Snooze | None, urgency: str, newest_ms: int) -> bool:
    """Return whether a patient stands put off, by the gravest urgency and the newest reason."""
    if snooze is None or urgency in (NOW, COURSE):
        return False
    return newest_ms <= snooze.put_off_ms


def _end(session: Session, clinic_id: str, patient_id: bytes, *, now_ms: int) -> int:
    ended = session.execute(
        update(Snooze)
        .where(Snooze.clinic_id == clinic_id, Snooze.patient_id == patient_id)
        .where(Snooze.ended_ms.is_(None), Snooze.until_ms > now_ms)
        .values(ended_ms=now_ms)
        .returning(Snooze.snooze_id)
    )
    return len(ended.all())
