"""A band with a life of its own and the app's link to it, on one served clock."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bumble.transport import open_transport

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.face.ear import Deaf, Ear, Ears
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.life import Body, Bootloader, Life, only_firmware
from firmware_bridge.emulator.parts.board import build_board
from firmware_bridge.emulator.profile.figures import DESKTOP, Profile
from firmware_bridge.emulator.recording.witness import Nobody, Witness
from firmware_bridge.emulator.shell import HOLD_MS
from firmware_bridge.link import Connection, StimulatorClient
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.radio.process import Radio
from firmware_bridge.timebase import Clock, ClockServer, ServedClock
from tests.firmware_bridge.emulator.world import LABEL, WITHIN_S, PressingAgent, made_identity
from tests.shared.clinic import NOW_S

RATE = 20.0
LOOK_MS = 50


@dataclass
class Scene:
    life: Life
    connection: Connection
    client: StimulatorClient
    running: asyncio.Task[None]
    adapter: Adapter

    async def pair(self) -> str:
        """Hold the button, compare, press; the address that the phone knows the band by."""
        await self.life.press(HOLD_MS)
        return await self.connection.pair(PressingAgent(self.life))

    async def until_boot(self, number: int) -> Cause:
        """Why the boot of that number began, once it is on the air."""
        async with asyncio.timeout(WITHIN_S):
            while len(self.life.boots) < number:
                await self.connection.clock.sleep_ms(LOOK_MS)
            await self.life.face.on_air()
        return self.life.boots[number - 1].cause


@asynccontextmanager
async def living(
    folder: Path,
    bootloader: Bootloader = only_firmware,
    identity: Identity | None = None,
    profile: Profile = DESKTOP,
    ear: Ear | None = None,
    witnessed_by: Callable[[Clock], Witness] = Nobody,
) -> AsyncIterator[Scene]:
    """Clock, radio, band and phone, the band on the air."""
    async with AsyncExitStack() as leaving:
        radio, server = Radio(), ClockServer(start_wall_ms=NOW_S * 1000, rate=RATE)
        clock_port = await server.start()
        leaving.push_async_callback(server.stop)
        ports = (await radio.start([0, 0])).hosts
        leaving.push_async_callback(radio.stop)
        clocks = [
            await ServedClock.connect("127.0.0.1", clock_port, name) for name in ("device", "phone")
        ]
        for clock in clocks:
            leaving.push_async_callback(clock.close)
        hci = await open_transport(f"tcp-client:127.0.0.1:{ports[0]}")
        leaving.push_async_callback(hci.close)
        adapter = await Adapter.open(f"127.0.0.1:{ports[1]}", folder / "phone")
        leaving.push_async_callback(adapter.close)
        state = folder / "band"
        witness = witnessed_by(clocks[0])
        board = build_board(
            state,
            witness.noted(identity or made_identity()),
            witness.now_ms,
            durable=False,
            randomness=witness.randomness,
        )
        controller = witness.snooped(hci)
        air = (controller.source, controller.sink)
        ears = Ears(witness.ear, ear or Deaf())
        body = Body(board, clocks[0], air, state, LABEL, profile, ears)
        life = Life(body, witness.recording(bootloader))
        witness.attend(life)
        connection = Connection(VirtualBluetooth(adapter), clocks[1])
        running = asyncio.create_task(life.run())
        leaving.push_async_callback(_end, running)
        await life.on_air()
        yield Scene(life, connection, StimulatorClient(connection), running, adapter)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
