"""A device's record as a file for `circlet-verify`: the bytes as the device wrote and signed them.

Everything that was received goes in, verified or not: judging is the verifier's. The head of a
fork's second history stands at the end, where it takes the proof from no other. Streams, so that
a long record needs no more memory than a short one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.errors import NotFound
from cloud.ledger import stretches
from cloud.ledger.models import LedgerChain, StoredHead, StoredRecord
from cloud.patients.models import Device
from cloud.proof.service import evidence
from shared.wire.ledger_file import Header, Line, LineKind

ROWS_AT_ONCE = 500


def device_of(session: Session, clinic_id: str, name: str) -> Device:
    """Return a device by its serial number, or its id in hexadecimal; raise NotFound."""
    devices = session.scalars(select(Device).where(Device.clinic_id == clinic_id))
    for device in devices:
        if name in (device.serial, device.device_id.hex()):
            return device
    raise NotFound(f"the clinic has no device {name!r:.60}")


def chain_of(session: Session, device: Device, epoch: str | None) -> LedgerChain:
    """Return the device's record of an epoch, or its only one; raise NotFound."""
    chains = session.scalars(
        select(LedgerChain).where(
            LedgerChain.clinic_id == device.clinic_id, LedgerChain.device_id == device.device_id
        )
    ).all()
    wanted = [each for each in chains if epoch in (None, each.epoch.hex())]
    if len(wanted) == 1:
        return wanted[0]
    known = ", ".join(each.epoch.hex() for each in chains) or "none"
    raise NotFound(f"name the epoch with --epoch; there are records of: {known}")


def lines_of(session: Session, device: Device, chain: LedgerChain) -> Iterator[Line | Header]:
    """Yield the file's lines: each head stands right behind the record that it is over."""
    yield Header(device.device_id, chain.epoch, device.certificate)
    yield Line(LineKind.TRANSFER, device.transfer)
    verified = ((each.number, 0, each.data) for each in stretches.records(session, chain))
    records = ((number, 0, data) for number, data in _unverified(session, chain))
    heads = ((number, 1, data) for number, data in _heads(session, chain))
    for _, is_head, data in heapq.merge(verified, records, heads):
        yield Line(LineKind.HEAD if is_head else LineKind.RECORD, data)
    yield from (Line(LineKind.HEAD, envelope) for envelope in evidence(session, chain))


def _unverified(session: Session, chain: LedgerChain) -> Iterator[tuple[int, bytes]]:
    rows = session.execute(
        select(StoredRecord.number, StoredRecord.data)
        .where(
            StoredRecord.clinic_id == chain.clinic_id,
            StoredRecord.device_id == chain.device_id,
            StoredRecord.epoch == chain.epoch,
        )
        .order_by(StoredRecord.number)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    return ((row.number, row.data) for row in rows)


def _heads(session: Session, chain: LedgerChain) -> Iterator[tuple[int, bytes]]:
    rows = session.execute(
        select(StoredHead.number, StoredHead.envelope)
        .where(
            StoredHead.clinic_id == chain.clinic_id,
            StoredHead.device_id == chain.device_id,
            StoredHead.epoch == chain.epoch,
        )
        .order_by(StoredHead.number)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    return ((row.number, row.envelope) for row in rows)
