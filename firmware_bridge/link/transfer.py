"""What doesn't fit in one message: blobs to the band, ledger records from it. Both resume.

A blob resumes by the offset that the band holds and counts only when committed by its hash;
records resume by the number of the last one that is safely stored.
"""

import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from firmware_bridge.link.errors import TransferBroken
from shared.wire.batches import number_of
from shared.wire.errors import WireError
from shared.wire.operations import (
    MAXIMUM_BLOB_BYTES,
    MAXIMUM_CHUNK_BYTES,
    BlobBeginArguments,
    BlobChunkArguments,
    BlobKind,
    BlobOffset,
    Nothing,
    Operation,
)

Ask = Callable[[Operation, Any], Awaitable[Any]]
Report = Callable[[int], AsyncGenerator[list[bytes], None]]


@dataclass(frozen=True)
class LedgerLine:
    """One record as the band keeps it: its number, and the bytes that the chain is over."""

    number: int
    data: bytes


async def send_blob(ask: Ask, kind: BlobKind, blob: bytes) -> None:
    """Put a blob on the band; called again after a loss, it goes on where the band stands."""
    if not 1 <= len(blob) <= MAXIMUM_BLOB_BYTES:
        raise TransferBroken(f"A blob has 1 to {MAXIMUM_BLOB_BYTES} bytes, not {len(blob)}.")
    begin = BlobBeginArguments(kind, len(blob), hashlib.sha256(blob).digest())
    offset = _offset(await ask(Operation.BLOB_BEGIN, begin), least=0, size=len(blob))
    while offset < len(blob):
        chunk = BlobChunkArguments(offset, blob[offset : offset + MAXIMUM_CHUNK_BYTES])
        held = await ask(Operation.BLOB_CHUNK, chunk)
        offset = _offset(held, least=offset + 1, size=len(blob))
    await ask(Operation.BLOB_COMMIT, Nothing())


async def whole_ledger(report: Report, first: int) -> AsyncGenerator[LedgerLine, None]:
    """Records from number `first` on, report after report until there are none.

    One seen before is passed over; a gap ends the transfer, but for the beginning: the band's
    first record may be later than asked for.
    """
    expected, begun = first, False
    while True:
        asked = expected
        async with aclosing(report(asked)) as arriving:
            async for records in arriving:
                for data in records:
                    number = _number(data)
                    if number < expected:
                        continue
                    if number > expected and begun:
                        raise TransferBroken(f"Record {expected} is missing before {number}.")
                    yield LedgerLine(number, data)
                    expected, begun = number + 1, True
        if expected == asked:
            return


def _number(data: bytes) -> int:
    try:
        return number_of(data)
    except WireError as error:
        raise TransferBroken(f"A record can't be read: {error}.") from error


def _offset(held: BlobOffset, *, least: int, size: int) -> int:
    if not least <= held.offset <= size:
        raise TransferBroken(f"The band holds {held.offset} of {size} bytes, that can't be.")
    return held.offset
