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
from shared.wire import canonical
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


async def in_order(
    records: AsyncGenerator[bytes, None], first: int
) -> AsyncGenerator[LedgerLine, None]:
    """Number the records; one seen before is passed over, a gap ends the transfer."""
    expected = first
    async with aclosing(records):
        async for data in records:
            number = _number(data)
            if number < expected:
                continue
            # The band's first record may be later than asked for; after it there's no gap.
            if number > expected and expected != first:
                raise TransferBroken(f"Record {expected} is missing before {number}.")
            yield LedgerLine(number, data)
            expected = number + 1


def _number(data: bytes) -> int:
    """Only the number: a record of a newer firmware is passed on unread."""
    try:
        line = canonical.decode(data)
    except WireError as error:
        raise TransferBroken(f"A record can't be read: {error}.") from error
    if not isinstance(line, list) or not line or type(line[0]) is not int or line[0] < 1:
        raise TransferBroken("A record has no number.")
    return line[0]


def _offset(held: BlobOffset, *, least: int, size: int) -> int:
    if not least <= held.offset <= size:
        raise TransferBroken(f"The band holds {held.offset} of {size} bytes, that can't be.")
    return held.offset
