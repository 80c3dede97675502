"""Session logs: sealed by the phone to the patient's vault key, opened by the dashboard alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.ledger.models import SessionLog
from cloud.vault.errors import VaultError
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.trust.sealing import open_sealed
from shared.wire.items import session_log_context

PREVIEW_BYTES = 400


def logs_of(session: Session, clinic_id: str, patient_id: bytes) -> tuple[SessionLog, ...]:
    """Return the patient's session logs as they came, newest first."""
    found = session.scalars(
        select(SessionLog)
        .where(SessionLog.clinic_id == clinic_id, SessionLog.patient_id == patient_id)
        .order_by(SessionLog.received_ms.desc())
    )
    return tuple(found)


def open_log(log: SessionLog, vault: SoftwareKey) -> bytes:
    """Return a log's plain bytes; raise TrustError with another key than the patient's."""
    return open_sealed(log.body, key=vault, context=session_log_context(log.patient_id))


@dataclass(frozen=True)
class OpenedLog:
    """What a page shows of a log: how much it is, and how it begins; or that it doesn't open."""

    opens: bool
    plain_bytes: int
    beginning: str


def preview(log: SessionLog, vault: SoftwareKey) -> OpenedLog:
    """Return the beginning of a log in readable characters."""
    try:
        plain = open_log(log, vault)
    except (TrustError, VaultError):
        return OpenedLog(opens=False, plain_bytes=0, beginning="")
    text = plain[:PREVIEW_BYTES].decode("utf-8", errors="replace")
    shown = "".join(letter if letter.isprintable() else "\u00b7" for letter in text)
    return OpenedLog(opens=True, plain_bytes=len(plain), beginning=shown)
