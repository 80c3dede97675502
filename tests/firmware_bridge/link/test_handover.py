"""Control passes from one phone to another, and there is no moment at which both may command (R22).

Two phones with an enrolled app each, on one radio, and the real firmware: after every step both ask
to arm, and one of them at most is let.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from bumble.transport import open_transport

from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.parts.board import build_board
from firmware_bridge.emulator.shell import HOLD_MS, BandShell
from firmware_bridge.link import Connection, DeviceRefused, StimulatorClient
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.radio.process import Radio
from firmware_bridge.timebase import SystemClock
from shared.trust import session_key, sign1
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import Arm, ArmAnswer, Control
from shared.wire.operations import NoncePurpose
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.world import LABEL, PressingAgent
from tests.shared.clinic import DEVICE_ID, PATIENT_ID

WITHIN_S = 60.0
READY_MS = 20_000
SESSION = b"s" * 16


@dataclass
class Phone:
    """A phone that has paired, with an app that is enrolled."""

    app: SoftwareKey
    device_key: PublicKey
    connection: Connection
    client: StimulatorClient
    address: str = ""

    @asynccontextmanager
    async def here(self) -> AsyncIterator[StimulatorClient]:
        """In reach of the band, for a while; a session's key outlives that."""
        keeping = asyncio.create_task(self.connection.keep(self.address))
        try:
            await self.connection.until_ready(READY_MS)
            yield self.client
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def arm(self) -> None:
        """Arm, and hold the session's key."""
        own = SoftwareKey.generate()
        status = self.connection.status
        assert status is not None
        assert status.prescription_hash is not None
        nonce = await self.client.nonce(NoncePurpose.ARM)
        asked = Arm(nonce, SESSION, PATIENT_ID, status.prescription_hash, own.public_key.data)
        message = self._signed(asked)
        answer = await self.client.arm(message)
        audience = self.app.public_key.key_id
        said = sign1.verify(ArmAnswer, answer, audience=audience, key=self.device_key)
        key = session_key.derive(own, PublicKey(said.ephemeral_key), message, answer)
        self.client.hold_session_key(session_key.CommandWriter(key, SESSION))

    async def control(self, *, take: bool) -> None:
        said = Control(await self.client.nonce(NoncePurpose.CONTROL), PATIENT_ID, take)
        send = self.client.take_control if take else self.client.release_control
        await send(self._signed(said))

    def _signed(self, statement: sign1.Statement) -> bytes:
        return sign1.sign(statement, audience=DEVICE_ID, signer=self.app)


@dataclass
class Scene:
    """The band, the phone that had it first, and the new one, which is in control."""

    shell: BandShell
    old: Phone
    new: Phone

    async def who_may_arm(self) -> list[Phone]:
        """Let each ask in its turn; what was armed is stopped again."""
        return [phone for phone in (self.old, self.new) if await self._may(phone)]

    async def _may(self, phone: Phone) -> bool:
        async with phone.here() as client:
            try:
                await phone.arm()
            except DeviceRefused as refusal:
                if refusal.reason != "not_in_control":
                    raise
                return False
            await client.stop()
        return True


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    band, other = Band(tmp_path / "band"), SoftwareKey.generate()
    band.ready()
    band.enrol(other, number=2)
    band.answer_gates()
    band.power_cut()
    clock, public = SystemClock(), band.device_key.public_key
    async with AsyncExitStack() as leaving:
        radio = Radio()
        ports = (await radio.start([0, 0, 0])).hosts
        leaving.push_async_callback(radio.stop)
        hci = await open_transport(f"tcp-client:127.0.0.1:{ports[0]}")
        leaving.push_async_callback(hci.close)
        identity = Identity(DEVICE_ID, band.device_key, b"", band.clinic.manufacturer.public_key)
        board = build_board(
            band.folder, identity, lambda: band.now_ms + clock.elapsed_ms(), durable=False
        )
        shell = BandShell(
            Firmware(board.parts), board, clock, (hci.source, hci.sink), band.folder, LABEL
        )
        running = asyncio.create_task(shell.run())
        leaving.push_async_callback(_ended, running)
        await shell.face.on_air()
        phones = []
        for name, app, port in zip(
            ("old", "new"), (band.clinic.app, other), ports[1:], strict=True
        ):
            adapter = await Adapter.open(f"127.0.0.1:{port}", tmp_path / name)
            leaving.push_async_callback(adapter.close)
            connection = Connection(VirtualBluetooth(adapter), clock)
            phones.append(Phone(app, public, connection, StimulatorClient(connection)))
            await shell.press(HOLD_MS)
            phones[-1].address = await connection.pair(PressingAgent(shell))
            await connection.let_go()
            await shell.face.alone()
        async with asyncio.timeout(WITHIN_S):
            yield Scene(shell, *phones)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_at_no_step_of_a_handover_may_both_command(scene: Scene) -> None:
    assert await scene.who_may_arm() == [scene.new]
    async with scene.new.here():
        await scene.new.control(take=False)
    assert await scene.who_may_arm() == []
    async with scene.old.here():
        await scene.old.control(take=True)
    assert await scene.who_may_arm() == [scene.old]


async def test_what_one_phone_armed_the_other_can_stop_but_not_take(scene: Scene) -> None:
    async with scene.new.here():
        await scene.new.arm()
    assert scene.shell.core.state is DeviceState.ARMED
    async with scene.old.here() as client:
        with pytest.raises(DeviceRefused, match="not_idle"):
            await scene.old.control(take=True)
        await client.stop()
        await scene.old.control(take=True)
    async with scene.new.here() as client:
        with pytest.raises(DeviceRefused, match="not_armed"):
            await client.open_start_window()
    async with scene.old.here():
        await scene.old.arm()
    async with scene.new.here() as client:
        for command in (client.open_start_window, client.beat, client.still_here):
            with pytest.raises(DeviceRefused, match="trust_"):
                await command()
    assert scene.shell.board.coil.fired_total == 0
