"""Records of which no signed head has come: a few at a time, for any phone can make an epoch up.

Those that make room were proven by nothing; a phone whose band wrote them is asked for them again
(`asking`), and then brings them with their head.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from cloud.ledger.models import LedgerChain, StoredHead, StoredRecord
from cloud.patients.models import Device

HEADLESS_AT_MOST = 3


def make_room(session: Session, device: Device, epoch: bytes) -> None:
    """Drop what came longest ago of a device's headless epochs, where ``epoch`` is one too many."""
    chains = session.scalars(
        select(LedgerChain)
        .where(
            LedgerChain.clinic_id == device.clinic_id,
            LedgerChain.device_id == device.device_id,
            LedgerChain.head_number == 0,
            LedgerChain.verified_to == 0,
            LedgerChain.epoch != epoch,
            LedgerChain.epoch.not_in(
                select(StoredHead.epoch).where(
                    StoredHead.clinic_id == device.clinic_id,
                    StoredHead.device_id == device.device_id,
                )
            ),
        )
        .with_for_update()
    ).all()
    if len(chains) < HEADLESS_AT_MOST:
        return
    arrivals = {each.epoch: _newest_ms(session, each) for each in chains}
    oldest = sorted(chains, key=lambda each: arrivals[each.epoch])
    for chain in oldest[: len(chains) - HEADLESS_AT_MOST + 1]:
        session.execute(delete(StoredRecord).where(*_of(chain)))
        session.delete(chain)
    session.flush()


def _newest_ms(session: Session, chain: LedgerChain) -> int:
    return session.scalar(select(func.max(StoredRecord.received_ms)).where(*_of(chain))) or 0


def _of(chain: LedgerChain) -> tuple[ColumnElement[bool], ...]:
    return (
        StoredRecord.clinic_id == chain.clinic_id,
        StoredRecord.device_id == chain.device_id,
        StoredRecord.epoch == chain.epoch,
    )
