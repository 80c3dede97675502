"""The band's ledger as this phone holds it, folded by the same function as in the band.

Records are heard first and kept only when the band's signed head stands for every bit of them: into
store and outbox in one step. Whether the head is the band's own is the caller's to verify.

A band gives old records up for room, once the clinic has them (R28). A phone that comes later
begins behind those; its copy then says from which record on it knows anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from mobile.store import Store
from mobile.store.outbox import OutboxItem
from shared.care import lost_time
from shared.care.lost_time import LostTime
from shared.dose import ledger
from shared.dose.ledger import ClosedSession, LedgerError, LedgerState
from shared.dose.ledger_part import behind, take_part
from shared.trust.statements import HASH_BYTES, ID_BYTES, LedgerHead
from shared.wire import fields, records
from shared.wire.errors import WireError
from shared.wire.fields import wire
from shared.wire.items import UpKind, record_id

_SETTING, _START_SETTING = "ledger-epoch", "ledger-start"


@dataclass(frozen=True)
class _Start:
    """Where a copy begins: behind a record that the band has given up, by number and hash."""

    epoch: bytes = wire(1, length=ID_BYTES)
    number: int = wire(2)
    hash: bytes = wire(3, length=HASH_BYTES)


class LedgerCopy:
    """Records of one device; `begin` anew when the band was provisioned anew."""

    def __init__(self, store: Store, device_id: bytes) -> None:
        self._store = store
        self._device_id = device_id
        self.epoch: bytes | None = None
        self.state = self._tip = LedgerState()
        self.lost = self._tip_lost = LostTime()
        """The time that the band lost and a prescriber may make good (R6)."""
        self._heard: list[bytes] = []
        self.sessions: dict[bytes, ClosedSession] = {}
        """Every session that this ledger has closed, by its id, in order."""
        self._heard_sessions: dict[bytes, ClosedSession] = {}
        self._start: _Start | None = None
        self.begins_wall_ms: int | None = None
        """The clock at the oldest record that has one, where this copy is a part."""
        kept = store.settings.get(_SETTING)
        if kept:
            self._load(kept)

    def begin(self, epoch: bytes) -> None:
        """Hold the ledger of this epoch from now on."""
        if len(epoch) != ID_BYTES or epoch == self.epoch:
            return
        self._store.settings.put(_SETTING, epoch)
        self._load(epoch)

    def begin_behind(self, number: int, record_hash: bytes) -> None:
        """The band keeps no record up to ``number`` any more: where this copy lacks some of those,
        it begins behind them. The next head proves the hash."""
        if self.epoch is None or number <= self._tip.number:
            return
        start = _Start(self.epoch, number, record_hash)
        self._store.settings.put(_START_SETTING, fields.pack(start))
        self._load(self.epoch)

    @property
    def is_part(self) -> bool:
        """True where older records are missing: what it adds up to is less than the whole."""
        return self._start is not None

    @property
    def first_number(self) -> int:
        """The number of the oldest record that this copy can have."""
        return 1 if self._start is None else self._start.number + 1

    @property
    def next_number(self) -> int:
        """The record to ask for next; what was heard before a link broke isn't asked for again."""
        return self._tip.number + 1

    def hear(self, record: bytes) -> None:
        """Take the next record, unproven; for one that doesn't follow or can't be read raise
        LedgerError, and forget what was heard."""
        number = self.next_number
        try:
            self._tip = self._take(self._tip, record)
        except LedgerError:
            self._forget_heard()
            raise
        except WireError as problem:
            self._forget_heard()
            raise LedgerError(number, f"can't be read, {problem}") from problem
        self._heard.append(record)
        _note(self._heard_sessions, self._tip)

    def prove(self, head: LedgerHead, *, now_ms: int) -> None:
        """Keep what was heard if it is what the head says; else raise LedgerError and forget it."""
        if (head.epoch, head.number, head.hash) != (self.epoch, self._tip.number, self._tip.hash):
            self._forget_heard()
            raise LedgerError(head.number, "not what the band signed")
        if not self._heard:
            return
        first = self.state.number + 1
        items = [
            OutboxItem(record_id(self._device_id, head.epoch, number), UpKind.RECORD, record)
            for number, record in enumerate(self._heard, start=first)
        ]
        with self._store.transaction():
            begins = first == self.first_number and self.is_part
            self._store.records.append(head.epoch, first, self._heard, begins=begins)
            self._store.outbox.queue(items, now_ms=now_ms)
        self.sessions.update(self._heard_sessions)
        self._keep(self._tip)

    def _load(self, epoch: bytes) -> None:
        kept = self._store.settings.get(_START_SETTING)
        start = None if kept is None else fields.unpack(_Start, kept)
        self._start = start if start is not None and start.epoch == epoch else None
        self.begins_wall_ms = None
        self.sessions.clear()
        if self._start is None:
            state = ledger.genesis(self._device_id, epoch)
        else:
            state = behind(self._start.number, self._start.hash)
        self._tip_lost = LostTime()
        for record in self._store.records.read(epoch, self.first_number):
            state = self._take(state, record)
            _note(self.sessions, state)
        self.epoch = epoch
        self._keep(state)

    def _take(self, state: LedgerState, record: bytes) -> LedgerState:
        read = records.decode_record(record)
        if self.is_part:
            after = take_part(state, record)
            if self.begins_wall_ms is None:
                self.begins_wall_ms = read.clock_ms
        else:
            after = ledger.follow(state, read, record)
        self._tip_lost = lost_time.note(self._tip_lost, read, after)
        return after

    def _forget_heard(self) -> None:
        self._tip_lost = self.lost
        self._keep(self.state)

    def _keep(self, state: LedgerState) -> None:
        """Stand at this state, with nothing unproven beyond it."""
        self.state, self.lost = state, self._tip_lost
        self._tip = state
        self._heard = []
        self._heard_sessions = {}


def forget(store: Store) -> None:
    """Another band's ledger is held from now on: the old one's records stay where they are."""
    store.settings.put(_SETTING, b"")


def _note(sessions: dict[bytes, ClosedSession], state: LedgerState) -> None:
    """Note the last session as it stands now: answers after it still change it."""
    last = state.last_session
    if last is not None:
        sessions[last.session_id] = last
