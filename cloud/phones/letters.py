"""A patient's letters: the one-time codes that were made, how each stands, and voiding one.

What a code says is stored nowhere, so no letter can be printed again: another one is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.errors import NotFound, Refused
from cloud.phones.enrolment import CODE_MS, WRONG_TRIES_MAX
from cloud.phones.models import EnrolmentCode


class CodeState(StrEnum):
    """How a code stands."""

    OPEN = "open"
    USED = "used"
    LOCKED = "locked"
    ENDED = "ended"


@dataclass(frozen=True)
class Letter:
    """A code by its first group, and until when it's good, or when it was used or ended."""

    code_id: str
    state: CodeState
    at_ms: int


def letters_of(
    session: Session, clinic_id: str, patient_id: bytes, *, now_ms: int
) -> tuple[Letter, ...]:
    """Return the patient's letters, those that are good first, then the newest."""
    found = session.scalars(
        select(EnrolmentCode)
        .where(EnrolmentCode.clinic_id == clinic_id, EnrolmentCode.patient_id == patient_id)
        .order_by(EnrolmentCode.expires_ms.desc(), EnrolmentCode.code_id)
    )
    letters = [_letter(each, now_ms) for each in found]
    return tuple(sorted(letters, key=lambda each: each.state is not CodeState.OPEN))


def void(
    session: Session, clinic_id: str, patient_id: bytes, code_id: str, *, now_ms: int
) -> EnrolmentCode:
    """Let a code open nothing any more; raise Refused for one that is used, NotFound for none."""
    found = session.get(EnrolmentCode, (clinic_id, code_id), with_for_update=True)
    if found is None or found.patient_id != patient_id:
        raise NotFound("There is no such letter.")
    if found.used_ms is not None:
        raise Refused("This code was used already: take its phone out of use.", code="used")
    found.expires_ms = min(found.expires_ms, now_ms - 1)
    return found


def _letter(code: EnrolmentCode, now_ms: int) -> Letter:
    if code.used_ms is not None:
        return Letter(code.code_id, CodeState.USED, code.used_ms)
    if code.wrong_tries >= WRONG_TRIES_MAX:
        return Letter(code.code_id, CodeState.LOCKED, code.expires_ms - CODE_MS)
    state = CodeState.OPEN if now_ms <= code.expires_ms else CodeState.ENDED
    return Letter(code.code_id, state, code.expires_ms)
