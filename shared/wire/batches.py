"""Ledger records as they travel: several in one message, each behind its length in one byte.

One record for each notification would waste most of a long value; a message of many records fills
its frames whatever the MTU is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shared.wire.errors import WireError

MAXIMUM_BATCH_BYTES = 2048
RECORDS_IN_A_REPORT = 512
"""A report ends after so many records and is asked on from there: what waits on the phone's side
for being stored stays bounded."""

_LONGEST_RECORD_BYTES = 255
_UINT, _LIST, _SHORT = 0, 4, 24


def batches(records: Iterable[bytes]) -> Iterator[bytes]:
    """Yield messages that carry the records in order, each as full as whole records make it."""
    batch = bytearray()
    for record in records:
        if not 0 < len(record) <= _LONGEST_RECORD_BYTES:
            raise WireError("record", f"has {len(record)} bytes, 1 to {_LONGEST_RECORD_BYTES}")
        if len(batch) + 1 + len(record) > MAXIMUM_BATCH_BYTES:
            yield bytes(batch)
            batch.clear()
        batch.append(len(record))
        batch += record
    if batch:
        yield bytes(batch)


def records_of(batch: bytes) -> list[bytes]:
    """Return the records of one message; raise WireError for a length that doesn't fit."""
    records, place = [], 0
    while place < len(batch):
        end = place + 1 + batch[place]
        if batch[place] == 0 or end > len(batch):
            raise WireError("batch", "has a record whose length doesn't fit")
        records.append(batch[place + 1 : end])
        place = end
    return records


def number_of(record: bytes) -> int:
    """Return a record's number and read no further: one of a newer firmware is passed on unread.

    Raise WireError where the bytes don't begin as a CBOR list with an unsigned number above 0.
    """
    if len(record) < 2 or record[0] >> 5 != _LIST or record[0] & 31 == 0 or record[1] >> 5 != _UINT:
        raise WireError("record", "has no number")
    short = record[1] & 31
    if short < _SHORT:
        number = short
    else:
        length = 1 << (short - _SHORT)
        if length > 8 or len(record) < 2 + length:
            raise WireError("record", "has no number")
        number = int.from_bytes(record[2 : 2 + length], "big")
    if number == 0:
        raise WireError("record", "has the number 0")
    return number
