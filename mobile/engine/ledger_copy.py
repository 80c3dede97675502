"""The band's ledger as this phone holds it, folded by the same function as in the band.

Records go into the store and the outbox in one step; a record that doesn't follow the chain is
refused before either.
"""

from __future__ import annotations

from collections.abc import Sequence

from mobile.store import Store
from mobile.store.outbox import OutboxItem
from shared.dose import ledger
from shared.dose.ledger import LedgerState
from shared.trust.statements import ID_BYTES
from shared.wire.items import UpKind, record_id

_SETTING = "ledger-epoch"


class LedgerCopy:
    """Records of one device; `begin` anew when the band was provisioned anew."""

    def __init__(self, store: Store, device_id: bytes) -> None:
        self._store = store
        self._device_id = device_id
        self.epoch: bytes | None = None
        self.state = LedgerState()
        kept = store.settings.get(_SETTING)
        if kept is not None:
            self._load(kept)

    def begin(self, epoch: bytes) -> None:
        """Hold the ledger of this epoch from now on."""
        if len(epoch) != ID_BYTES or epoch == self.epoch:
            return
        self._store.settings.put(_SETTING, epoch)
        self._load(epoch)

    def take(self, records: Sequence[bytes], *, now_ms: int) -> None:
        """Keep the records that follow; raise LedgerError or WireError for one that doesn't."""
        if self.epoch is None or not records:
            return
        state, first = self.state, self.state.number + 1
        for record in records:
            state = ledger.take(state, record)
        items = [
            OutboxItem(record_id(self._device_id, self.epoch, number), UpKind.RECORD, record)
            for number, record in enumerate(records, start=first)
        ]
        with self._store.transaction():
            self._store.records.append(self.epoch, first, records)
            self._store.outbox.queue(items, now_ms=now_ms)
        self.state = state

    def _load(self, epoch: bytes) -> None:
        state = ledger.genesis(self._device_id, epoch)
        for record in self._store.records.read(epoch):
            state = ledger.take(state, record)
        self.epoch, self.state = epoch, state
