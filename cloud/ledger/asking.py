"""What the clinic lacks of a band's record, so that the phone that has it sends it again.

A database that was restored is older than what phones were answered; and unverified records may
not be what the device signed. A phone isn't told to send what it still has to send anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.ledger.models import LedgerChain, StoredHead, StoredRecord
from cloud.proof.kinds import Kind
from cloud.proof.service import stands_to

RANGES_AT_MOST = 50
ROWS_AT_MOST = 20_000


@dataclass(frozen=True)
class Holding:
    """What the clinic has of one epoch: nothing beyond ``received_to``, no head beyond
    ``head_number``, and of what lies before none of ``lacks``, from number to number."""

    device_id: bytes
    epoch: bytes
    verified_to: int
    received_to: int
    head_number: int
    lacks: tuple[tuple[int, int], ...]


def holdings(
    session: Session, clinic_id: str, device_ids: Collection[bytes]
) -> tuple[Holding, ...]:
    """Return what the clinic has of each of these devices' records."""
    chains = session.scalars(
        select(LedgerChain)
        .where(LedgerChain.clinic_id == clinic_id, LedgerChain.device_id.in_(device_ids))
        .order_by(LedgerChain.device_id, LedgerChain.epoch)
    )
    return tuple(
        Holding(
            chain.device_id,
            chain.epoch,
            chain.verified_to,
            chain.received_to,
            chain.head_number,
            _lacks(session, chain),
        )
        for chain in chains
    )


def _lacks(session: Session, chain: LedgerChain) -> tuple[tuple[int, int], ...]:
    """Without a signed head nothing says yet that anything is missing."""
    held_to = max(chain.verified_to, stands_to(session, chain, Kind.UNREAD))
    if chain.head_number <= held_to:
        return ()
    first_head = session.scalar(
        select(func.min(StoredHead.number)).where(
            StoredHead.clinic_id == chain.clinic_id,
            StoredHead.device_id == chain.device_id,
            StoredHead.epoch == chain.epoch,
            StoredHead.number > held_to,
        )
    )
    numbers = session.scalars(
        select(StoredRecord.number)
        .where(
            StoredRecord.clinic_id == chain.clinic_id,
            StoredRecord.device_id == chain.device_id,
            StoredRecord.epoch == chain.epoch,
            StoredRecord.number > held_to,
        )
        .order_by(StoredRecord.number)
        .limit(ROWS_AT_MOST)
    )
    gaps = _gaps(held_to, numbers)
    if first_head is not None and not any(first <= first_head for first, _ in gaps):
        # All of it is there and doesn't hold together.
        gaps.insert(0, (held_to + 1, first_head))
    return tuple(gaps[:RANGES_AT_MOST])


def _gaps(before: int, numbers: Iterable[int]) -> list[tuple[int, int]]:
    found, last = [], before
    for number in numbers:
        if number > last + 1:
            found.append((last + 1, number - 1))
        last = number
    return found
