"""The ledger in flash: append, recover after any power cut, never roll back (R27 to R29).

A torn last write is cut off. Anything else that does not follow, a checkpoint, head or receipt over
a record that is no longer there, or an outside counter ahead of the ledger is a fault: everything
is kept, nothing fires, and nothing more is written: no later record or head covers up what is
missing. Receipted records are overwritten for room, and only after 30 days.
"""

from __future__ import annotations

import bisect

from firmware_bridge.emulator.firmware import ledger_room, overwritten
from firmware_bridge.emulator.firmware.checkpoints import CHECKPOINT_EVERY_RECORDS, Checkpoints
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.overwritten import Overwritten
from firmware_bridge.emulator.firmware.ports import Flash, MonotonicCounter, PartFailure
from firmware_bridge.emulator.firmware.receipts import Correspondence, KeptReceipt, SentHead
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from shared.dose import ledger
from shared.dose.ledger import LedgerState
from shared.wire import records
from shared.wire.errors import WireError
from shared.wire.operations import StatusCode
from shared.wire.records import MAXIMUM_RECORD_BYTES, Body, Record, RecordType

OVERWRITTEN_AT_ONCE = 1_024
"""Records that are overwritten in one go, where so many may be (own figure)."""

ROOM_FOR_ONE_BYTES = MAXIMUM_RECORD_BYTES + 64
"""A record with its frame, generously: below that, room is made first."""


def room_for_a_session_bytes() -> int:
    """Return what the worst session and the spare records take, in the same way."""
    return ROOM_FOR_ONE_BYTES * (ledger_room.worst()[1] + ledger_room.SPARE_RECORDS)


