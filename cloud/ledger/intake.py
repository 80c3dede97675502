"""Takes records and heads in: a record counts once a head that the device signed covers it.

Pure of HTTP and of other tables than the ledger's own, but for what it finds wrong (`cloud/proof`);
what verified records mean elsewhere is `effects`' business. A single wrong bit shows only at the
next signed head; until one decides, whoever brought other bytes for a number may have been the one
who is right. So both are tried, what came last is kept, and no record is refused for its
neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from cloud.ledger import known, stretches
from cloud.ledger.batch import KNOWN, TAKEN, Answer, Batch, Brought, refused
from cloud.ledger.models import LedgerChain, StoredHead, StoredRecord
from cloud.ledger.second_history import SecondHistory
from cloud.ledger.slices import Slice, read
from cloud.ledger.stretches import Verified
from cloud.phones.models import Phone
from cloud.proof.kinds import Kind
from cloud.proof.service import Seen, find, mend, note_gap
from shared.dose.ledger import chain_hash, genesis
from shared.trust.statements import LedgerHead
from shared.wire.errors import WireError
from shared.wire.records import Record


@dataclass(frozen=True)
class News:
    """What a batch made verified, with what each record says; ``before`` is the hash there.

    ``unattested`` is what came against the record and the band did not sign.
    """

    before: bytes
    records: Sequence[Verified]
    lines: Sequence[Slice | Record]
    unattested: Seen | None


class Intake:
    """One batch against what is stored; everything in the caller's transaction."""

    def __init__(self, session: Session, batch: Batch, phone: Phone, *, now_ms: int) -> None:
        self._session, self._batch, self._now_ms = session, batch, now_ms
        self.chain = self._locked_chain(phone.patient_id)
        heads = {head.number for _, head, _ in batch.heads}
        self._heads = known.heads_at(session, self.chain, heads)
        self._open = known.open_heads(session, self.chain)
        self._past = known.Past(session, self.chain, heads | batch.records.keys())
        self._second = SecondHistory(session, self.chain, self._past, phone, now_ms=now_ms)
        self._stored = self._unverified()
        self._fresh: dict[int, Brought] = {}
        self._replaced: dict[int, Brought] = {}
        self._verified: list[Verified] = []
        self._unread: tuple[int, int] | None = None

    def run(self) -> News:
        """Answer every item of the batch; return what is verified now and was not before."""
        before = self.chain.verified_hash
        verified_to, stored = self.chain.verified_to, self._stored
        for number, brought in sorted(self._batch.records.items()):
            if number > verified_to and number not in stored:
                self._fresh[number] = brought
            else:
                self._sort_in(number, brought)
        self._take_heads()
        lines = self._verify()
        stretches.keep(self._session, self.chain, before, self._verified)
        unattested = self._second.tell(self._still_open(), self._not_verified)
        self._keep_fresh()
        self._look_for_gaps()
        return News(before, self._verified, lines, unattested)

    def _sort_in(self, number: int, brought: Brought) -> None:
        data, answers = brought.data, self._batch.answers
        if number > self.chain.verified_to:
            if self._stored[number][0] == data:
                answers[brought.item_id] = KNOWN
            else:
                self._replaced[number] = brought
        elif self._past.data(number) == data:
            answers[brought.item_id] = KNOWN
        else:
            self._second.add_record(number, data)
            answers[brought.item_id] = refused(f"Record {number} is verified with other bytes.")

    def _take_heads(self) -> None:
        rows: list[dict[str, object]] = []
        for item_id, head, envelope in sorted(self._batch.heads, key=lambda each: each[1].number):
            self._batch.answers[item_id] = answer = self._judge(head, envelope)
            if answer is not TAKEN:
                continue
            self._heads[head.number] = head.hash
            if head.number > self.chain.verified_to:
                self._open[head.number] = head.hash
            self.chain.head_number = max(self.chain.head_number, head.number)
            row = {"hash": head.hash, "envelope": envelope, "received_ms": self._now_ms}
            rows.append({**self._name(head.number), **row})
        if rows:
            self._session.execute(insert(StoredHead), rows)

    def _judge(self, head: LedgerHead, envelope: bytes) -> Answer:
        ours = self._heads.get(head.number)
        if ours == head.hash:
            return KNOWN
        if ours is None and 0 < head.number <= self.chain.verified_to:
            ours = self._past.hash(head.number)
        if ours is None or ours == head.hash:
            return TAKEN
        self._second.add_head(ours, head, envelope)
        return refused(f"The device signed another history up to {head.number} before.")

    def _still_open(self) -> dict[int, bytes]:
        to = self.chain.verified_to
        return {number: signed for number, signed in self._open.items() if number > to}

    def _not_verified(self, number: int) -> bytes | None:
        """A record beyond what is verified, as this batch has it or an earlier one had."""
        brought = self._replaced.get(number) or self._fresh.get(number)
        if brought is not None:
            return brought.data
        return self._stored[number][0] if number in self._stored else None

    def _look_for_gaps(self) -> None:
        chain, to = self.chain, self.chain.verified_to
        if self._verified:
            mend(self._session, chain, Kind.UNREAD, to, now_ms=self._now_ms)
        if self._unread is not None:
            to = self._find_unread(*self._unread)
        if self._verified or self._unread:
            mend(self._session, chain, Kind.MISMATCH, to, now_ms=self._now_ms)
        if self._verified or chain.head_number > to:
            note_gap(self._session, chain, to, chain.head_number, now_ms=self._now_ms)

    def _find_unread(self, first: int, last: int) -> int:
        """What the band signed and this version can't read is here; return how far that goes."""
        seen = Seen(Kind.UNREAD, first, last, _unread_words(first, last))
        standing = find(self._session, self.chain, seen, now_ms=self._now_ms)
        standing.first, standing.detail = first, _unread_words(first, standing.last)
        return standing.last

    def _verify(self) -> list[Slice | Record]:
        lines: list[Slice | Record] = []
        newest = max(self._open, default=0)
        for number, signed in sorted(self._open.items()):
            if self._unread and number != newest:
                continue  # The newest speaks for those between.
            numbers = range(self.chain.verified_to + 1, number + 1)
            if not all(each in self._fresh or each in self._stored for each in numbers):
                break
            for replaced in (True, False) if self._replaced else (False,):
                found = self._chained(numbers, replaced=replaced)
                if found[-1].hash == signed:
                    lines += self._confirm(found, replaced=replaced)
                    break
            else:
                self._find_mismatch(numbers)
                break
        if self._verified:
            self._forget_unverified()
        return lines

    def _chained(self, numbers: range, *, replaced: bool) -> list[Verified]:
        fresh, stored, last = self._fresh, self._stored, self.chain.verified_hash
        instead = self._replaced if replaced else {}
        found = []
        for number in numbers:
            if number in fresh:
                data, received_ms = fresh[number].data, self._now_ms
            else:
                data, received_ms = stored[number]
                if number in instead:
                    data = instead[number].data
            last = chain_hash(last, data)
            found.append(Verified(number, data, last, received_ms))
        return found

    def _confirm(self, found: list[Verified], *, replaced: bool) -> list[Slice | Record]:
        """Take in what the band signed, up to the first record that this version can't read."""
        lines, answers = [], self._batch.answers
        for one in found:
            fresh = self._fresh.get(one.number)
            brought = self._replaced.get(one.number) if fresh is None and replaced else fresh
            line = _read(one.data) if brought is None else brought.line
            if line is None:
                self._unread = one.number, found[-1].number
                break
            if brought is not None:
                (self._replaced if fresh is None else self._fresh).pop(one.number)
                answers[brought.item_id] = TAKEN
            lines.append(line)
        if not lines:
            return lines
        found = found[: len(lines)]
        self._verified += found
        chain, last = self.chain, found[-1]
        chain.verified_to, chain.verified_hash = last.number, last.hash
        chain.verified_ms = self._now_ms
        chain.received_to = max(chain.received_to, last.number)
        return lines

    def _find_mismatch(self, numbers: range) -> None:
        first, last = numbers[0], numbers[-1]
        detail = f"Records {first} to {last} are not what the band signed."
        seen = Seen(Kind.MISMATCH, first, last, detail)
        find(self._session, self.chain, seen, now_ms=self._now_ms)

    def _keep_fresh(self) -> None:
        rows = []
        for number, brought in self._fresh.items():
            rows.append({**self._name(number), "data": brought.data, "received_ms": self._now_ms})
            self.chain.received_to = max(self.chain.received_to, number)
            self._batch.answers[brought.item_id] = TAKEN
        if rows:
            self._session.execute(insert(StoredRecord), rows)
        self._keep_replaced()

    def _keep_replaced(self) -> None:
        """What came last stands, so that a phone that sends all of a stretch again is believed."""
        rows: list[dict[str, object]] = []
        for number, brought in self._replaced.items():
            if number <= self.chain.verified_to:
                self._batch.answers[brought.item_id] = refused(
                    f"Record {number} is not what the device signed."
                )
                continue
            row = {"data": brought.data, "received_ms": self._now_ms}
            rows.append({**self._name(number), **row})
            self._batch.answers[brought.item_id] = TAKEN
        if rows:
            self._session.execute(update(StoredRecord), rows)

    def _forget_unverified(self) -> None:
        """What has gone into a stretch isn't kept twice."""
        if not self._stored:
            return
        chain = self.chain
        self._session.execute(
            delete(StoredRecord)
            .where(
                StoredRecord.clinic_id == chain.clinic_id,
                StoredRecord.device_id == chain.device_id,
                StoredRecord.epoch == chain.epoch,
                StoredRecord.number <= chain.verified_to,
            )
            .execution_options(synchronize_session=False)
        )

    def _locked_chain(self, patient_id: bytes) -> LedgerChain:
        device = self._batch.device
        found = self._session.scalar(
            select(LedgerChain)
            .where(
                LedgerChain.clinic_id == device.clinic_id,
                LedgerChain.device_id == device.device_id,
                LedgerChain.epoch == self._batch.epoch,
            )
            .with_for_update()
        )
        if found is not None:
            return found
        chain = LedgerChain(
            clinic_id=device.clinic_id,
            device_id=device.device_id,
            epoch=self._batch.epoch,
            patient_id=patient_id,
            verified_to=0,
            verified_hash=genesis(device.device_id, self._batch.epoch).hash,
            verified_ms=None,
            received_to=0,
            head_number=0,
            clock_ms=None,
        )
        self._session.add(chain)
        self._session.flush()
        return chain

    def _unverified(self) -> dict[int, tuple[bytes, int]]:
        """What no head covers yet, as far as the batch or a head touches it."""
        chain, to = self.chain, self.chain.verified_to
        if chain.received_to <= to:
            return {}
        numbers = [each for each in self._batch.records if each > to]
        heads = [head.number for _, head, _ in self._batch.heads if head.number > to]
        if self._open or heads:
            numbers += [to + 1, *self._open, *heads]
        if not numbers:
            return {}
        return known.unverified(self._session, chain, min(numbers), max(numbers))

    def _name(self, number: int) -> dict[str, object]:
        chain = self.chain
        return {
            "clinic_id": chain.clinic_id,
            "device_id": chain.device_id,
            "epoch": chain.epoch,
            "number": number,
        }


def _read(data: bytes) -> Slice | Record | None:
    try:
        return read(data)
    except WireError:
        return None


def _unread_words(first: int, last: int) -> str:
    return (
        f"Records {first} to {last} are the band's, by its signature. They wait here until the"
        " server is updated, and what they say isn't counted before."
    )
