"""The ledger in flash: append, recover after any power cut, never roll back (R27, R29).

A torn last write is cut off. Anything else that does not follow, a head that was sent and is no
longer there, or an outside counter ahead of the ledger is a fault: everything is kept, nothing
fires, and nothing more is written: no later record or head covers up what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from firmware_bridge.emulator.firmware.ports import Flash, MonotonicCounter, PartFailure
from firmware_bridge.emulator.firmware.timekeeping import Timekeeping
from shared.dose import ledger
from shared.dose.ledger import LedgerState
from shared.wire import fields, records
from shared.wire.errors import WireError
from shared.wire.fields import wire
from shared.wire.records import Body, Record

_HEAD_PAGE = "sent-head"


@dataclass(frozen=True)
class SentHead:
    """The newest head that left the device."""

    number: int = wire(1)
    hash: bytes = wire(2, length=32)


class Journal:
    """The chain of records and what it adds up to."""

    def __init__(self, flash: Flash, counter: MonotonicCounter, time: Timekeeping) -> None:
        self._flash, self._counter, self._time = flash, counter, time
        self._entries: list[bytes] = []
        self._hashes: list[bytes] = []
        self._newest_trusted_ms = 0
        self.state = LedgerState()
        self.fault: str | None = None
        self._sealed = False

    @property
    def sealed(self) -> bool:
        """True when the log is not what it must be, and takes nothing more."""
        return self._sealed

    @property
    def count(self) -> int:
        """Number of the newest record."""
        return len(self._entries)

    @property
    def newest_trusted_ms(self) -> int:
        """Wall clock of the newest record that had one."""
        return self._newest_trusted_ms

    def begin(self, device_id: bytes, epoch: bytes) -> None:
        """Begin the chain of a device that was just provisioned."""
        self.state = ledger.genesis(device_id, epoch)

    def recover(self, device_id: bytes, epoch: bytes) -> None:
        """Read the log back; set ``fault`` when it is not what it must be."""
        content = self._flash.read_all()
        if content.torn_tail:
            self._flash.cut_torn_tail()
        self.begin(device_id, epoch)
        damage = None if content.broken_at is None else "ledger_broken"
        for entry in content.entries:
            try:
                self._accept(entry)
            except (WireError, ledger.LedgerError):
                damage = "ledger_broken"
                break
        damage = damage or self._roll_back()
        self._sealed = damage is not None
        self.fault = damage or self.state.fault

    def recover_unowned(self) -> None:
        """Set ``fault`` where nobody's device has a past: its owner or its record was lost."""
        if self._flash.read_all().entries:
            self.fault = "owner_lost"
        elif self._counter.read():
            self.fault = "ledger_behind_counter"
        self._sealed = self.fault is not None

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
        after = ledger.take(self.state, data)
        try:
            self._flash.append(data)
        except PartFailure:
            self._sealed = True
            raise
        self._keep(data, after, wall_ms)
        return record

    def advance_counter(self) -> None:
        """Step the outside counter, after the record that it stands for is in flash (R29)."""
        self._counter.advance()

    def outside_count(self) -> int:
        """Return the outside counter."""
        return self._counter.read()

    def record(self, number: int) -> bytes:
        """Return the bytes of one record; raise KeyError when there is none of that number."""
        if not 1 <= number <= self.count:
            raise KeyError(number)
        return self._entries[number - 1]

    def head_sent(self) -> None:
        """Remember that a head over the newest record leaves the device."""
        self._require_open()
        head = SentHead(self.count, self.state.hash)
        self._flash.write_page(_HEAD_PAGE, fields.pack(head))

    def _require_open(self) -> None:
        if self._sealed:
            raise PartFailure("the ledger is sealed")

    def _accept(self, entry: bytes) -> None:
        after = ledger.take(self.state, entry)
        self._keep(entry, after, records.decode_record(entry).clock_ms)

    def _keep(self, entry: bytes, after: LedgerState, wall_ms: int | None) -> None:
        self.state = after
        self._entries.append(entry)
        self._hashes.append(after.hash)
        self._newest_trusted_ms = max(self._newest_trusted_ms, wall_ms or 0)

    def _roll_back(self) -> str | None:
        ahead = self.state.counter - self._counter.read()
        if ahead == 1:
            self._counter.advance()
        elif ahead != 0:
            return "ledger_behind_counter"
        page = self._flash.read_page(_HEAD_PAGE)
        if page is None:
            return None
        sent = fields.unpack(SentHead, page)
        missing = sent.number > self.count
        if missing or (sent.number and self._hashes[sent.number - 1] != sent.hash):
            return "ledger_behind_head"
        return None
