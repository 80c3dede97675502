"""What a report rests on: each band's record, up to where, its verification number, what is wrong.

The record ends, for a report, before the next session that the period doesn't hold; where there is
none, with the newest verified record. So a past period keeps its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.ledger.known import Past
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.patients.models import Device
from cloud.reports.sessions import ReportSession
from shared.dose.verification import verification_number


@dataclass(frozen=True)
class RecordLine:
    """One device's record of an epoch: records 1 to ``last`` are verified and in the report.

    ``newest`` is the newest number that is known of: beyond ``verified`` nothing is proven.
    """

    serial: str
    epoch: bytes
    last: int
    number: str
    verified: int
    newest: int

    @property
    def unverified(self) -> int:
        """How many records are known of and not verified yet."""
        return self.newest - self.verified


def record_lines(
    session: Session, clinic_id: str, patient_id: bytes, sessions: Iterable[ReportSession]
) -> tuple[RecordLine, ...]:
    """Return the records that these sessions are of, and the patient's own without a session."""
    last_opened: dict[tuple[bytes, bytes], int] = {}
    for each in sessions:
        name = (each.row.device_id, each.row.epoch)
        last_opened[name] = max(each.row.opened_number, last_opened.get(name, 0))
    chains = session.scalars(
        select(LedgerChain)
        .where(LedgerChain.clinic_id == clinic_id)
        .order_by(LedgerChain.device_id, LedgerChain.epoch)
    )
    return tuple(
        _line(session, chain, last_opened.get((chain.device_id, chain.epoch), 0))
        for chain in chains
        if chain.patient_id == patient_id or (chain.device_id, chain.epoch) in last_opened
    )


def serials(session: Session, clinic_id: str, device_ids: Sequence[bytes]) -> dict[bytes, str]:
    """Return devices' serial numbers by id."""
    found = session.scalars(
        select(Device).where(Device.clinic_id == clinic_id, Device.device_id.in_(device_ids))
    )
    return {each.device_id: each.serial for each in found}


def _line(session: Session, chain: LedgerChain, last_opened: int) -> RecordLine:
    last = _end(session, chain, last_opened) if last_opened else 0
    number = ""
    if last:
        hash_ = Past(session, chain, [last]).hash(last)
        number = verification_number(chain.device_id, chain.epoch, last, hash_)
    return RecordLine(
        serial=serials(session, chain.clinic_id, [chain.device_id])[chain.device_id],
        epoch=chain.epoch,
        last=last,
        number=number,
        verified=chain.verified_to,
        newest=max(chain.verified_to, chain.received_to, chain.head_number),
    )


def _end(session: Session, chain: LedgerChain, last_opened: int) -> int:
    following = session.scalar(
        select(func.min(DeliveredSession.opened_number)).where(
            DeliveredSession.clinic_id == chain.clinic_id,
            DeliveredSession.device_id == chain.device_id,
            DeliveredSession.epoch == chain.epoch,
            DeliveredSession.opened_number > last_opened,
        )
    )
    return chain.verified_to if following is None else following - 1
