"""Writes sessions, doses and firmware anew from the verified records: the same as came about bit by
bit.

For after a change of the pages' time zone, for records that came before the clinic kept such a row,
and to prove that nothing but records is in them. It raises no alert and touches no hold.
"""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cloud.dose.closures import Closures
from cloud.dose.days import sum_up
from cloud.dose.deliveries import Deliveries
from cloud.dose.known import Known
from cloud.dose.models import Closure, DoseDay
from cloud.ledger import stretches
from cloud.ledger.firmware import Firmwares
from cloud.ledger.models import DeliveredSession, FirmwareStint, LedgerChain
from cloud.times import Times
from shared.dose import ledger
from shared.dose.ledger import LedgerError
from shared.wire.errors import WireError
from shared.wire.records import decode_record


def rebuild(session: Session, clinic_id: str, times: Times) -> int:
    """Write the clinic's sessions, doses and firmware anew; return how many sessions there are."""
    # Before anything goes: an upload that is under way writes its sessions first.
    chains = session.scalars(
        select(LedgerChain)
        .where(LedgerChain.clinic_id == clinic_id)
        .order_by(LedgerChain.device_id, LedgerChain.epoch)
        .with_for_update()
    ).all()
    for table in (Closure, DoseDay, DeliveredSession, FirmwareStint):
        session.execute(delete(table).where(table.clinic_id == clinic_id))
    session.expire_all()
    touched: set[tuple[bytes, bytes, int]] = set()
    known = Known(session, clinic_id)
    for chain in chains:
        touched |= _follow(session, chain, times, known)
    sum_up(session, clinic_id, touched)
    return len(
        session.scalars(
            select(DeliveredSession.opened_number).where(DeliveredSession.clinic_id == clinic_id)
        ).all()
    )


def _follow(
    session: Session, chain: LedgerChain, times: Times, known: Known
) -> set[tuple[bytes, bytes, int]]:
    deliveries = Deliveries(session, chain, times, known)
    closures = Closures(session, chain, times, known)
    chain.firmware = chain.firmware_kept = None
    firmwares, is_sound = Firmwares(session, chain), True
    state = ledger.genesis(chain.device_id, chain.epoch)
    for one in stretches.records(session, chain):
        try:
            record = decode_record(one.data)
            firmwares.note(record, one.received_ms)
            if is_sound:
                before, state = state, ledger.follow(state, record, one.data)
                deliveries.note(state, record, one.received_ms)
                closures.note(before, state, record, one.received_ms)
        except LedgerError:
            is_sound = False
        except WireError:
            break
    deliveries.write()
    session.flush()
    return deliveries.touched
