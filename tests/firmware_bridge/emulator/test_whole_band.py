"""The real firmware under the shell, spoken to by the app's own link over the radio."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from bumble.transport import open_transport

from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.parts.board import build_board
from firmware_bridge.emulator.shell import HOLD_MS, BandShell
from firmware_bridge.link import Connection, PairingRefusal, PairingRefused, StimulatorClient
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.radio.process import Radio
from firmware_bridge.timebase import ClockServer, ServedClock
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.world import LABEL, WITHIN_S, PressingAgent, made_identity

START_WALL_MS = 1_780_000_000_000
RATE = 20.0


@dataclass
class Scene:
    shell: BandShell
    connection: Connection
    server: ClockServer


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    """A band and an app's link on one served clock."""
    radio, server = Radio(), ClockServer(start_wall_ms=START_WALL_MS, rate=RATE)
    clock_port, ports = await server.start(), (await radio.start([0, 0])).hosts
    band_clock = await ServedClock.connect("127.0.0.1", clock_port, "device")
    phone_clock = await ServedClock.connect("127.0.0.1", clock_port, "phone")
    hci = await open_transport(f"tcp-client:127.0.0.1:{ports[0]}")
    adapter = await Adapter.open(f"127.0.0.1:{ports[1]}", folder / "phone")
    board = build_board(folder / "band", made_identity(), band_clock.wall_ms, durable=False)
    radio_ends = (hci.source, hci.sink)
    shell = BandShell(Firmware(board.parts), board, band_clock, radio_ends, folder / "band", LABEL)
    connection = Connection(VirtualBluetooth(adapter), phone_clock)
    running = asyncio.create_task(shell.run())
    try:
        await shell.face.on_air()
        yield Scene(shell, connection, server)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        for close in (adapter.close, hci.close, radio.stop, band_clock.close, phone_clock.close):
            await close()
        await server.stop()


async def test_held_button_opens_pairing_and_the_app_says_hello(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        await here.shell.press(HOLD_MS)
        assert here.shell.core.pairing_open
        agent = PressingAgent(here.shell, sees=lambda number: shown(here) == f"{number:06}")
        await here.connection.pair(agent)
        hello = await StimulatorClient(here.connection).hello()
        assert hello.device_id == here.shell.board.identity.device_id
        assert not hello.provisioned
        assert here.connection.status is not None
        assert here.connection.status.state is DeviceState.UNPROVISIONED


async def test_number_that_differs_makes_no_bond(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        await here.shell.press(HOLD_MS)
        with pytest.raises(PairingRefused) as refused:
            await here.connection.pair(PressingAgent(here.shell, sees=lambda number: False))
        assert refused.value.refusal is PairingRefusal.NUMBER_DIFFERS
        assert not await here.shell.face.bonds.get_all()


async def test_band_that_was_not_asked_to_pair_refuses(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        with pytest.raises(PairingRefused) as refused:
            await here.connection.pair(PressingAgent(here.shell))
        assert refused.value.refusal is PairingRefusal.NOT_OPEN


async def test_link_heals_by_the_bond_under_another_private_address(tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        await here.shell.press(HOLD_MS)
        address = await here.connection.pair(PressingAgent(here.shell))
        async with asyncio.timeout(WITHIN_S):
            keeping = asyncio.create_task(here.connection.keep(address))
            client = StimulatorClient(here.connection)
            for _ in range(2):
                assert await here.shell.face.drop()
                await here.connection.until_ready(60_000)
                assert (await client.hello()).protocol_version
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


def shown(here: Scene) -> str:
    return here.shell.core.display.text.replace(" ", "")
