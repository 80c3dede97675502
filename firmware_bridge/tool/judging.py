"""What a ledger file proves, by the maker's certificate, the chain and the signed heads.

The same fold as in device, phone and cloud. `circlet-verify` says more: it names each session and
goes on behind a flaw; this ends at the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.dose import ledger
from shared.dose.ledger import LedgerError, LedgerState
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import LedgerHead, Purpose
from shared.wire.batches import number_of
from shared.wire.errors import WireError
from shared.wire.fields import unpack
from shared.wire.ledger_file import Header, LineKind, Start
from shared.wire.ledger_reading import Damaged, LedgerFile, Placed


class Flaw(Exception):
    """Something speaks against the file; ``place`` is where."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place, self.problem = place, problem


@dataclass
class Proven:
    """What was seen and what of it is proven; ``flaw`` is the first thing that isn't."""

    device_id: bytes
    records: int = 0
    last: int = 0
    heads: int = 0
    signed_to: int = 0
    pulses: int | None = None
    flaw: Flaw | None = None

    @property
    def whole(self) -> bool:
        """Every record is there, and a signed head covers the last one."""
        return self.flaw is None and self.heads > 0 and self.signed_to == self.last


def judge(file: LedgerFile, manufacturer: PublicKey) -> Proven:
    """Read the whole file; what it proves ends at the first flaw."""
    proven = Proven(file.header.device_id)
    try:
        judging = _Judging(file.header, _device_key(file.header, manufacturer), proven)
        judging.take_all(file.lines)
    except Flaw as flaw:
        proven.flaw = flaw
    return proven


def device_key(certificate: bytes, device_id: bytes, manufacturer: PublicKey) -> PublicKey:
    """The device's key, by its maker's certificate; TrustError where that doesn't hold."""
    said = certificates.judge(
        certificate,
        purpose=Purpose.DEVICE,
        clinic_id=device_id,
        root=manufacturer,
        now_s=None,
    )
    return certificates.key_of(said)


def head_by(envelope: bytes, key: PublicKey) -> LedgerHead:
    """A head that this device signed, for whichever clinic; TrustError else."""
    return sign1.verify(LedgerHead, envelope, audience=sign1.peek(envelope).audience, key=key)


def _device_key(header: Header, manufacturer: PublicKey) -> PublicKey:
    try:
        return device_key(header.certificate, header.device_id, manufacturer)
    except TrustError as problem:
        raise Flaw("header", f"the maker's certificate doesn't hold: {problem}") from problem


class _Judging:
    """One pass over the lines."""

    def __init__(self, header: Header, key: PublicKey, proven: Proven) -> None:
        self._header, self._key, self._proven = header, key, proven
        self._state: LedgerState | None = ledger.genesis(header.device_id, header.epoch)
        self._hash = self._state.hash
        self._number = 0

    def take_all(self, lines: Iterable[Placed]) -> None:
        for placed in lines:
            if isinstance(placed.content, Damaged):
                raise Flaw(placed.place, placed.content.problem)
            try:
                self._take(placed.content.kind, placed.content.data)
            except (WireError, LedgerError, TrustError) as problem:
                raise Flaw(placed.place, str(problem)) from problem
        self._proven.pulses = None if self._state is None else self._state.total_pulses

    def _take(self, kind: LineKind, data: bytes) -> None:
        match kind:
            case LineKind.RECORD:
                self._take_record(data)
            case LineKind.HEAD:
                self._take_head(data)
            case LineKind.START:
                start = unpack(Start, data)
                self._state, self._number, self._hash = None, start.number, start.hash
            case _:
                return

    def _take_record(self, data: bytes) -> None:
        number = number_of(data)
        if number != self._number + 1:
            raise LedgerError(number, f"follows {self._number}")
        if self._state is not None:
            self._state = ledger.take(self._state, data)
        self._number, self._hash = number, ledger.chain_hash(self._hash, data)
        self._proven.records += 1
        self._proven.last = number

    def _take_head(self, envelope: bytes) -> None:
        head = head_by(envelope, self._key)
        if (head.device_id, head.epoch) != (self._header.device_id, self._header.epoch):
            raise LedgerError(self._number, "the head is of another device or epoch")
        if (head.number, head.hash) != (self._number, self._hash):
            raise LedgerError(self._number, "the head is over another history")
        self._proven.heads += 1
        self._proven.signed_to = head.number
