"""Queues again what the clinic has answered for and doesn't have: it may have lost its database.

The records are kept on this phone beside the outbox, and of the signed heads the newest is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mobile.store.outbox import Outbox, OutboxItem
from mobile.store.records import Records
from shared.wire.items import UpKind, ledger_name, record_id


@dataclass(frozen=True)
class Holding:
    """What the clinic has of one epoch: nothing beyond ``received_to``, no head beyond
    ``head_number``, and of what lies before none of ``lacks``, from number to number."""

    epoch: bytes
    received_to: int = 0
    head_number: int = 0
    lacks: tuple[tuple[int, int], ...] = ()


def send_again(records: Records, outbox: Outbox, held: Sequence[Holding]) -> int:
    """Queue what the clinic lacks and was sent before; return how many items that is."""
    by_epoch = {each.epoch: each for each in held}
    queued = 0
    for epoch, first, last in records.extents():
        holding = by_epoch.get(epoch, Holding(epoch))
        numbers = _wanted(holding, first, last)
        device_id = outbox.device_of(epoch) if numbers else None
        if device_id is None:
            continue
        answered = outbox.accepted([record_id(device_id, epoch, number) for number in numbers])
        known = [ledger_name(name, UpKind.RECORD)[2] for name in answered]
        if known:
            bodies = dict(enumerate(records.read(epoch, min(known)), start=min(known)))
            outbox.queue_again(
                [
                    OutboxItem(record_id(device_id, epoch, number), UpKind.RECORD, bodies[number])
                    for number in known
                ]
            )
        queued += len(known)
    return queued + _head_again(outbox, by_epoch, anyway=queued > 0)


def _wanted(holding: Holding, first: int, last: int) -> list[int]:
    spans = (*holding.lacks, (holding.received_to + 1, last))
    return sorted(
        {number for begin, end in spans for number in range(max(begin, first), min(end, last) + 1)}
    )


def _head_again(outbox: Outbox, by_epoch: dict[bytes, Holding], *, anyway: bool) -> int:
    name = outbox.kept_head()
    if name is None:
        return 0
    _, epoch, number = ledger_name(name, UpKind.HEAD)
    if not anyway and number <= by_epoch.get(epoch, Holding(epoch)).head_number:
        return 0
    return outbox.queue_kept_head(name)
