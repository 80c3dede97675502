"""Step-up: for the acts that matter most a passkey answers once more, for this very act.

The answer is bound to the sign-in, the act, the address and every field of the form, holds for two
minutes, and is used up by the form that it was given for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cloud.errors import NotAllowed
from cloud.language import Phrase
from cloud.people.authority import TABLE, Act
from cloud.people.models import StepUp
from cloud.people.service import sign_in_of
from shared.wire import canonical

STEP_UP_MS = 2 * 60_000
TOKEN_FIELD = "form_token"
Fields = Iterable[tuple[str, str]]


def subject_of(act: Act, path: str, fields: Fields) -> bytes:
    """Return what an answer is bound to: the act, the address, and the form without its token."""
    said = sorted((name, value) for name, value in fields if name != TOKEN_FIELD)
    line = [act.value, path, [[name, value] for name, value in said]]
    return hashlib.sha256(canonical.encode(line)).digest()


def grant(session: Session, cookie: str | None, subject: bytes, *, now_ms: int) -> None:
    """Note that the passkey has answered for this subject."""
    found = sign_in_of(session, cookie)
    if found is None:
        raise NotAllowed("Please sign in.", code="step_up")
    session.merge(
        StepUp(
            clinic_id=found.clinic_id,
            token_hash=found.token_hash,
            subject=subject,
            until_ms=now_ms + STEP_UP_MS,
        )
    )
    session.flush()


def use(session: Session, cookie: str | None, act: Act, subject: bytes, *, now_ms: int) -> None:
    """Use an answer up; raise NotAllowed where there is none for this very act."""
    signed_in = sign_in_of(session, cookie)
    if signed_in is not None:
        until_ms = session.scalar(
            delete(StepUp)
            .where(StepUp.clinic_id == signed_in.clinic_id)
            .where(StepUp.token_hash == signed_in.token_hash, StepUp.subject == subject)
            .returning(StepUp.until_ms)
        )
        if until_ms is not None and now_ms <= until_ms:
            return
    raise NotAllowed(
        "To {act} your passkey is asked once more.",
        code="step_up",
        act=Phrase(TABLE[act].words),
    )


def forget_old(session: Session, clinic_id: str, *, now_ms: int) -> None:
    """Delete answers that nobody used in time."""
    session.execute(delete(StepUp).where(StepUp.clinic_id == clinic_id, StepUp.until_ms < now_ms))
