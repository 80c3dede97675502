"""A request and its answer against a bare write and notification; STOP beside a full transfer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from bleak import BleakClient

from firmware_bridge.link import StimulatorClient
from scripts.bench.figures import Row, percentile
from scripts.bench_link import bare
from scripts.bench_link.world import World

SHORTEST, LONGEST = 23, 517
CALLS = 300
STOPS = 200
TIMES_A_BARE_ONE = 1.5
TIMES_AN_IDLE_ONE = 3.0
WITHIN_S = 10.0


async def times_ms(act: Callable[[], Awaitable[object]], count: int) -> list[float]:
    """How long each of so many calls takes."""
    found = []
    for _ in range(count):
        began = time.perf_counter()
        await act()
        found.append((time.perf_counter() - began) * 1000)
    return found


class Echo:
    """A bare write, and the notification that follows it."""

    def __init__(self, client: BleakClient) -> None:
        self._client = client
        self._heard = asyncio.Event()

    async def subscribe(self) -> None:
        await self._client.start_notify(bare.ECHO, lambda *_: self._heard.set())

    async def once(self) -> None:
        self._heard.clear()
        await self._client.write_gatt_char(bare.ECHO, bytes(8), response=True)
        async with asyncio.timeout(WITHIN_S):
            await self._heard.wait()


async def round_trips(world: World, address: str) -> list[Row]:
    """Medians and tails; one of each in turn, so that what else the machine does hits both."""
    ours: list[float] = []
    bares: list[float] = []
    async with world.linked(address, LONGEST) as connection, world.bare(LONGEST) as client:
        echo = Echo(client)
        await echo.subscribe()
        for _ in range(CALLS):
            ours += await times_ms(StimulatorClient(connection).close, 1)
            bares += await times_ms(echo.once, 1)
    return [
        _row(f"control round trip, p{percent}", ours, bares, percent, TIMES_A_BARE_ONE, "bare")
        for percent in (50, 99)
    ]


async def stops(world: World, address: str) -> list[Row]:
    """STOP on an idle link, and with the ledger under way from end to end."""
    rows = []
    for mtu in (SHORTEST, LONGEST):
        async with world.linked(address, mtu) as connection:
            stimulator = StimulatorClient(connection)
            idle = await times_ms(stimulator.stop, STOPS)
            transferring = asyncio.create_task(_without_end(stimulator))
            busy = await times_ms(stimulator.stop, STOPS)
            transferring.cancel()
            await asyncio.gather(transferring, return_exceptions=True)
        name = f"STOP beside a transfer at MTU {mtu}, p99"
        rows.append(_row(name, busy, idle, 99, TIMES_AN_IDLE_ONE, "idle"))
    return rows


async def _without_end(stimulator: StimulatorClient) -> None:
    while True:
        async for _ in stimulator.ledger(1):
            pass


def _row(
    name: str, ours: list[float], base: list[float], percent: int, at_most: float, what: str
) -> Row:
    one, other = percentile(ours, percent), percentile(base, percent)
    beside = f"{one:.1f} ms, {what} {other:.1f} ms"
    return Row(name, one / other, f"x {what}", at_most=at_most, beside=beside)
