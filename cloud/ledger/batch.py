"""What one upload brings of a band's record: read, its heads verified, each item with an answer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from cloud.ledger.slices import Slice, read
from cloud.patients.models import Device
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import LedgerHead
from shared.wire.batches import number_of
from shared.wire.errors import WireError
from shared.wire.records import MAXIMUM_RECORD_BYTES, Record

ACCEPTED, DUPLICATE, REFUSED = "accepted", "duplicate", "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one item is answered: accepted, duplicate, or refused with a reason in words."""

    answer: str
    reason: str | None = None


TAKEN, KNOWN = Answer(ACCEPTED), Answer(DUPLICATE)


def refused(reason: str) -> Answer:
    """Return a refusal."""
    return Answer(REFUSED, reason)


class Brought(NamedTuple):
    """A record that an item brought: its bytes, and what they say; None where this version can't
    read them: a newer firmware's are kept until one can (ADR 35)."""

    item_id: str
    data: bytes
    line: Slice | Record | None


@dataclass
class Batch:
    """Records and heads of one device and epoch from one upload; answers by item id.

    ``forged`` are the numbers of heads that another key signed, with that key's id.
    """

    device: Device
    epoch: bytes
    records: dict[int, Brought] = field(default_factory=dict)
    heads: list[tuple[str, LedgerHead, bytes]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    forged: list[tuple[int, bytes]] = field(default_factory=list)

    def add_record(self, item_id: str, number: int, data: bytes) -> None:
        """Take a record in, or answer why not."""
        line: Slice | Record | None = None
        try:
            line = read(data)
            said = line.number
        except WireError as problem:
            said = _number_of_unread(data)
            if not said:
                self.answers[item_id] = refused(f"The record is not readable: {problem}.")
                return
        if said != number:
            self.answers[item_id] = refused(f"The record says number {said}, not {number}.")
            return
        self.records[number] = Brought(item_id, data, line)

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
                # One whose parts name different keys can't be read, and is nobody's.
                with suppress(TrustError):
                    self.forged.append((number, sign1.peek(envelope).issuer))
            return
        if head.device_id != self.device.device_id or head.epoch != self.epoch:
            self.answers[item_id] = refused("The head is of another device or epoch.")
            return
        if head.number != number:
            self.answers[item_id] = refused(f"The head says number {head.number}, not {number}.")
            return
        self.heads.append((item_id, head, envelope))


def _number_of_unread(data: bytes) -> int:
    """Return the number of a record of any format; 0 where it's none at all."""
    if len(data) > MAXIMUM_RECORD_BYTES:
        return 0
    with suppress(WireError):
        return number_of(data)
    return 0
