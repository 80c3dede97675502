"""The place that checks work at: one band in reach, one connection at a time, whichever is asked.

What a check leaves for later ones (an armed session, hashes seen) is kept here by name. Not for
deciding what runs: that is the runner's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from firmware_bridge.conformance.findings import Deviation
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.phone import Phone
from firmware_bridge.conformance.wire import Wire
from firmware_bridge.demo.clinic import DemoClinic
from firmware_bridge.demo.sitting import Armed
from firmware_bridge.hand.hand import Hand
from firmware_bridge.link import BluetoothPort, Connection
from firmware_bridge.link.translation import link_errors
from firmware_bridge.timebase import Clock
from shared.trust.session_key import CommandWriter
from shared.wire import gatt

CONNECT_WITHIN_S = 15.0
SCAN_WITHIN_S = 30.0
LET_GO_WITHIN_S = 5.0

ShortMtu = Callable[[], BluetoothPort]


@dataclass
class Kept:
    """What earlier checks found that later ones go on from."""

    advertised: AdvertisementData | None = None
    armed: Armed | None = None
    writer: CommandWriter | None = None
    plan_hash: bytes | None = None
    hold_id: bytes = b""


@dataclass
class Bench:
    """A band, the ways to it, and whoever stands by."""

    bluetooth: BluetoothPort
    clock: Clock
    hand: Hand | None
    clinic: DemoClinic | None
    address: str | None = None
    search_s: float = SCAN_WITHIN_S
    short_mtu: ShortMtu | None = None
    kept: Kept = field(default_factory=Kept)
    _wire: Wire | None = None
    _phone: Phone | None = None

    def met(self) -> set[Need]:
        """What is given from outside."""
        given = {
            Need.STRANGER: self.address is None,
            Need.BONDED: self.address is not None,
            Need.BUTTON: self.hand is not None,
            Need.SHORT_MTU: self.short_mtu is not None,
            Need.KEYS: self.clinic is not None,
        }
        return {need for need, is_met in given.items() if is_met}

    @property
    def person(self) -> Hand:
        """Whoever is at the button; checks that need one name Need.BUTTON."""
        if self.hand is None:
            raise Deviation("somebody at the button", "nobody")
        return self.hand

    @property
    def demo(self) -> DemoClinic:
        """The demonstration's clinic; checks that need it name Need.KEYS."""
        if self.clinic is None:
            raise Deviation("a demonstration's keys", "none")
        return self.clinic

    # Finding

    async def find(self) -> BLEDevice:
        """A band that advertises."""
        found: asyncio.Future[BLEDevice] = asyncio.get_running_loop().create_future()

        def heard(device: BLEDevice, data: AdvertisementData) -> None:
            named = data.local_name == gatt.ADVERTISED_NAME
            if named and not found.done():
                self.kept.advertised = data
                found.set_result(device)

        with link_errors():
            async with self.bluetooth.scanner(heard), asyncio.timeout(self.search_s):
                return await found

    # Connections

    async def stranger(self) -> Wire:
        """Below the link, without a bond."""
        if self._wire is None:
            await self.hang_up()
            self._wire = await _connected(self.bluetooth, await self.find())
        return self._wire

    async def wire(self) -> Wire:
        """Below the link, as the bonded phone."""
        if self._wire is None:
            await self.hang_up()
            self._wire = await _connected(self.bluetooth, self._bonded)
        return self._wire

    async def fresh_wire(self) -> Wire:
        """The same on a connection that nobody has used."""
        await self.hang_up()
        return await self.wire()

    async def short_wire(self) -> Wire:
        """The same at the shortest MTU."""
        await self.hang_up()
        if self.short_mtu is None:
            raise Deviation("a way to choose the MTU", "none")
        self._wire = await _connected(self.short_mtu(), self._bonded)
        return self._wire

    async def phone(self) -> Phone:
        """Over the link."""
        if self._phone is None:
            await self.hang_up()
            phone = Phone(Connection(self.bluetooth, self.clock), self._bonded)
            self._phone = phone
            await phone.connect()
        return self._phone

    def connection(self) -> Connection:
        """A link that isn't open yet, to pair over."""
        return Connection(self.bluetooth, self.clock)

    async def hang_up(self) -> None:
        """Let the band go, whoever holds it."""
        wire, self._wire = self._wire, None
        phone, self._phone = self._phone, None
        if phone is not None:
            await phone.hang_up()
        if wire is not None:
            with link_errors():
                async with asyncio.timeout(LET_GO_WITHIN_S):
                    await wire.client.disconnect()

    @property
    def _bonded(self) -> str:
        if self.address is None:
            raise Deviation("a bond", "none")
        return self.address


async def _connected(bluetooth: BluetoothPort, device: BLEDevice | str) -> Wire:
    client = bluetooth.client(device, _nobody_told, CONNECT_WITHIN_S)
    with link_errors():
        async with asyncio.timeout(CONNECT_WITHIN_S):
            await client.connect()
    return Wire(client)


def _nobody_told(_client: BleakClient) -> None:
    """A check finds out by itself."""
