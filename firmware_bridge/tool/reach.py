"""From the options of a command to Bluetooth, a clock, and a paired band that answers."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from firmware_bridge.link import (
    BluetoothPort,
    Connection,
    LinkTimeout,
    StimulatorClient,
    SystemBluetooth,
)
from firmware_bridge.link.translation import link_errors
from firmware_bridge.timebase import Clock, ServedClock, open_clock
from firmware_bridge.tool.home import Home

CLOCK_NAME = "engineer"
SHORTEST_MTU = 23


@dataclass(frozen=True)
class Way:
    """Bluetooth, the time, and what this computer knows already."""

    bluetooth: BluetoothPort
    clock: Clock
    home: Home
    short_mtu: Callable[[], BluetoothPort] | None = None

    def connection(self) -> Connection:
        """A link that isn't open yet."""
        return Connection(self.bluetooth, self.clock)


@dataclass(frozen=True)
class Band:
    """A paired band on an open link."""

    way: Way
    connection: Connection
    client: StimulatorClient


@asynccontextmanager
async def open_way(options: argparse.Namespace) -> AsyncIterator[Way]:
    """Open what the options name, and close it behind the command."""
    home = Home(options.state)
    async with AsyncExitStack() as leaving:
        clock = await open_clock(options.clock, CLOCK_NAME)
        if isinstance(clock, ServedClock):
            leaving.push_async_callback(clock.close)
        if options.radio is None:
            yield Way(SystemBluetooth(), clock, home)
        else:
            yield await _virtual(options.radio, clock, home, leaving)


@asynccontextmanager
async def open_band(options: argparse.Namespace) -> AsyncIterator[Band]:
    """Reach the paired band and stay connected for as long as the block takes."""
    async with open_way(options) as way, kept(way, way.home.band, options.within) as band:
        yield band


@asynccontextmanager
async def kept(way: Way, address: str, within_s: float) -> AsyncIterator[Band]:
    """Stay connected to a band; what ends the link for good is raised in the block's place."""
    connection = way.connection()
    keeping = asyncio.create_task(connection.keep(address), name="keep")
    try:
        await _until_ready(connection, keeping, within_s)
        yield Band(way, connection, StimulatorClient(connection))
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
        if not keeping.cancelled() and (problem := keeping.exception()) is not None:
            raise problem


async def _until_ready(
    connection: Connection, keeping: asyncio.Task[None], within_s: float
) -> None:
    """In real time: what takes place on the air doesn't follow a clock server."""
    ready = asyncio.create_task(connection.until_ready(int(within_s * 1000)), name="ready")
    try:
        async with asyncio.timeout(within_s):
            await asyncio.wait([keeping, ready], return_when=asyncio.FIRST_COMPLETED)
    except TimeoutError as error:
        raise LinkTimeout("connect", int(within_s * 1000)) from error
    else:
        if keeping.done():
            keeping.result()
    finally:
        ready.cancel()
        await asyncio.gather(ready, return_exceptions=True)


async def _virtual(radio: str, clock: Clock, home: Home, leaving: AsyncExitStack) -> Way:
    # Imports late: a real adapter needs no virtual radio installed.
    from firmware_bridge.radio.adapter import Adapter
    from firmware_bridge.radio.port import VirtualBluetooth

    with link_errors():
        adapter = await Adapter.open(radio, home.radio)
    leaving.push_async_callback(adapter.close)
    return Way(
        VirtualBluetooth(adapter),
        clock,
        home,
        short_mtu=lambda: VirtualBluetooth(adapter, mtu=SHORTEST_MTU),
    )
