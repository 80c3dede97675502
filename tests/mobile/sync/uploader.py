"""A phone's upload as a process of its own, so that a test can kill it: DATA URL [POINT].

With POINT it kills itself at that one of the points that it passes, counted from 0: before and
after each commit of its store, and before and after each request.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, event

from firmware_bridge.timebase import SystemClock
from mobile.platform import FileKeyStore, KeyName, signer
from mobile.store import open_store
from mobile.store.outbox import OutboxItem
from mobile.sync import Downloaded, IngestClient, Uploaded, exchange
from mobile.sync.signing import RequestSigner
from tests.mobile.sync.clinic import PHONE


class Points:
    """Counts the points passed and kills the process at one of them; at none without a number."""

    def __init__(self, at: int | None) -> None:
        self._left = at

    def passes(self, *_: object) -> None:
        if self._left is None:
            return
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1


class WatchedClient(IngestClient):
    """A client with a point before and after each request."""

    points = Points(None)

    async def send(self, items: Sequence[OutboxItem]) -> Uploaded:
        self.points.passes()
        answer = await super().send(items)
        self.points.passes()
        return answer

    async def fetch(self, cursor: int) -> Downloaded:
        self.points.passes()
        answer = await super().fetch(cursor)
        self.points.passes()
        return answer


async def upload(data: Path, url: str, at: int | None = None) -> None:
    """Send everything that waits."""
    keys = FileKeyStore(data)
    key = signer(keys, KeyName.REQUEST)
    assert key is not None
    client = WatchedClient(url, SystemClock())
    client.sign_as(RequestSigner(PHONE, key))
    store = open_store(data, keys)
    client.points = Points(at)
    event.listen(Engine, "commit", client.points.passes)
    await exchange(store, client)
    store.close()
    await client.close()


if __name__ == "__main__":
    point = int(sys.argv[3]) if len(sys.argv) > 3 else None
    asyncio.run(upload(Path(sys.argv[1]), sys.argv[2], point))
