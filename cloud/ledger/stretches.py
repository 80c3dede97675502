"""Verified records, kept and read in stretches: one row for many, in the order of their numbers.

A row for each record cost more than all else that is done with it; and once verified, a record is
read with its neighbours and never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from cloud.ledger.errors import DamagedStretch
from cloud.ledger.models import LedgerStretch
from shared.dose.ledger import chain_hash
from shared.wire.batches import records_of
from shared.wire.errors import WireError

RECORDS_AT_MOST = 512
ROWS_AT_ONCE = 20


class OfChain(Protocol):
    """Names a device's record of one epoch."""

    @property
    def clinic_id(self) -> str: ...

    @property
    def device_id(self) -> bytes: ...

    @property
    def epoch(self) -> bytes: ...


class Verified(NamedTuple):
    """A verified record: its number and bytes, the chain's hash at it, and when it came."""

    number: int
    data: bytes
    hash: bytes
    received_ms: int


def keep(session: Session, chain: OfChain, before: bytes, new: Sequence[Verified]) -> None:
    """Keep newly verified records, the next in the chain; ``before`` is its hash before them."""
    rows = []
    for part in _parts(new):
        rows.append(
            {
                "clinic_id": chain.clinic_id,
                "device_id": chain.device_id,
                "epoch": chain.epoch,
                "number": part[0].number,
                "last_number": part[-1].number,
                "records": b"".join([bytes((len(one.data),)) + one.data for one in part]),
                "before": before,
                "hash": part[-1].hash,
                "received_ms": part[0].received_ms,
            }
        )
        before = part[-1].hash
    if rows:
        session.execute(insert(LedgerStretch), rows)


def records(
    session: Session, chain: OfChain, first: int = 1, last: int | None = None
) -> Iterator[Verified]:
    """Yield the verified records from ``first`` to ``last``, in order, a few rows at a time."""
    conditions = [LedgerStretch.last_number >= first]
    if last is not None:
        conditions.append(LedgerStretch.number <= last)
    rows = session.execute(
        select(LedgerStretch.__table__)
        .where(*of_chain(chain), *conditions)
        .order_by(LedgerStretch.number)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for row in rows:
        for one in opened(row):
            if first <= one.number and (last is None or one.number <= last):
                yield one


def opened(row: Any) -> list[Verified]:
    """Return the records of one stretch; raise DamagedStretch where they aren't what was kept."""
    hash_, found = row.before, []
    try:
        all_ = records_of(row.records)
    except WireError as problem:
        raise DamagedStretch(row.number) from problem
    for number, data in enumerate(all_, start=row.number):
        hash_ = chain_hash(hash_, data)
        found.append(Verified(number, data, hash_, row.received_ms))
    if hash_ != row.hash or row.number + len(found) - 1 != row.last_number:
        raise DamagedStretch(row.number)
    return found


def newest(session: Session, chain: OfChain, limit: int) -> list[bytes]:
    """Return the bytes of the newest verified records, newest first."""
    found: list[bytes] = []
    rows = session.execute(
        select(LedgerStretch.records)
        .where(*of_chain(chain))
        .order_by(LedgerStretch.number.desc())
        .limit(limit)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for row in rows:
        found += reversed(records_of(row.records))
        if len(found) >= limit:
            break
    rows.close()
    return found[:limit]


def of_chain(chain: OfChain) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for the stretches of one chain."""
    return (
        LedgerStretch.clinic_id == chain.clinic_id,
        LedgerStretch.device_id == chain.device_id,
        LedgerStretch.epoch == chain.epoch,
    )


def _parts(new: Sequence[Verified]) -> Iterable[list[Verified]]:
    for _, together in groupby(new, key=lambda one: one.received_ms):
        same = list(together)
        for first in range(0, len(same), RECORDS_AT_MOST):
            yield same[first : first + RECORDS_AT_MOST]
