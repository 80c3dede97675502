"""How long after a loss the link stands again, with the band in reach."""

from __future__ import annotations

import asyncio
import time

from firmware_bridge.link import Connection, LinkState
from scripts.bench.figures import Row, percentile
from scripts.bench_link.world import READY_MS, World

LOSSES = 200
MTU = 517
AT_MOST_S = 10.0


async def losses(world: World, address: str) -> list[Row]:
    """Two hundred losses, one after the other."""
    async with world.linked(address, MTU) as connection:
        took_s = [await _once(world, connection) for _ in range(LOSSES)]
    p50, p95 = percentile(took_s, 50), percentile(took_s, 95)
    beside = f"longest {max(took_s):.2f} s"
    return [
        Row(f"back after a loss, p50 of {LOSSES}", p50, "s"),
        Row(f"back after a loss, p95 of {LOSSES}", p95, "s", at_most=AT_MOST_S, beside=beside),
    ]


async def _once(world: World, connection: Connection) -> float:
    lost = asyncio.Event()
    leave = connection.watch(lambda state: None if state is LinkState.READY else lost.set())
    began = time.perf_counter()
    await world.drop()
    await lost.wait()
    await connection.until_ready(READY_MS)
    leave()
    return time.perf_counter() - began
