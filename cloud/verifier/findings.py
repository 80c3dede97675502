"""What speaks against a ledger: kinds of flaw, each with the record numbers that it is about."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

FINDINGS_MAX = 1000
"""Findings that are kept in words; further ones are counted."""


class Flaw(StrEnum):
    """Why a ledger isn't whole."""

    CERTIFICATE = "certificate"
    """The device's certificate isn't by this manufacturer: nothing that follows is proven."""

    TRANSFER = "transfer"
    """The transfer isn't by this manufacturer for this device, or no record names it."""

    UNREADABLE = "unreadable"
    """Bytes that are no line, or no record in its one form."""

    GAP = "gap"
    """Records that a later record or head shows to have been, and that aren't there."""

    OUT_OF_ORDER = "out_of_order"
    """Records behind others of a higher number."""

    REPEATED = "repeated"
    """The same record a second time."""

    FORK = "fork"
    """Two records of one number, or two signed heads of one number over different histories."""

    BROKEN_LINK = "broken_link"
    """A stretch whose records aren't those that the device signed."""

    HEAD = "head"
    """A head that isn't the device's, or is of another device or epoch."""

    RECEIPT = "receipt"
    """A receipt that isn't the clinic's, or is over another history."""

    CONTRADICTION = "contradiction"
    """A record that can't follow the one before, whoever signed it."""

    UNSIGNED = "unsigned"
    """No signed head covers anything."""


@dataclass(frozen=True)
class Finding:
    """One flaw, over the records ``first`` to ``last`` (0 before the first)."""

    flaw: Flaw
    first: int
    last: int
    words: str

    @property
    def numbers(self) -> str:
        """The records in words."""
        return span(self.first, self.last)


@dataclass
class Findings:
    """All flaws so far; neighbours of one kind and wording are one finding."""

    kept: list[Finding] = field(default_factory=list)
    left_out: int = 0

    def add(self, flaw: Flaw, first: int, words: str, *, last: int | None = None) -> None:
        """Keep a flaw, joined to the newest one where it goes on."""
        found = Finding(flaw, first, first if last is None else last, words)
        newest = self.kept[-1] if self.kept else None
        if newest and (newest.flaw, newest.words, newest.last + 1) == (flaw, words, first):
            self.kept[-1] = replace(newest, last=found.last)
        elif len(self.kept) < FINDINGS_MAX:
            self.kept.append(found)
        else:
            self.left_out += 1

    @property
    def first(self) -> Finding | None:
        """The first broken link: the flaw with the lowest record number."""
        return min(self.kept, key=lambda each: each.first, default=None)


def span(first: int, last: int) -> str:
    """Return record numbers in words."""
    if last == 0:
        return "before record 1"
    return f"record {first}" if first == last else f"records {first} to {last}"
