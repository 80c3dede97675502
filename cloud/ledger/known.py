"""What the clinic has of a chain where a batch touches it, read in a few queries for all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.ledger.models import LedgerChain, LedgerStretch, StoredHead, StoredRecord
from cloud.ledger.stretches import of_chain, opened
from shared.dose.ledger import genesis

NUMBERS_IN_A_QUERY = 400


class Past:
    """Verified records that a batch names again: their bytes, and the chain's hashes there."""

    def __init__(self, session: Session, chain: LedgerChain, numbers: Collection[int]) -> None:
        self._data: dict[int, bytes] = {}
        self._hashes = {0: genesis(chain.device_id, chain.epoch).hash}
        verified_to = chain.verified_to
        wanted = sorted(number for number in numbers if 0 < number <= verified_to)
        for row in _stretches(session, chain, wanted):
            self._read(row)

    def data(self, number: int) -> bytes:
        """Return the bytes of a verified record that was asked for."""
        return self._data[number]

    def hash(self, number: int) -> bytes:
        """Return the chain's hash at, or right before, a record that was asked for."""
        return self._hashes[number]

    def _read(self, row: LedgerStretch) -> None:
        self._hashes[row.number - 1] = row.before
        for one in opened(row):
            self._hashes[one.number], self._data[one.number] = one.hash, one.data


def _stretches(session: Session, chain: LedgerChain, wanted: list[int]) -> Iterator[LedgerStretch]:
    """Yield the stretches in which the wanted numbers are, and no others."""
    if not wanted:
        return
    ends = session.execute(
        select(LedgerStretch.number, LedgerStretch.last_number)
        .where(
            *of_chain(chain),
            LedgerStretch.last_number >= wanted[0],
            LedgerStretch.number <= wanted[-1],
        )
        .order_by(LedgerStretch.number)
    ).all()
    firsts, place = [], 0
    for first, last in ends:
        while place < len(wanted) and wanted[place] < first:
            place += 1
        if place < len(wanted) and wanted[place] <= last:
            firsts.append(first)
    for part in _in_parts(firsts):
        yield from session.scalars(
            select(LedgerStretch).where(*of_chain(chain), LedgerStretch.number.in_(part))
        )


def unverified(
    session: Session, chain: LedgerChain, first: int, last: int
) -> dict[int, tuple[bytes, int]]:
    """Return bytes and arrival of the records from ``first`` to ``last`` that no head covers."""
    found = session.execute(
        select(StoredRecord.number, StoredRecord.data, StoredRecord.received_ms).where(
            StoredRecord.clinic_id == chain.clinic_id,
            StoredRecord.device_id == chain.device_id,
            StoredRecord.epoch == chain.epoch,
            StoredRecord.number.between(first, last),
        )
    )
    return {row.number: (row.data, row.received_ms) for row in found}


def open_heads(session: Session, chain: LedgerChain) -> dict[int, bytes]:
    """Return the hashes of the signed heads beyond what is verified, by number."""
    return _heads(session, chain, StoredHead.number > chain.verified_to)


def heads_at(session: Session, chain: LedgerChain, numbers: Collection[int]) -> dict[int, bytes]:
    """Return the hashes of the signed heads at these numbers, by number."""
    found: dict[int, bytes] = {}
    for part in _in_parts(sorted(numbers)):
        found |= _heads(session, chain, StoredHead.number.in_(part))
    return found


def envelope(session: Session, chain: LedgerChain, number: int) -> bytes | None:
    """Return the head at a number as the band signed it."""
    name = (chain.clinic_id, chain.device_id, chain.epoch, number)
    found = session.get(StoredHead, name)
    return None if found is None else found.envelope


def _heads(session: Session, chain: LedgerChain, which: object) -> dict[int, bytes]:
    rows = session.execute(
        select(StoredHead.number, StoredHead.hash).where(
            StoredHead.clinic_id == chain.clinic_id,
            StoredHead.device_id == chain.device_id,
            StoredHead.epoch == chain.epoch,
            which,  # type: ignore[arg-type]
        )
    )
    return {row.number: row.hash for row in rows}


def _in_parts(numbers: list[int]) -> Iterator[list[int]]:
    for first in range(0, len(numbers), NUMBERS_IN_A_QUERY):
        yield numbers[first : first + NUMBERS_IN_A_QUERY]
