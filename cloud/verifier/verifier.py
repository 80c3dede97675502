"""Judges one ledger file: certificate, chain, heads, meaning, and what was given.

One pass; what it learns comes out as entries in the order of the records, each marked as proven or
not, and ends with a summary. Memory doesn't grow with the file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cloud.verifier.chain import LOOK_BACK, Chain, Place, Stretch
from cloud.verifier.findings import Findings, Flaw
from cloud.verifier.sessions import Account, Notable, Session, Sums
from cloud.verifier.witnesses import Witnesses
from shared.dose import ledger
from shared.dose.ledger import LedgerError, LedgerState
from shared.dose.verification import verification_number
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import Certificate, LedgerHead, Purpose
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.ledger_file import Header, LineKind, Start
from shared.wire.ledger_reading import Damaged, Placed
from shared.wire.records import ProvisionedBody, Record, decode_record


@dataclass(frozen=True)
class Entry:
    """A session or another thing to know, and whether a signed head covers its records."""

    first: int
    last: int
    what: Session | Notable
    proven: bool


@dataclass(frozen=True)
class Summary:
    """What the whole file came to.

    ``verification`` is a report's number for the record ``verified_at`` that was asked for; None
    where no signed head covers that record.
    """

    header: Header
    certificate: Certificate | None
    clinics: tuple[bytes, ...]
    records: int
    first: int | None
    last: int
    heads: int
    receipts: int
    receipts_judged: int
    retired: bool
    stretches: tuple[Stretch, ...]
    unsigned_tail: int
    missing: tuple[tuple[int, int], ...]
    folded_to: int
    pulses: int
    courses: dict[bytes | None, Sums]
    findings: Findings
    verified_at: int | None = None
    verification: str | None = None

    @property
    def whole(self) -> bool:
        """Nothing speaks against it."""
        return not self.findings.kept


class Verifier:
    """One run over one file; ``verified_at`` is the record that a report's number is asked for."""

    def __init__(
        self, header: Header, manufacturer: PublicKey, verified_at: int | None = None
    ) -> None:
        self._verified_at, self._hash_there = verified_at, b""
        self.header, self.findings = header, Findings()
        genesis = ledger.genesis(header.device_id, header.epoch)
        self._state: LedgerState | None = genesis
        self._chain = Chain(genesis.hash, self.findings)
        self._account = Account()
        self._witnesses = Witnesses(header, manufacturer, self._chain, self.findings)
        self._waiting: deque[Entry] = deque()
        self._clinics: dict[bytes, None] = {}
        self._folded_to = 0
        self._retired = False
        self._certificate = self._judge_certificate(manufacturer)

    def run(self, lines: Iterable[Placed]) -> Iterator[Entry]:
        """Yield entries as heads settle them; when this has ended, ``summary`` is complete."""
        for placed in lines:
            self._take(placed)
            yield from self._settled()
        self._await(self._account.left_open())
        self._conclude()
        yield from self._settled(keep=0)

    def summary(self) -> Summary:
        """Return what it came to."""
        chain = self._chain
        return Summary(
            header=self.header,
            certificate=self._certificate,
            clinics=tuple(self._clinics),
            records=chain.records,
            first=chain.first,
            last=chain.number,
            heads=chain.heads,
            receipts=self._witnesses.receipts,
            receipts_judged=self._witnesses.receipts_judged,
            retired=self._retired,
            stretches=tuple(chain.stretches),
            unsigned_tail=max(0, chain.number - chain.judged_to),
            missing=tuple(chain.missing.ranges),
            folded_to=self._folded_to,
            pulses=self._account.pulses,
            courses=self._account.courses,
            findings=self.findings,
            verified_at=self._verified_at,
            verification=self._verification(),
        )

    def _verification(self) -> str | None:
        at, header = self._verified_at, self.header
        proven = any(each.first <= (at or 0) <= each.last for each in self._chain.stretches)
        if at is None or not proven or not self._hash_there:
            return None
        return verification_number(header.device_id, header.epoch, at, self._hash_there)

    def _judge_certificate(self, manufacturer: PublicKey) -> Certificate | None:
        try:
            return certificates.judge(
                self.header.certificate,
                purpose=Purpose.DEVICE,
                clinic_id=self.header.device_id,
                root=manufacturer,
                now_s=None,
            )
        except TrustError as problem:
            self.findings.add(Flaw.CERTIFICATE, 0, f"the device's certificate: {problem}")
            return None

    def _take(self, placed: Placed) -> None:
        content = placed.content
        if isinstance(content, Damaged):
            self._damaged(f"{placed.place}: {content.problem}")
            return
        match content.kind:
            case LineKind.RECORD:
                self._take_record(content.data)
            case LineKind.HEAD:
                self._take_head(content.data)
            case LineKind.RECEIPT:
                self._witnesses.take_receipt(content.data)
            case LineKind.TRANSFER:
                self._witnesses.take_transfer(content.data)
            case LineKind.CERTIFICATE:
                self._witnesses.take_certificate(content.data)
            case LineKind.START:
                self._take_start(content.data)
            case LineKind.HEADER:
                self._damaged(f"{placed.place}: a second header")

    def _damaged(self, words: str) -> None:
        self.findings.add(Flaw.UNREADABLE, self._chain.number + 1, words)

    def _take_start(self, data: bytes) -> None:
        try:
            start = fields.unpack(Start, data)
        except WireError as problem:
            self._damaged(f"a start: {problem}")
            return
        if not self._chain.start_behind(start.number, start.hash):
            self._damaged("a start behind a record or head")
        self._state = None

    def _take_record(self, data: bytes) -> None:
        try:
            record = decode_record(data)
        except WireError as problem:
            number = self._chain.number + 1
            self.findings.add(Flaw.UNREADABLE, number, str(problem))
            self._chain.take(number, data)
            self._state = None
            return
        where = self._chain.take(record.number, data)
        if where is Place.BESIDE:
            return
        if record.number == self._verified_at:
            self._hash_there = self._chain.hash or b""
        if where is Place.AFTER_GAP:
            self._state = None
        self._fold(record, data)
        self._tell(record)

    def _fold(self, record: Record, data: bytes) -> None:
        if self._state is None or self._state.number + 1 != record.number:
            self._state = None
            return
        try:
            self._state = ledger.follow(self._state, record, data)
            self._folded_to = record.number
        except LedgerError as problem:
            self.findings.add(Flaw.CONTRADICTION, record.number, problem.problem)
            self._state = None

    def _tell(self, record: Record) -> None:
        if isinstance(record.body, ProvisionedBody):
            self._witnesses.name_transfer(record.body.transfer_hash)
        told = self._account.take(record)
        self._await(told)
        if isinstance(told, Session) and told.said_pulses not in (None, told.pulses):
            words = f"says {told.said_pulses} pulses, its slices add up to {told.pulses}"
            self.findings.add(Flaw.CONTRADICTION, record.number, words)

    def _take_head(self, envelope: bytes) -> None:
        if self._certificate is None:
            return
        number = self._chain.number
        try:
            audience = sign1.peek(envelope).audience
            key = certificates.key_of(self._certificate)
            head = sign1.verify(LedgerHead, envelope, audience=audience, key=key)
        except TrustError as problem:
            self.findings.add(Flaw.HEAD, number, f"a head: {problem}")
            return
        if (head.device_id, head.epoch) != (self.header.device_id, self.header.epoch):
            self.findings.add(Flaw.HEAD, number, "a head is of another device or epoch")
            return
        self._clinics[audience] = None
        self._retired = self._retired or head.retired
        if head.number != number and self._chain.first is None:
            self._state = None
        self._chain.take_head(head)

    def _await(self, told: Session | Notable | None) -> None:
        match told:
            case Session():
                last = self._chain.number if told.closed is None else told.closed
                self._waiting.append(Entry(told.opened, last, told, proven=False))
            case Notable():
                self._waiting.append(Entry(told.number, told.number, told, proven=False))

    def _settled(self, keep: int = LOOK_BACK) -> Iterator[Entry]:
        waiting, stretch = self._waiting, self._chain.proven
        while waiting and (waiting[0].last <= self._chain.judged_to or len(waiting) > keep):
            entry = waiting.popleft()
            covered = stretch and stretch.first <= entry.first and entry.last <= stretch.last
            yield replace(entry, proven=bool(covered))

    def _conclude(self) -> None:
        self._witnesses.conclude()
        for first, last in self._chain.missing.ranges:
            self.findings.add(Flaw.GAP, first, "missing", last=last)
        if self._certificate is not None and not self._chain.heads:
            self.findings.add(Flaw.UNSIGNED, 0, "no signed head covers any record")
        if self._state is not None and self._state.total_pulses != self._account.pulses:
            words = (
                f"the records add up to {self._account.pulses} pulses, "
                f"the device's own sum to {self._state.total_pulses}"
            )
            self.findings.add(Flaw.CONTRADICTION, self._chain.number, words)
