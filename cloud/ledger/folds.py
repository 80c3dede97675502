"""The shared fold over a chain's verified records, and those records themselves."""

from __future__ import annotations

from collections import OrderedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.ledger.models import LedgerChain, StoredRecord
from shared.dose import ledger
from shared.dose.ledger import LedgerState

CACHED_STATES = 256


class Folds:
    """The state after a chain's verified part; kept for the chains that were busy last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, LedgerState] = OrderedDict()

    def state(self, session: Session, chain: LedgerChain, before: int) -> LedgerState:
        """Return the state after record ``before`` (0: the genesis)."""
        if before == 0:
            return ledger.genesis(chain.device_id, chain.epoch)
        newest = session.get_one(
            StoredRecord, (chain.clinic_id, chain.device_id, chain.epoch, before)
        )
        kept = self._kept.get(newest.hash or b"")
        return kept if kept is not None else self._from_the_start(session, chain, before)

    def keep(self, state: LedgerState) -> None:
        """Remember a state by its hash."""
        self._kept[state.hash] = state
        while len(self._kept) > CACHED_STATES:
            self._kept.popitem(last=False)

    def _from_the_start(self, session: Session, chain: LedgerChain, to: int) -> LedgerState:
        state = ledger.genesis(chain.device_id, chain.epoch)
        for data in verified_records(session, chain, to):
            state = ledger.take(state, data)
        return state


def verified_records(session: Session, chain: LedgerChain, to: int | None = None) -> list[bytes]:
    """Return the bytes of the chain's verified records, in order."""
    found = session.scalars(
        select(StoredRecord.data)
        .where(
            StoredRecord.clinic_id == chain.clinic_id,
            StoredRecord.device_id == chain.device_id,
            StoredRecord.epoch == chain.epoch,
            StoredRecord.number <= (chain.verified_to if to is None else to),
        )
        .order_by(StoredRecord.number)
    )
    return list(found)


def newest_records(session: Session, chain: LedgerChain, limit: int) -> list[bytes]:
    """Return the newest verified records, newest first."""
    found = session.scalars(
        select(StoredRecord.data)
        .where(
            StoredRecord.clinic_id == chain.clinic_id,
            StoredRecord.device_id == chain.device_id,
            StoredRecord.epoch == chain.epoch,
            StoredRecord.number <= chain.verified_to,
        )
        .order_by(StoredRecord.number.desc())
        .limit(limit)
    )
    return list(found)
