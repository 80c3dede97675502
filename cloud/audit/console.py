"""What the operator does by `circlet-cloud`, written down as a person's acts are."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from cloud.audit.service import record

CONSOLE = "console"
"""Who acts at the machine's own prompt: the log can't tell which person that was."""


def note(
    session: Session,
    clinic_id: str,
    command: str,
    action: str,
    subject: str,
    *,
    now_ms: int,
    patients: Iterable[bytes] = (),
) -> None:
    """Write down that ``circlet-cloud COMMAND`` did this."""
    record(
        session,
        clinic_id,
        actor=CONSOLE,
        action=action,
        subject=subject,
        now_ms=now_ms,
        route=f"circlet-cloud {command}",
        patients=patients,
    )
