"""Blobs to the band: announced, sent part by part without a response, committed by hash.

Nobody waits for a part; what the band missed it tells at the commit, and the transfer goes on from
what it holds. A part waits for its turn as everything written does, so STOP passes the whole blob.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

from firmware_bridge.link.control_point import ControlPoint
from firmware_bridge.link.errors import DeviceRefused, TransferBroken
from firmware_bridge.link.progress import Progress, Watch, unwatched
from firmware_bridge.link.turns import Urgency
from shared.wire.blob_parts import HEAD_BYTES, parts
from shared.wire.operations import (
    MAXIMUM_BLOB_BYTES,
    BlobBeginArguments,
    BlobKind,
    BlobOffset,
    Nothing,
    Operation,
)

TRIES = 8
"""So often a blob is gone on with on one link, where parts were lost or broken (own figure)."""

_MAY_GO_ON = frozenset({"blob_truncated", "blob_hash"})

WritePart = Callable[[bytes], Awaitable[None]]


class BlobDoor:
    """Where blobs are handed over on one connection."""

    def __init__(self, control: ControlPoint, write: WritePart, value_bytes: int) -> None:
        self._control = control
        self._write = write
        self._value_bytes = value_bytes

    async def send(
        self, kind: BlobKind, blob: bytes, *, begun: bool, watch: Watch = unwatched
    ) -> None:
        """Put a blob on the band; one that was `begun` goes on where the band stands."""
        if not 1 <= len(blob) <= MAXIMUM_BLOB_BYTES:
            raise TransferBroken(f"A blob has 1 to {MAXIMUM_BLOB_BYTES} bytes, not {len(blob)}.")
        for left in reversed(range(TRIES)):
            try:
                await (self._go_on if begun else self._begin)(kind, blob, watch)
                return
            except DeviceRefused as refusal:
                if refusal.reason not in _MAY_GO_ON or not left:
                    raise
            begun = True

    async def _begin(self, kind: BlobKind, blob: bytes, watch: Watch) -> None:
        """From the beginning, whatever the band holds: no answer has to be waited for."""
        announced = _announced(kind, blob, 0)
        async with self._control.asked(Operation.BLOB_BEGIN, lambda: announced):
            await self._send_from(0, blob, watch)

    async def _go_on(self, kind: BlobKind, blob: bytes, watch: Watch) -> None:
        announced = _announced(kind, blob, None)
        held: BlobOffset = await self._control.ask(Operation.BLOB_BEGIN, lambda: announced)
        if held.offset > len(blob):
            raise TransferBroken(f"The band holds {held.offset} of {len(blob)} bytes.")
        await self._send_from(held.offset, blob, watch)

    async def _send_from(self, offset: int, blob: bytes, watch: Watch) -> None:
        total = len(blob)
        watch(Progress(offset, total))
        for part in parts(blob[offset:], self._value_bytes):
            async with self._control.turns.turn(Urgency.TRANSFER):
                await self._write(part)
            offset += len(part) - HEAD_BYTES
            watch(Progress(offset, total))
        await self._control.ask(Operation.BLOB_COMMIT, Nothing)


def _announced(kind: BlobKind, blob: bytes, offset: int | None) -> BlobBeginArguments:
    return BlobBeginArguments(kind, len(blob), hashlib.sha256(blob).digest(), offset)
