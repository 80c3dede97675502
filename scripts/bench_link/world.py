"""Radio, a band with its past, a bare peripheral, and this process as the phone."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bleak import BleakClient

from firmware_bridge.link import Connection, StimulatorClient
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.airtime import PHYS, Phy
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.timebase import SystemClock
from scripts.bench_link import bare
from scripts.bench_link.past import live
from scripts.bench_link.processes import Running, running
from shared.trust.keys import PublicKey

HOLD_MS = 3_200
READY_MS = 20_000
CONNECT_S = 10.0


@dataclass(frozen=True)
class World:
    """What runs, and how to reach it."""

    folder: Path
    radio: Running
    band: Running
    adapter: Adapter
    device_key: PublicKey
    clinic_id: bytes
    phy: Phy | None
    """How its air takes time; None where it takes none."""

    async def drop(self) -> None:
        """Break every connection on the air."""
        await post(self.radio.said["control_port"], "/drop", b"{}")

    @asynccontextmanager
    async def linked(self, address: str, mtu: int) -> AsyncIterator[Connection]:
        """The app's own connection to the band, at this MTU."""
        connection = Connection(VirtualBluetooth(self.adapter, mtu=mtu), SystemClock())
        keeping = asyncio.create_task(connection.keep(address))
        try:
            await connection.until_ready(READY_MS)
            yield connection
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    @asynccontextmanager
    async def bare(self, mtu: int) -> AsyncIterator[BleakClient]:
        """A plain bleak client of the bare peripheral, at this MTU."""
        bluetooth = VirtualBluetooth(self.adapter, mtu=mtu)
        client = bluetooth.client(bare.ADDRESS, lambda _: None, CONNECT_S)
        await client.connect()
        try:
            yield client
        finally:
            await client.disconnect()


class Person:
    """Confirms the number on both sides."""

    def __init__(self, press: Button) -> None:
        self._press = press

    async def confirm_number(self, number: int) -> bool:
        self._pressing = asyncio.create_task(self._press.press())
        return True


@dataclass(frozen=True)
class Button:
    """The band's button, by its control surface."""

    port: int
    token: str

    async def press(self) -> None:
        await post(self.port, "/button", b'{"press": true}', self.token)

    async def hold(self) -> None:
        await post(self.port, "/button", f'{{"hold_ms": {HOLD_MS}}}'.encode(), self.token)


async def post(port: int, path: str, content: bytes, token: str = "") -> None:
    """Post JSON to a control page on this machine."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", content, headers)
    answer = await asyncio.to_thread(urllib.request.urlopen, request, timeout=CONNECT_S)
    answer.close()


@asynccontextmanager
async def built(folder: Path, link: str | None) -> AsyncIterator[tuple[World, str]]:
    """Everything running, and phone and band paired; with the band's address."""
    past = await asyncio.to_thread(live, folder / "band", folder / "identity")
    async with AsyncExitStack() as leaving:
        enter = leaving.enter_async_context
        ports = ["--port", "0"] * 3
        air = ["--phy", link] if link else []
        radio = await enter(running("firmware_bridge.radio.cli", *ports, *air))
        for_band, for_bare, for_phone = (f"127.0.0.1:{port}" for port in radio.said["ports"])
        state, identity = str(folder / "band"), str(folder / "identity")
        band = await enter(
            running(
                "firmware_bridge.emulator.cli",
                *("run", "--radio", for_band, "--state", state, "--identity", identity),
                "--no-fsync",
            )
        )
        await enter(running("scripts.bench_link.bare", "--radio", for_bare))
        adapter = await Adapter.open(for_phone, folder / "phone")
        leaving.push_async_callback(adapter.close)
        key, clinic_id = past.device_key.public_key, past.clinic.clinic_id
        phy = PHYS[link] if link else None
        world = World(folder, radio, band, adapter, key, clinic_id, phy)
        yield world, await _paired(world)


async def _paired(world: World) -> str:
    button = Button(world.band.said["port"], world.band.said["token"])
    await button.hold()
    connection = Connection(VirtualBluetooth(world.adapter), SystemClock())
    address = await connection.pair(Person(button))
    await StimulatorClient(connection).hello()
    await connection.let_go()
    return address
