"""A band on a virtual radio with a bare Bluetooth host for a phone, in one process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bumble.core import AdvertisingData
from bumble.device import Advertisement, Connection, Device, DeviceConfiguration, Peer
from bumble.gatt_client import CharacteristicProxy
from bumble.hci import Address
from bumble.host import Host
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport import open_transport

from firmware_bridge.emulator.face.services import Label
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.life import Body, Life
from firmware_bridge.emulator.parts.board import build_board
from firmware_bridge.emulator.shell import RunningBand
from firmware_bridge.radio.process import Radio
from firmware_bridge.timebase import Clock, SystemClock
from shared.trust.keys import SoftwareKey
from shared.wire import gatt
from tests.firmware_bridge.emulator.stand_in import EchoCore

LABEL = Label("Circlet", "Band", "emulated", "0.1.0", "ab" * 16)
WITHIN_S = 10.0


def made_identity() -> Identity:
    return Identity(
        device_id=bytes.fromhex("ab" * 16),
        signer=SoftwareKey.generate(),
        certificate=b"certificate",
        manufacturer=SoftwareKey.generate().public_key,
    )


class ComparingPhone(PairingDelegate):
    """The phone's side of a numeric comparison: `answer` is given the number."""

    def __init__(
        self,
        answer: Callable[[int], Awaitable[bool]],
        io: PairingDelegate.IoCapability = PairingDelegate.DISPLAY_OUTPUT_AND_YES_NO_INPUT,
    ) -> None:
        super().__init__(io)
        self._answer = answer

    async def compare_numbers(self, number: int, digits: int) -> bool:
        return await self._answer(number)


class Phone:
    """A central without any of the app."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.connection: Connection | None = None
        self._peer: Peer | None = None

    def pair_by(self, delegate: PairingDelegate, *, sc: bool = True, mitm: bool = True) -> None:
        config = PairingConfig(
            sc=sc,
            mitm=mitm,
            bonding=True,
            delegate=delegate,
            identity_address_type=PairingConfig.AddressType.RANDOM,
        )
        self.device.pairing_config_factory = lambda connection: config

    async def hear(self) -> Advertisement:
        """The next advertisement of a band."""
        heard: asyncio.Future[Advertisement] = asyncio.get_running_loop().create_future()

        def take(advertisement: Advertisement) -> None:
            name = advertisement.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
            if name == "Band" and not heard.done():
                heard.set_result(advertisement)

        self.device.on("advertisement", take)
        await self.device.start_scanning(active=False)
        try:
            async with asyncio.timeout(WITHIN_S):
                return await heard
        finally:
            await self.device.stop_scanning()
            self.device.remove_listener("advertisement", take)

    async def connect(self) -> Connection:
        address = (await self.hear()).address
        self.connection = await self.device.connect_le(address, timeout=WITHIN_S)
        return self.connection

    async def characteristic(self, uuid: str) -> CharacteristicProxy[bytes]:
        assert self.connection is not None
        if self._peer is None or self._peer.connection is not self.connection:
            self._peer = Peer(self.connection)
            await self._peer.request_mtu(517)
            await self._peer.discover_services()
            await self._peer.discover_characteristics()
        return next(
            each
            for service in self._peer.services
            for each in service.characteristics
            if each.uuid == each.uuid.__class__(uuid)
        )

    async def gone(self) -> None:
        """Return when the connection has ended."""
        assert self.connection is not None
        if self.connection.handle not in self.device.connections:
            return
        ended = asyncio.Event()
        self.connection.on(Connection.EVENT_DISCONNECTION, lambda reason: ended.set())
        async with asyncio.timeout(WITHIN_S):
            await ended.wait()


class World:
    """One band, one phone."""

    def __init__(
        self, core: EchoCore, life: Life, phone: Phone, running: asyncio.Task[None]
    ) -> None:
        self.running = running
        self.core = core
        self.life = life
        self.shell = life.shell
        self.phone = phone

    async def number_shown(self) -> int:
        await self.until(lambda: self.core.number is not None)
        assert self.core.number is not None
        return self.core.number

    async def pair(self) -> None:
        """Pair as people do: compare, confirm on the phone, press on the band."""
        self.core.pairing_open = True

        async def same(number: int) -> bool:
            same = await self.number_shown() == number
            await self.shell.press()
            return same

        self.phone.pair_by(ComparingPhone(same))
        connection = self.phone.connection or await self.phone.connect()
        await connection.pair()
        # A round trip: what the phone sent last in pairing has arrived, and the bond is kept.
        await (await self.phone.characteristic(gatt.STATUS)).read_value()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return once something that the core was told makes it hold."""
        async with asyncio.timeout(WITHIN_S):
            while not holds():
                self.core.changed.clear()
                await self.core.changed.wait()

    async def alone(self) -> None:
        """Return once the band knows that the phone is gone."""
        async with asyncio.timeout(WITHIN_S):
            await self.shell.face.alone()


class PressingAgent:
    """A person with phone and band before them, who compares and then presses."""

    def __init__(self, shell: RunningBand, *, sees: Callable[[int], bool] = lambda number: True):
        self._shell = shell
        self._sees = sees
        self.numbers: list[int] = []

    async def confirm_number(self, number: int) -> bool:
        self.numbers.append(number)
        if self._sees(number):
            await self._shell.press()
            return True
        return False


@asynccontextmanager
async def world(folder: Path, clock: Clock | None = None) -> AsyncIterator[World]:
    """A running band with a stand-in for its firmware, and a phone in reach."""
    radio, core, clock = Radio(), EchoCore(), clock or SystemClock()
    ports = (await radio.start([0, 0])).hosts
    band_radio = await open_transport(f"tcp-client:127.0.0.1:{ports[0]}")
    phone_radio = await open_transport(f"tcp-client:127.0.0.1:{ports[1]}")
    board = build_board(folder, made_identity(), clock.elapsed_ms, durable=False)
    body = Body(board, clock, (band_radio.source, band_radio.sink), folder, LABEL)
    life = Life(body, lambda board, boot: core)
    phone = Phone(await _phone(phone_radio.source, phone_radio.sink))
    running = asyncio.create_task(life.run())
    try:
        yield World(core, life, phone, running)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await phone_radio.close()
        await band_radio.close()
        await radio.stop()


async def _phone(source: object, sink: object) -> Device:
    config = DeviceConfiguration(name="phone", address=Address.generate_static_address())
    device = Device(config=config, host=Host(source, sink))  # type: ignore[arg-type]
    device.keystore = MemoryKeyStore()
    await device.power_on()
    return device
