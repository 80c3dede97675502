"""Follows numbers and hashes, and holds signed heads against them.

A record doesn't name the hash before it: what proves a stretch is the next signed head. After a
break the hash goes on from that head, so that one bad record doesn't take the proof from all that
follow.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

from cloud.verifier.findings import Findings, Flaw
from cloud.verifier.missing import Missing
from shared.dose.ledger import chain_hash
from shared.trust.statements import LedgerHead

LOOK_BACK = 4096
"""How many records and heads back a repetition or a fork is told apart (own figure)."""

STRETCHES_MAX = 1000
"""Proven stretches that are listed; there is one, unless something is broken."""

T = TypeVar("T")


class Place(Enum):
    """Where a record stands."""

    NEXT = auto()
    AFTER_GAP = auto()
    BESIDE = auto()


@dataclass(frozen=True)
class Stretch:
    """Records that hang together by number and hash and end in a signed head."""

    first: int
    last: int


@dataclass(frozen=True)
class _Passed:
    """What is kept of a record or head that went by."""

    data: bytes
    hash: bytes | None


class Chain:
    """The chain up to the newest record; its flaws go to ``findings``."""

    def __init__(self, genesis_hash: bytes, findings: Findings) -> None:
        self._findings = findings
        self._passed: OrderedDict[int, _Passed] = OrderedDict()
        self._heads: OrderedDict[int, bytes] = OrderedDict()
        self._stretch_first = 1
        self._judged_to = 0
        self.number = 0
        self.first: int | None = None
        self.hash: bytes | None = genesis_hash
        self.missing = Missing()
        self.stretches: list[Stretch] = []
        self.proven: Stretch | None = None
        self.records = 0
        self.heads = 0

    @property
    def judged_to(self) -> int:
        """Number of the newest record that a head has spoken about."""
        return self._judged_to

    def place(self, number: int) -> Place:
        """Return where a record of this number stands."""
        if number == self.number + 1:
            return Place.NEXT
        return Place.AFTER_GAP if number > self.number else Place.BESIDE

    def take(self, number: int, data: bytes) -> Place:
        """Go on by one record; return where it stood."""
        where = self.place(number)
        self.records += 1
        if where is Place.BESIDE:
            self._beside(number, data)
            return where
        if where is Place.AFTER_GAP:
            self._gap(self.number + 1, number - 1)
        self._go_on(number, data)
        return where

    def start_behind(self, number: int, claimed_hash: bytes) -> bool:
        """Begin behind an overwritten record, by a claim that the next head proves; return whether
        nothing came before."""
        if self.number or self.first is not None:
            return False
        self.number, self.hash = number, claimed_hash
        self._judged_to = number
        self._stretch_first = number + 1
        return True

    def take_head(self, head: LedgerHead) -> None:
        """Hold a head that the device signed against the records."""
        self.heads += 1
        other = self._heads.get(head.number)
        if other is not None and other != head.hash:
            self._findings.add(Flaw.FORK, head.number, "the device signed two histories up to here")
            return
        _remember(self._heads, head.number, head.hash)
        if head.number < self.number:
            self._late(head)
        elif head.number > self.number:
            self._ahead(head)
        elif self.hash is None:
            self._resume(head)
        elif self.hash == head.hash:
            self._prove(head.number)
        else:
            self._break(head)

    def hash_at(self, number: int) -> bytes | None:
        """Return h(number) as the records give it; None where that isn't known any more."""
        if number == self.number:
            return self.hash
        passed = self._passed.get(number)
        return None if passed is None else passed.hash

    def _go_on(self, number: int, data: bytes) -> None:
        self.hash = None if self.hash is None else chain_hash(self.hash, data)
        self.number = number
        self.first = number if self.first is None else self.first
        _remember(self._passed, number, _Passed(data, self.hash))

    def _beside(self, number: int, data: bytes) -> None:
        passed = self._passed.get(number)
        if self.missing.fill(number):
            self._findings.add(Flaw.OUT_OF_ORDER, number, "stands behind a later record")
        elif passed is None:
            self._findings.add(Flaw.OUT_OF_ORDER, number, "stands far behind a later record")
        elif passed.data == data:
            self._findings.add(Flaw.REPEATED, number, "is there twice")
        else:
            self._findings.add(Flaw.FORK, number, "two different records have one number")

    def _gap(self, first: int, last: int) -> None:
        if self.first is None:
            self._stretch_first = last + 1
        self.missing.add(first, last)
        self.hash = None

    def _late(self, head: LedgerHead) -> None:
        there = self.hash_at(head.number)
        if there is None:
            return
        if there == head.hash:
            self._prove(head.number)
        else:
            self._refuse(head)

    def _ahead(self, head: LedgerHead) -> None:
        if self.start_behind(head.number, head.hash):
            return
        self._gap(self.number + 1, head.number)
        self.number = head.number
        self._resume(head)

    def _resume(self, head: LedgerHead) -> None:
        self.hash = head.hash
        self._judged_to = head.number
        self._stretch_first = head.number + 1

    def _break(self, head: LedgerHead) -> None:
        self._refuse(head)
        self._resume(head)

    def _refuse(self, head: LedgerHead) -> None:
        first = min(max(self._judged_to + 1, self._stretch_first), head.number)
        words = "not every record here is the one that the device signed"
        self._findings.add(Flaw.BROKEN_LINK, first, words, last=head.number)

    def _prove(self, number: int) -> None:
        self._judged_to = max(self._judged_to, number)
        if number < self._stretch_first:
            return
        newest, self.proven = self.proven, Stretch(self._stretch_first, number)
        if newest is None or newest.first != self._stretch_first:
            self.stretches = [*self.stretches[:STRETCHES_MAX], self.proven]
        else:
            self.proven = Stretch(newest.first, max(newest.last, number))
            self.stretches[-1] = self.proven


def _remember(kept: OrderedDict[int, T], number: int, value: T) -> None:
    kept[number] = value
    while len(kept) > LOOK_BACK:
        kept.popitem(last=False)
