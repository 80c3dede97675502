"""A phone's upload as a process of its own, so that a test can kill it: DATA URL."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from firmware_bridge.timebase import SystemClock
from mobile.platform import FileKeyStore, KeyName, signer
from mobile.store import open_store
from mobile.sync import IngestClient, exchange
from mobile.sync.signing import RequestSigner
from tests.mobile.sync.clinic import PHONE


async def upload(data: Path, url: str) -> None:
    """Send everything that waits."""
    keys = FileKeyStore(data)
    key = signer(keys, KeyName.REQUEST)
    assert key is not None
    client = IngestClient(url, SystemClock())
    client.sign_as(RequestSigner(PHONE, key))
    store = open_store(data, keys)
    await exchange(store, client)
    store.close()
    await client.close()


if __name__ == "__main__":
    asyncio.run(upload(Path(sys.argv[1]), sys.argv[2]))
