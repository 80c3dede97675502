"""How many bands this machine carries, each with a phone that beats and asks.

`python -m scripts.bench_fleet --bands 8,16` runs a fleet of each size in a process of its own,
pairs a phone with each band, arms it, and lets every phone beat and say hello once a second. A size
is carried where every answer comes within the link's limits and no band misses a beat.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firmware_bridge.demo.clinic import DemoClinic
from firmware_bridge.demo.keys import load_keys
from firmware_bridge.demo.setting_up import set_up
from firmware_bridge.demo.sitting import arm, pass_gates
from firmware_bridge.hand.hand import EmulatedHand
from firmware_bridge.hand.surface import Surface
from firmware_bridge.link import Connection, LinkError, StimulatorClient
from firmware_bridge.link.beat import PERIOD_MS
from firmware_bridge.link.control_point import ANSWER_LIMIT_MS
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.timebase import SystemClock
from shared.wire.status import DeviceState

READY_WITHIN_S = 180.0
PAIRED_AT_ONCE = 16
"""Buttons held together: the pairing window must last until the last of them has its turn."""


@dataclass
class Pair:
    """A band's surface and the phone that it knows."""

    hand: EmulatedHand
    clinic: DemoClinic
    connection: Connection
    client: StimulatorClient
    hello_ms: list[float] = field(default_factory=list)
    beat_ms: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@asynccontextmanager
async def fleet(bands: int, state: Path) -> AsyncIterator[dict[str, Any]]:
    """A fleet in a process of its own; ended by SIGTERM."""
    command = ["-m", "firmware_bridge.emulator.cli", "fleet", str(bands)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        "--state",
        str(state),
        "--no-fsync",
        stdout=asyncio.subprocess.PIPE,
        limit=2**22,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(READY_WITHIN_S):
            word, _, said = (await process.stdout.readline()).decode().partition(" ")
        if word != "ready":
            raise SystemExit("the fleet did not come up")
        yield json.loads(said)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def measured(bands: int, seconds: int) -> list[Pair]:
    """Every pair of a fleet of that size, after so long."""
    # The phones outlast the fleet: no band has to look for another phone while it ends.
    async with AsyncExitStack() as phones, AsyncExitStack() as leaving:
        folder = Path(phones.enter_context(tempfile.TemporaryDirectory()))
        ready = await leaving.enter_async_context(fleet(bands, folder / "fleet"))
        pairs = [
            await _pair_of(band, port, folder, phones)
            for band, port in zip(ready["bands"], ready["phones"], strict=True)
        ]
        await asyncio.gather(*(pair.hand.surface.fault(out_of_reach=True) for pair in pairs))
        for first in range(0, bands, PAIRED_AT_ONCE):
            some = pairs[first : first + PAIRED_AT_ONCE]
            await asyncio.gather(*(pair.hand.hold() for pair in some))
            for pair in some:
                await _make_ready(pair)
        await asyncio.gather(*(_arm(pair) for pair in pairs))
        await asyncio.gather(
            *(_load(pair, seconds, number / bands) for number, pair in enumerate(pairs))
        )
        return pairs


async def _pair_of(band: dict[str, Any], port: int, folder: Path, leaving: AsyncExitStack) -> Pair:
    adapter = await Adapter.open(f"127.0.0.1:{port}", folder / f"phone-{port}")
    leaving.push_async_callback(adapter.close)
    connection = Connection(VirtualBluetooth(adapter), SystemClock())
    clinic = DemoClinic(load_keys(Path(band["demo"])), SystemClock())
    hand = EmulatedHand(Surface(f"127.0.0.1:{band['port']}", band["token"]))
    return Pair(hand, clinic, connection, StimulatorClient(connection))


async def _make_ready(pair: Pair) -> None:
    """Only one band is in reach at a time, so that each phone finds its own."""
    await pair.hand.surface.fault(out_of_reach=False)
    await pair.connection.pair(pair.hand)
    await set_up(pair.client, pair.clinic, pair.hand.press)


async def _arm(pair: Pair) -> None:
    await pass_gates(pair.client, pair.clinic)
    status = pair.connection.status
    assert status is not None
    assert status.prescription_hash is not None
    await arm(pair.client, pair.clinic, status.prescription_hash)


async def _load(pair: Pair, seconds: int, share: float) -> None:
    """Each phone begins at its own share of the period, as people do who know nothing of others."""
    await asyncio.sleep(share * PERIOD_MS / 1000)
    async with asyncio.TaskGroup() as group:
        group.create_task(_ask(pair, pair.client.hello, pair.hello_ms, seconds))
        group.create_task(_ask(pair, pair.client.beat, pair.beat_ms, seconds))
    status = pair.connection.status
    if status is None or status.state is not DeviceState.ARMED:
        pair.failed.append("no longer armed")


async def _ask(
    pair: Pair, ask: Callable[[], Awaitable[Any]], taken_ms: list[float], seconds: int
) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    for _ in range(seconds):
        asked = loop.time()
        try:
            await ask()
        except LinkError as problem:
            pair.failed.append(problem.code)
        taken_ms.append((loop.time() - asked) * 1000)
        due = max(due + PERIOD_MS / 1000, loop.time())
        await asyncio.sleep(due - loop.time())


def told(bands: int, pairs: list[Pair]) -> bool:
    """Print one line; whether the size is carried."""
    hellos = [ms for pair in pairs for ms in pair.hello_ms]
    beats = [ms for pair in pairs for ms in pair.beat_ms]
    failed = sum(len(pair.failed) for pair in pairs)
    carried = not failed and max(hellos) <= ANSWER_LIMIT_MS and max(beats) <= PERIOD_MS
    print(
        f"{bands:4} bands  hello p50 {statistics.median(hellos):6.0f} ms  max {max(hellos):6.0f}"
        f" (limit {ANSWER_LIMIT_MS})  beat p50 {statistics.median(beats):6.0f} ms"
        f"  max {max(beats):6.0f} (limit {PERIOD_MS})  failed {failed:3}"
        f"  {'carried' if carried else 'NOT CARRIED'}",
        flush=True,
    )
    return carried


def main() -> int:
    """Print a line for each size; return 1 where the first is not carried."""
    parser = argparse.ArgumentParser(description="How many bands this machine carries.")
    parser.add_argument("--bands", default="4,8,16,32,48,64", help="sizes, by commas")
    parser.add_argument("--seconds", type=int, default=20, help="how long each is under load")
    options = parser.parse_args()
    print(f"on {os.cpu_count()} cores, {options.seconds} s under load each", flush=True)
    carried = 0
    for bands in (int(each) for each in options.bands.split(",")):
        if not told(bands, asyncio.run(measured(bands, options.seconds))):
            break
        carried = bands
    print(f"carried: {carried}")
    return 0 if carried else 1


if __name__ == "__main__":
    sys.exit(main())
