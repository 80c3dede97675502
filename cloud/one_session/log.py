"""The session's log, sealed by the phone to the patient's vault key: opened for this page alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cloud.errors import SetupError
from cloud.ledger.models import SessionLog
from cloud.ledger.session_logs import open_log
from cloud.vault.errors import VaultError
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import session_log_id
from shared.wire.session_log import VERSION, SessionLogBody
from shared.wire.status import Telemetry


@dataclass(frozen=True)
class Sample:
    """What the band measured at a time of the phone's clock."""

    wall_ms: int
    measured: Telemetry


@dataclass(frozen=True)
class Happened:
    """What the phone noted: a state of the band, a touch, the link."""

    wall_ms: int
    name: str


@dataclass(frozen=True)
class Log:
    """A log that opened."""

    samples: tuple[Sample, ...]
    events: tuple[Happened, ...]


def log_of(
    session: Session, clinic_id: str, patient_id: bytes, session_id: bytes
) -> SessionLog | None:
    """Return the sealed log of a session, if the phone sent one."""
    return session.get(SessionLog, (clinic_id, patient_id, session_log_id(session_id)))


def opened(log: SessionLog, vault: SoftwareKey, session_id: bytes) -> Log | None:
    """Return what a log says; None where it can't be read: another key, damaged, of another
    session, or of a later version."""
    try:
        body = fields.unpack(SessionLogBody, open_log(log, vault))
    except (TrustError, VaultError, WireError, SetupError):
        return None
    if body.session_id != session_id or body.version != VERSION:
        return None
    lines = sorted(body.lines, key=lambda each: each.wall_ms)
    return Log(
        samples=tuple(
            Sample(each.wall_ms, each.sample) for each in lines if each.sample is not None
        ),
        events=tuple(Happened(each.wall_ms, each.event) for each in lines if each.event),
    )