class Journal:
    """The chain of records and what it adds up to."""

    def __init__(self, flash: Flash, counter: MonotonicCounter, time: Timekeeping) -> None:
        self._flash, self._counter, self._time = flash, counter, time
        self._checkpoints = Checkpoints(flash)
        self._correspondence = Correspondence(flash)
        self._overwritten: Overwritten | None = None
        self._base = LedgerState()
        self._entries: list[bytes] = []
        self._hashes: list[bytes] = []
        self._proven_ms: list[int] = []
        self._newest_trusted_ms = 0
        self._epoch = b""
        self.state = LedgerState()
        self.fault: str | None = None
        self._sealed = False

    @property
    def sealed(self) -> bool:
        """True when the log is not what it must be, and takes nothing more."""
        return self._sealed

    @property
    def first(self) -> int:
        """Number of the oldest record that is kept."""
        return self._base.number + 1

    @property
    def count(self) -> int:
        """Number of the newest record."""
        return self._base.number + len(self._entries)

    @property
    def has_room(self) -> bool:
        """True while the worst session fits beside the records that must stay, by their number and
        by what the flash has free (R15, R28)."""
        may_go = self._may_go()
        free = bool(may_go) or self._flash.room_bytes() >= room_for_a_session_bytes()
        return free and ledger_room.has_room(len(self._entries) - may_go)

    @property
    def newest_trusted_ms(self) -> int:
        """Wall clock of the newest record that had one."""
        return self._newest_trusted_ms

    @property
    def receipt(self) -> KeptReceipt | None:
        """The newest receipt."""
        return self._correspondence.receipt

    @property
    def summaries(self) -> Overwritten | None:
        """What remains of the records that were overwritten; None when none ever was."""
        return self._overwritten

    def begin(self, device_id: bytes, epoch: bytes) -> None:
        """Begin the chain of a device that was just provisioned."""
        self._epoch = epoch
        self._base = self.state = ledger.genesis(device_id, epoch)

    # Recovery

    def recover(self, device_id: bytes, epoch: bytes) -> None:
        """Read the log back; set ``fault`` when it is not what it must be."""
        self.begin(device_id, epoch)
        self._sealed = True
        damage = self._recover()
        if damage is not None:
            self.state = self._checkpoints.higher(self.state)
        self._sealed = damage is not None
        self.fault = damage or self.state.fault

    def _recover(self) -> str | None:
        content = self._flash.read_all()
        if content.torn_tail:
            self._flash.cut_torn_tail()
        self._load_pages()
        broken = None if content.broken_at is None else "ledger_broken"
        damage = self._fold(content.entries) or broken
        if damage is not None:
            return damage
        self._flash.drop(self._stale(content.entries))
        return self._roll_back() or self._outdated()

    def _load_pages(self) -> None:
        try:
            self._checkpoints.load()
            self._correspondence.load(self._epoch)
        except WireError as problem:
            raise PartFailure("a page is whole and can't be read") from problem

    def recover_unowned(self) -> None:
        """Set ``fault`` where nobody's device has a past: its owner or its record was lost."""
        if self._flash.read_all().entries:
            self.fault = "owner_lost"
        elif self._counter.read():
            self.fault = "ledger_behind_counter"
        self._sealed = self.fault is not None

    def _fold(self, entries: tuple[bytes, ...]) -> str | None:
        try:
            self._begin_behind_overwritten()
            for entry in entries[self._stale(entries) :]:
                if not self._checkpoints.agree(self.state):
                    return "totals_differ"
                self._accept(entry)
        except (WireError, ledger.LedgerError):
            return "ledger_broken"
        return None if self._checkpoints.agree(self.state) else "totals_differ"

    def _begin_behind_overwritten(self) -> None:
        self._overwritten = overwritten.load(self._flash)
        if self._overwritten is not None:
            self._base = self.state = self._overwritten.state()
            self._newest_trusted_ms = self._overwritten.newest_trusted_ms

    def _stale(self, entries: tuple[bytes, ...]) -> int:
        """Count the entries that a power cut kept from being dropped."""
        numbers = (records.decode_record(entry).number for entry in entries)
        return next(
            (index for index, number in enumerate(numbers) if number > self._base.number),
            len(entries),
        )

    def _accept(self, entry: bytes) -> None:
        record = records.decode_record(entry)
        self._keep(entry, ledger.follow(self.state, record, entry), record.clock_ms)

    def _roll_back(self) -> str | None:
        ahead = self.state.counter - self._counter.read()
        if ahead == 1:
            self._counter.advance()
        elif ahead != 0:
            return "ledger_behind_counter"
        return None

    def _outdated(self) -> str | None:
        """Name what knows of a record that isn't there, or is another one by now."""
        sent, receipt = self._correspondence.sent, self._correspondence.receipt
        if sent is not None and not self._stands(sent.number, sent.hash):
            return "ledger_behind_head"
        if self._checkpoints.newest_number > self.count:
            return "ledger_behind_checkpoint"
        if receipt is not None and receipt.epoch == self._epoch:
            return None if self._stands(receipt.number, receipt.hash) else "ledger_behind_receipt"
        return None

    def _stands(self, number: int, record_hash: bytes) -> bool:
        if number < self._base.number:
            return True
        return number <= self.count and self.hash_at(number) == record_hash

    # Writing

    def write(self, body: Body) -> Record:
        """Write one record of this instant."""
        return self.append(body, self._time.wall_ms())

    def append(self, body: Body, wall_ms: int | None) -> Record:
        """Write one record, by this wall clock; when this returns it survives a power cut.

        Raise PartFailure when the log is sealed, or fails: then nothing is written behind it.
        """
        self._require_open()
        record = Record(
            number=self.count + 1,
            type=body.TYPE,
            boot_count=self._time.boot_count,
            uptime_ms=self._time.uptime_ms,
            clock_ms=wall_ms,
            body=body,
        )
        data = records.encode_record(record)
        after = ledger.follow(self.state, record, data)
        try:
            self._make_room()
            self._flash.append(data)
            self._keep(data, after, wall_ms)
            self._check_in(record)
        except PartFailure:
            self._sealed = True
            raise
        return record

    def _keep(self, entry: bytes, after: LedgerState, wall_ms: int | None) -> None:
        self.state = after
        self._entries.append(entry)
        self._hashes.append(after.hash)
        self._proven_ms.append(after.proven_ms)
        self._newest_trusted_ms = max(self._newest_trusted_ms, wall_ms or 0)

    def _check_in(self, record: Record) -> None:
        """Write a checkpoint at a session's close, and every so many records."""
        closed = record.type is RecordType.SESSION_CLOSED
        if closed or record.number % CHECKPOINT_EVERY_RECORDS == 0:
            self._checkpoints.write(self.state)

    def advance_counter(self) -> None:
        """Step the outside counter, after the record that it stands for is in flash (R29)."""
        self._counter.advance()

    def outside_count(self) -> int:
        """Return the outside counter."""
        return self._counter.read()

    def _require_open(self) -> None:
        if self._sealed:
            raise PartFailure("the ledger is sealed")

    # Room

    def _may_go(self) -> int:
        """Count the oldest records that may be overwritten: receipted, and 30 days old (R28)."""
        receipted = max(0, self._correspondence.receipted - self._base.number)
        before_ms = self._time.proven_ms - ledger_room.KEPT_FOR_MS
        return min(receipted, bisect.bisect_right(self._proven_ms, before_ms))

    def _make_room(self) -> None:
        """Overwrite what may be, once the next record or, between sessions, the next session
        would not fit; their summaries are kept first."""
        between_sessions = self.state.session is None
        wanted_bytes = room_for_a_session_bytes() if between_sessions else ROOM_FOR_ONE_BYTES
        if self._flash.room_bytes() >= wanted_bytes:
            return
        going = min(OVERWRITTEN_AT_ONCE, self._may_go())
        if not going:
            return
        gone = self._entries[:going]
        self._overwritten = overwritten.carried_forward(self._overwritten, self._base, gone)
        overwritten.store(self._flash, self._overwritten)
        self._base = self._overwritten.state()
        del self._entries[:going], self._hashes[:going], self._proven_ms[:going]
        self._flash.drop(going)

    # What the outside knows

    def record(self, number: int) -> bytes:
        """Return the bytes of one record; raise KeyError when none of that number is kept."""
        if not self.first <= number <= self.count:
            raise KeyError(number)
        return self._entries[number - self.first]

    def hash_at(self, number: int) -> bytes:
        """Return the chain's hash at a record that is kept, or at the one before the first."""
        if number == self._base.number:
            return self._base.hash
        if not self.first <= number <= self.count:
            raise KeyError(number)
        return self._hashes[number - self.first]

    def proven_at(self, number: int) -> int:
        """Return proven elapsed time at a record that is kept."""
        if not self.first <= number <= self.count:
            raise KeyError(number)
        return self._proven_ms[number - self.first]

    def clock_at(self, number: int) -> int | None:
        """Return the trusted wall clock of a record that is kept; None where it had none."""
        return records.decode_record(self.record(number)).clock_ms

    def head_sent(self) -> None:
        """Remember that a head over the newest record leaves the device."""
        self._require_open()
        self._correspondence.head_sent(SentHead(self.count, self.state.hash))

    def keep_receipt(self, number: int, record_hash: bytes, epoch: bytes) -> None:
        """Keep a receipt whose signature was judged; raise Refused when it isn't over this
        ledger, or over more of it than a head that was sent (R28)."""
        self._require_open()
        if epoch != self._epoch:
            raise Refused(StatusCode.REFUSED, "receipt_other_epoch")
        self._correspondence.require_receiptable(number)
        try:
            known = self.hash_at(number)
        except KeyError as problem:
            raise Refused(StatusCode.ALREADY, "record_overwritten") from problem
        if known != record_hash:
            raise Refused(StatusCode.REFUSED, "receipt_other_hash")
        self._correspondence.keep_receipt(KeptReceipt(epoch, number, record_hash))
