"""The band's ledger as this phone holds it, folded by the same function as in the band.

Records are heard first and kept only when the band's signed head stands for every bit of them: into
store and outbox in one step. Whether the head is the band's own is the caller's to verify.
"""

from __future__ import annotations

from mobile.store import Store
from mobile.store.outbox import OutboxItem
from shared.dose import ledger
from shared.dose.ledger import ClosedSession, LedgerError, LedgerState
from shared.trust.statements import ID_BYTES, LedgerHead
from shared.wire.errors import WireError
from shared.wire.items import UpKind, record_id

_SETTING = "ledger-epoch"


class LedgerCopy:
    """Records of one device; `begin` anew when the band was provisioned anew."""

    def __init__(self, store: Store, device_id: bytes) -> None:
        self._store = store
        self._device_id = device_id
        self.epoch: bytes | None = None
        self.state = self._tip = LedgerState()
        self._heard: list[bytes] = []
        self.sessions: dict[bytes, ClosedSession] = {}
        """Every session that this ledger has closed, by its id, in order."""
        self._heard_sessions: dict[bytes, ClosedSession] = {}
        kept = store.settings.get(_SETTING)
        if kept is not None:
            self._load(kept)

    def begin(self, epoch: bytes) -> None:
        """Hold the ledger of this epoch from now on."""
        if len(epoch) != ID_BYTES or epoch == self.epoch:
            return
        self._store.settings.put(_SETTING, epoch)
        self._load(epoch)

    @property
    def next_number(self) -> int:
        """The record to ask for next; what was heard before a link broke isn't asked for again."""
        return self._tip.number + 1

    def hear(self, record: bytes) -> None:
        """Take the next record, unproven; for one that doesn't follow or can't be read raise
        LedgerError, and forget what was heard."""
        number = self.next_number
        try:
            self._tip = ledger.take(self._tip, record)
        except LedgerError:
            self._keep(self.state)
            raise
        except WireError as problem:
            self._keep(self.state)
            raise LedgerError(number, f"can't be read, {problem}") from problem
        self._heard.append(record)
        _note(self._heard_sessions, self._tip)

    def prove(self, head: LedgerHead, *, now_ms: int) -> None:
        """Keep what was heard if it is what the head says; else raise LedgerError and forget it."""
        if (head.epoch, head.number, head.hash) != (self.epoch, self._tip.number, self._tip.hash):
            self._keep(self.state)
            raise LedgerError(head.number, "not what the band signed")
        if not self._heard:
            return
        first = self.state.number + 1
        items = [
            OutboxItem(record_id(self._device_id, head.epoch, number), UpKind.RECORD, record)
            for number, record in enumerate(self._heard, start=first)
        ]
        with self._store.transaction():
            self._store.records.append(head.epoch, first, self._heard)
            self._store.outbox.queue(items, now_ms=now_ms)
        self.sessions.update(self._heard_sessions)
        self._keep(self._tip)

    def _load(self, epoch: bytes) -> None:
        state = ledger.genesis(self._device_id, epoch)
        self.sessions.clear()
        for record in self._store.records.read(epoch):
            state = ledger.take(state, record)
            _note(self.sessions, state)
        self.epoch = epoch
        self._keep(state)

    def _keep(self, state: LedgerState) -> None:
        """Stand at this state, with nothing unproven beyond it."""
        self.state = self._tip = state
        self._heard = []
        self._heard_sessions = {}


def _note(sessions: dict[bytes, ClosedSession], state: LedgerState) -> None:
    """Note the last session as it stands now: answers after it still change it."""
    last = state.last_session
    if last is not None:
        sessions[last.session_id] = last
