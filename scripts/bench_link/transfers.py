"""Ledger and blobs against the same number of bytes in bare notifications, at each MTU."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from pathlib import Path

from bleak import BleakClient

from firmware_bridge.link import Connection, StimulatorClient
from mobile.engine.ledger_copy import LedgerCopy
from mobile.platform import FileKeyStore
from mobile.store import Store, open_store
from scripts.bench.figures import Row, median
from scripts.bench_link import bare
from scripts.bench_link.bounds import best_of_blobs
from scripts.bench_link.world import World
from shared.trust import sign1
from shared.trust.statements import NONCE_BYTES, LedgerHead
from shared.wire.blob_parts import MAXIMUM_BLOB_BYTES
from shared.wire.operations import BlobKind

MTUS = (23, 64, 185, 247, 517)
ROUNDS = 5
BLOBS = 10
AT_LEAST = 0.85
PUSH_WITHIN_S = 60.0


class Pushed:
    """Bare notifications, counted as they come."""

    def __init__(self, client: BleakClient) -> None:
        self._client = client
        self._left = 0
        self._done = asyncio.Event()

    async def subscribe(self) -> None:
        await self._client.start_notify(bare.PUSH, self._take)

    async def seconds(self, count: int) -> float:
        """How long so many bytes take, from asking for them to the last."""
        self._left = count
        self._done.clear()
        began = time.perf_counter()
        await self._client.write_gatt_char(bare.PUSH, count.to_bytes(4), response=True)
        async with asyncio.timeout(PUSH_WITHIN_S):
            await self._done.wait()
        return time.perf_counter() - began

    def _take(self, _: object, value: bytearray) -> None:
        self._left -= len(value)
        if self._left <= 0:
            self._done.set()


async def fetch_ledger(world: World, connection: Connection) -> tuple[int, float]:
    """As the app does: the signed head, each record folded, all stored; return bytes and seconds.

    The app has its store open since it started: that isn't counted.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder), FileKeyStore(Path(folder)))
        began = time.perf_counter()
        heard = await _fetch(world, StimulatorClient(connection), store)
        took_s = time.perf_counter() - began
        store.close()
    return heard, took_s


async def _fetch(world: World, stimulator: StimulatorClient, store: Store) -> int:
    heard, envelope = 0, await stimulator.head(secrets.token_bytes(NONCE_BYTES))
    head = sign1.verify(LedgerHead, envelope, audience=world.clinic_id, key=world.device_key)
    copy = LedgerCopy(store, head.device_id)
    copy.begin(head.epoch)
    async for line in stimulator.ledger(1, last=head.number):
        if line.number <= head.number:
            copy.hear(line.data)
            heard += len(line.data)
    copy.prove(head, now_ms=0)
    return heard


async def send_blobs(connection: Connection) -> int:
    """The longest blobs there are, one after the other; return their bytes."""
    stimulator = StimulatorClient(connection)
    for _ in range(BLOBS):
        blob = secrets.token_bytes(MAXIMUM_BLOB_BYTES)
        await stimulator.send_blob(BlobKind.PRESCRIPTION, blob)
    return BLOBS * MAXIMUM_BLOB_BYTES


async def transfers(world: World, address: str) -> list[Row]:
    """Two rows for each MTU, each the median over rounds in turn with their baseline."""
    rows = []
    for mtu in MTUS:
        ledger, blobs = [], []
        for _ in range(ROUNDS):
            (one, other) = await _round(world, address, mtu)
            ledger.append(one)
            blobs.append(other)
        rows += [
            _row(f"ledger at MTU {mtu}", ledger),
            _row(f"blobs at MTU {mtu}", blobs, _air_alone(world, mtu)),
        ]
    return rows


async def _round(
    world: World, address: str, mtu: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Bytes a second of ledger and blobs, each beside the baseline's."""
    async with world.linked(address, mtu) as connection, world.bare(mtu) as client:
        pushed = Pushed(client)
        await pushed.subscribe()
        ledger_bytes, ledger_s = await fetch_ledger(world, connection)
        bare_ledger_s = await pushed.seconds(ledger_bytes)
        began = time.perf_counter()
        blob_bytes = await send_blobs(connection)
        blobs_s = time.perf_counter() - began
        bare_blobs_s = await pushed.seconds(blob_bytes)
    return (
        (ledger_bytes / ledger_s, ledger_bytes / bare_ledger_s),
        (blob_bytes / blobs_s, blob_bytes / bare_blobs_s),
    )


def _air_alone(world: World, mtu: int) -> str:
    if world.phy is None:
        return ""
    return f"; the air alone allows {best_of_blobs(world.phy, mtu):.2f}"


def _row(name: str, rates: list[tuple[float, float]], more: str = "") -> Row:
    ours, bares = (median(each) for each in zip(*rates, strict=True))
    ratio = median([one / other for one, other in rates])
    beside = f"{ours / 1000:.0f} kB/s, bare {bares / 1000:.0f} kB/s{more}"
    return Row(name, ratio, "of bare", at_least=AT_LEAST, beside=beside)
