"""Takes records and heads in: a record counts once a head that the device signed covers it.

Pure of HTTP and of other tables than the ledger's own, but for what it finds wrong (`cloud/proof`);
what verified records mean elsewhere is `effects`' business. A single wrong bit shows only at the
next signed head, so the answer to a record may be a refusal of the stretch between two heads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.ledger.models import LedgerChain, StoredHead, StoredRecord
from cloud.patients.models import Device
from cloud.proof.kinds import Kind
from cloud.proof.service import Seen, find, mend, note_gap
from shared.dose.ledger import chain_hash, genesis
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import LedgerHead
from shared.wire.errors import WireError
from shared.wire.records import decode_record

ACCEPTED, DUPLICATE, REFUSED = "accepted", "duplicate", "refused"


@dataclass(frozen=True)
class Answer:
    """What one item is answered: accepted, duplicate, or refused with a reason in words."""

    answer: str
    reason: str | None = None


def refused(reason: str) -> Answer:
    """Return a refusal."""
    return Answer(REFUSED, reason)


@dataclass
class Batch:
    """Records and heads of one device and epoch from one upload; answers by item id.

    ``forged`` are the numbers of heads that another key signed, with that key's id.
    """

    device: Device
    epoch: bytes
    records: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    heads: list[tuple[str, LedgerHead, bytes]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    forged: list[tuple[int, bytes]] = field(default_factory=list)

    def add_record(self, item_id: str, number: int, data: bytes) -> None:
        """Take a record in, or answer why not."""
        try:
            found = decode_record(data)
        except WireError as problem:
            self.answers[item_id] = refused(f"The record is not readable: {problem}.")
            return
        if found.number != number or number in self.records:
            self.answers[item_id] = refused(f"The record says number {found.number}, not {number}.")
            return
        self.records[number] = (item_id, data)

    def add_head(self, item_id: str, number: int, envelope: bytes) -> None:
        """Take a head in if the device signed it, or answer why not."""
        try:
            head = sign1.verify(
                LedgerHead,
                envelope,
                audience=self.device.clinic_id.encode(),
                key=PublicKey(self.device.public_key),
            )
        except TrustError as problem:
            self.answers[item_id] = refused(f"The head is not the device's: {problem}.")
            if problem.code in ("issuer", "signature"):
                self.forged.append((number, sign1.peek(envelope).issuer))
            return
        if head.device_id != self.device.device_id or head.epoch != self.epoch:
            self.answers[item_id] = refused("The head is of another device or epoch.")
            return
        self.heads.append((item_id, head, envelope))


@dataclass(frozen=True)
class Verified:
    """A newly verified record."""

    number: int
    data: bytes


class Intake:
    """One batch against what is stored; everything in the caller's transaction."""

    def __init__(self, session: Session, batch: Batch, patient_id: bytes, *, now_ms: int) -> None:
        self._session, self._batch, self._now_ms = session, batch, now_ms
        self.chain = self._locked_chain(patient_id)
        self._stored = self._unverified()
        self._fresh: dict[int, tuple[str, bytes]] = {}
        self._replaced: dict[int, tuple[str, bytes]] = {}

    def run(self) -> list[Verified]:
        """Answer every item of the batch; return what is verified now and was not before."""
        for number, (item_id, data) in sorted(self._batch.records.items()):
            self._sort_in(number, item_id, data)
        for item_id, head, envelope in sorted(self._batch.heads, key=lambda each: each[1].number):
            self._batch.answers[item_id] = self._take_head(head, envelope)
        verified = self._verify()
        self._keep_fresh()
        self._look_for_gaps(verified)
        return verified

    def _sort_in(self, number: int, item_id: str, data: bytes) -> None:
        known = self._known(number)
        if known is None:
            self._fresh[number] = (item_id, data)
        elif known == data:
            self._batch.answers[item_id] = Answer(DUPLICATE)
        elif number <= self.chain.verified_to:
            ours, before = self._hash_at(number), self._hash_at(number - 1)
            self._forks(number, ours, chain_hash(before, data), "Two different records came")
            self._batch.answers[item_id] = refused(
                f"Record {number} is verified with other bytes: the record forks."
            )
        else:
            self._replaced[number] = (item_id, data)

    def _known(self, number: int) -> bytes | None:
        if number > self.chain.verified_to:
            found = self._stored.get(number)
            return found.data if found else None
        return self._session.get_one(StoredRecord, self._key(number)).data

    def _take_head(self, head: LedgerHead, envelope: bytes) -> Answer:
        known = self._session.get(StoredHead, self._key(head.number))
        if known is not None and known.hash == head.hash:
            return Answer(DUPLICATE)
        if known is not None or not self._agrees(head):
            ours = known.hash if known is not None else self._hash_at(head.number)
            self._forks(head.number, ours, head.hash, "The band signed two histories")
            return refused(f"The device signed another history up to {head.number} before.")
        self._session.add(
            StoredHead(
                clinic_id=self.chain.clinic_id,
                device_id=self.chain.device_id,
                epoch=self.chain.epoch,
                number=head.number,
                hash=head.hash,
                envelope=envelope,
                received_ms=self._now_ms,
            )
        )
        self.chain.head_number = max(self.chain.head_number, head.number)
        self._session.flush()
        return Answer(ACCEPTED)

    def _agrees(self, head: LedgerHead) -> bool:
        if head.number > self.chain.verified_to or head.number == 0:
            return True
        return self._hash_at(head.number) == head.hash

    def _hash_at(self, number: int) -> bytes:
        """The chain's hash at a verified record; at 0 the genesis."""
        if number == 0:
            return genesis(self.chain.device_id, self.chain.epoch).hash
        return self._session.get_one(StoredRecord, self._key(number)).hash or b""

    def _forks(self, number: int, ours: bytes, theirs: bytes, words: str) -> None:
        detail = f"{words} for number {number}: {ours.hex()[:16]} stands, {theirs.hex()[:16]} came."
        seen = Seen(Kind.FORK, number, number, detail, ours, theirs)
        find(self._session, self.chain, seen, now_ms=self._now_ms)

    def _look_for_gaps(self, verified: list[Verified]) -> None:
        chain, to = self.chain, self.chain.verified_to
        if verified:
            mend(self._session, chain, Kind.MISMATCH, to, now_ms=self._now_ms)
        if verified or chain.head_number > to:
            note_gap(self._session, chain, to, chain.head_number, now_ms=self._now_ms)

    def _verify(self) -> list[Verified]:
        verified: list[Verified] = []
        for head in self._open_heads():
            stretch = self._stretch(head.number)
            if stretch is None:
                break
            for replaced in (True, False) if self._replaced else (False,):
                hashes = self._hashes(stretch, replaced=replaced)
                if hashes[-1] == head.hash:
                    verified += self._confirm(stretch, hashes, replaced=replaced)
                    break
            else:
                self._refuse_stretch(stretch)
                break
        return verified

    def _open_heads(self) -> Iterable[StoredHead]:
        return self._session.scalars(
            select(StoredHead)
            .where(
                StoredHead.clinic_id == self.chain.clinic_id,
                StoredHead.device_id == self.chain.device_id,
                StoredHead.epoch == self.chain.epoch,
                StoredHead.number > self.chain.verified_to,
            )
            .order_by(StoredHead.number)
        ).all()

    def _stretch(self, to: int) -> list[int] | None:
        numbers = list(range(self.chain.verified_to + 1, to + 1))
        known = self._stored.keys() | self._fresh.keys()
        return numbers if all(number in known for number in numbers) else None

    def _bytes(self, number: int, *, replaced: bool) -> bytes:
        if replaced and number in self._replaced:
            return self._replaced[number][1]
        if number in self._fresh:
            return self._fresh[number][1]
        return self._stored[number].data

    def _hashes(self, stretch: list[int], *, replaced: bool) -> list[bytes]:
        hashes, last = [], self.chain.verified_hash
        for number in stretch:
            last = chain_hash(last, self._bytes(number, replaced=replaced))
            hashes.append(last)
        return hashes

    def _confirm(
        self, stretch: list[int], hashes: list[bytes], *, replaced: bool
    ) -> list[Verified]:
        verified = []
        for number, hash_ in zip(stretch, hashes, strict=True):
            data = self._bytes(number, replaced=replaced)
            self._store(number, data, hash_)
            if replaced and number in self._replaced:
                self._batch.answers[self._replaced.pop(number)[0]] = Answer(ACCEPTED)
            if number in self._fresh:
                self._batch.answers[self._fresh.pop(number)[0]] = Answer(ACCEPTED)
            verified.append(Verified(number, data))
        self.chain.verified_to = stretch[-1]
        self.chain.verified_hash = hashes[-1]
        self.chain.verified_ms = self._now_ms
        self.chain.received_to = max(self.chain.received_to, stretch[-1])
        self._session.flush()
        return verified

    def _refuse_stretch(self, stretch: list[int]) -> None:
        first, last = stretch[0], stretch[-1]
        detail = f"Records {first} to {last} are not what the band signed."
        seen = Seen(Kind.MISMATCH, first, last, detail)
        find(self._session, self.chain, seen, now_ms=self._now_ms)
        for number in stretch:
            for waiting in (self._fresh, self._replaced):
                if number in waiting:
                    self._batch.answers[waiting.pop(number)[0]] = refused(
                        f"Between {first} and {last} a record is not what the device signed."
                    )

    def _keep_fresh(self) -> None:
        for number, (item_id, data) in self._fresh.items():
            self._store(number, data, None)
            self.chain.received_to = max(self.chain.received_to, number)
            self._batch.answers[item_id] = Answer(ACCEPTED)
        for number, (item_id, _) in self._replaced.items():
            self._batch.answers[item_id] = refused(
                f"Record {number} came before with other bytes, and no signed head decides yet."
            )
        self._session.flush()

    def _store(self, number: int, data: bytes, hash_: bytes | None) -> None:
        stored = self._stored.get(number)
        if stored is not None:
            stored.data, stored.hash = data, hash_
            return
        self._session.add(
            StoredRecord(
                clinic_id=self.chain.clinic_id,
                device_id=self.chain.device_id,
                epoch=self.chain.epoch,
                number=number,
                data=data,
                hash=hash_,
                received_ms=self._now_ms,
            )
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

    def _unverified(self) -> dict[int, StoredRecord]:
        found = self._session.scalars(
            select(StoredRecord).where(
                StoredRecord.clinic_id == self.chain.clinic_id,
                StoredRecord.device_id == self.chain.device_id,
                StoredRecord.epoch == self.chain.epoch,
                StoredRecord.number > self.chain.verified_to,
            )
        )
        return {each.number: each for each in found}

    def _key(self, number: int) -> tuple[str, bytes, bytes, int]:
        return (self.chain.clinic_id, self.chain.device_id, self.chain.epoch, number)
