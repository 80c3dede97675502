"""Writes sessions and doses anew from the verified records: the same as came about bit by bit.

For after a change of the pages' time zone, and to prove that nothing but records is in them. It
raises no alert and touches no hold.
"""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cloud.dose.closures import Closures
from cloud.dose.days import sum_up
from cloud.dose.deliveries import Deliveries
from cloud.dose.models import Closure, DoseDay
from cloud.ledger.folds import verified_records
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.times import Times
from shared.dose import ledger
from shared.dose.ledger import LedgerError
from shared.wire.errors import WireError
from shared.wire.records import decode_record


def rebuild(session: Session, clinic_id: str, times: Times) -> int:
    """Write the clinic's sessions and doses anew; return how many sessions there are."""
    for table in (Closure, DoseDay, DeliveredSession):
        session.execute(delete(table).where(table.clinic_id == clinic_id))
    session.expire_all()
    chains = session.scalars(
        select(LedgerChain).where(LedgerChain.clinic_id == clinic_id).with_for_update()
    ).all()
    touched: set[tuple[bytes, bytes, int]] = set()
    for chain in chains:
        touched |= _follow(session, chain, times)
    sum_up(session, clinic_id, touched)
    return len(
        session.scalars(
            select(DeliveredSession.opened_number).where(DeliveredSession.clinic_id == clinic_id)
        ).all()
    )


def _follow(session: Session, chain: LedgerChain, times: Times) -> set[tuple[bytes, bytes, int]]:
    deliveries = Deliveries(session, chain, times)
    closures = Closures(session, chain, times)
    state = ledger.genesis(chain.device_id, chain.epoch)
    for data in verified_records(session, chain):
        try:
            record = decode_record(data)
            before, state = state, ledger.follow(state, record, data)
        except (LedgerError, WireError):
            break
        deliveries.note(state, record)
        closures.note(before, state, record)
    session.flush()
    return deliveries.touched
