"""The band on the air: advertises, lets one phone in, and gives its link what it needs.

It advertises a neutral name and nothing else; once the bonded phones can resolve them, under a
fresh private address each time, and never long under the same one. Not for time: the device's shell
drives the firmware.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from bumble.att import ATT_Error, ErrorCode
from bumble.core import AdvertisingData, BaseBumbleError
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.hci import (
    HCI_ErrorCode,
    HCI_LE_Set_Random_Address_Command,
    HCI_Reset_Command,
    OwnAddressType,
)
from bumble.keys import JsonKeyStore
from bumble.transport.common import TransportSink, TransportSource

from firmware_bridge.emulator.events import Event
from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.face.ear import Channel, Ear
from firmware_bridge.emulator.face.host import BandHost
from firmware_bridge.emulator.face.identity import RadioIdentityFile
from firmware_bridge.emulator.face.interference import Interference
from firmware_bridge.emulator.face.link import PhoneLink
from firmware_bridge.emulator.face.management import Updates
from firmware_bridge.emulator.face.pairing import BandPairing, BandSession, NumberComparison
from firmware_bridge.emulator.face.services import Label, Reactions, add_services
from firmware_bridge.emulator.face.stack import await_stack
from firmware_bridge.emulator.profile.processor import Processor
from firmware_bridge.timebase import Clock
from shared.wire.fields import pack
from shared.wire.framing import frames
from shared.wire.gatt import ADVERTISED_NAME

log = logging.getLogger(__name__)

T = TypeVar("T")

ADVERTISING_INTERVAL_MS = 50.0
ROTATED_AT_EARLIEST_MS = 8 * 60_000
ROTATED_AT_LATEST_MS = 15 * 60_000
"""Between which another private address is taken, the instant drawn each time: the range that the
Core Specification (volume 4, part E, section 7.8.45) gives controllers; its upper end is
TGAP(private_addr_int)."""

DOWN_WITHIN_S = 2.0
"""Real time for the radio to answer its reset (own figure)."""

LONGEST_ATTRIBUTE_BYTES = 512
"""Longest value of an attribute (Core Specification, volume 3, part F, section 3.2.9)."""

BONDS = "bonds.json"
RADIO_IDENTITY = "identity.json"
NAMESPACE = "band"


class BandFace:
    """GATT server, pairing and advertising of one band over one radio."""

    def __init__(
        self,
        radio: tuple[TransportSource, TransportSink],
        folder: Path,
        core: FirmwareCore,
        clock: Clock,
        label: Label,
        catch_up: Callable[[], None],
        processor: Processor,
        ear: Ear,
        interference: Interference,
        updates: Updates,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._core = core
        self._clock = clock
        self._catch_up = catch_up
        self._processor = processor
        self._ear = ear
        self._interference = interference
        interference.on_lost = self._lose_link
        self._frozen = False
        self._updates = updates
        self._identity = RadioIdentityFile(folder / RADIO_IDENTITY)
        self.comparison = NumberComparison(core, clock)
        self.bonds = JsonKeyStore(NAMESPACE, str(folder / BONDS))
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrivals: asyncio.Queue[PhoneLink] = asyncio.Queue()
        self._link: PhoneLink | None = None
        self._had_bonds = False
        self._on_air = asyncio.Event()
        self._alone = asyncio.Event()
        self._alone.set()
        self._device = self._build_device(radio)
        self._table = add_services(
            self._device.gatt_server,
            label,
            Reactions(
                write_control=self._loudly(self._write_control),
                write_records=self._loudly(self._write_records),
                write_management=self._loudly(self._write_management),
                write_blob=self._loudly(self._write_blob),
                read_status=self._loudly(self._read_status),
                read_battery=self._loudly(self._read_battery),
            ),
        )

    @property
    def connected(self) -> bool:
        """Whether a phone is on the line."""
        return self._link is not None

    async def run(self) -> None:
        """Serve phones, one after the other, until cancelled; raise what the firmware raised."""
        await await_stack(self._device.power_on())
        self._had_bonds = bool(await self.bonds.get_all())
        async with asyncio.TaskGroup() as group:
            group.create_task(self._serve_phones())
            group.create_task(self._be_out_of_reach())
            await self._failed

    async def advertise(self) -> None:
        """Be visible, under the next address; without effect while a phone is on the line, or
        none can be."""
        if self._link is not None or self._frozen or not self._interference.in_reach:
            return
        await await_stack(self._device.stop_advertising())
        if self._link is not None:
            return
        await await_stack(self._take_next_address())
        await await_stack(self._device.start_advertising(own_address_type=OwnAddressType.RANDOM))
        self._on_air.set()

    async def drop(self) -> bool:
        """Break the present connection; False when there is none."""
        if self._link is None:
            return False
        self._link.end(HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR)
        await self.alone()
        return True

    def freeze(self) -> None:
        """Answer no phone any more, neither this one nor the next."""
        self._frozen = True
        if self._link is not None:
            self._link.freeze()

    async def go_down(self) -> None:
        """Vanish from the air as a radio without power does, and say and hear nothing any more."""
        host = self._device.host
        try:
            async with asyncio.timeout(DOWN_WITHIN_S):
                await await_stack(host.send_sync_command(HCI_Reset_Command()))
        except (BaseBumbleError, TimeoutError) as problem:
            log.info("the radio's reset: %s", problem)
        host.set_packet_sink(None)

    async def on_air(self) -> None:
        """Return once the band has begun to advertise."""
        await self._on_air.wait()

    async def alone(self) -> None:
        """Return when no phone is on the line."""
        await self._alone.wait()

    async def forget_bonds(self) -> None:
        """Know no phone any more: the next one pairs as the first did."""
        await self.bonds.delete_all()
        self._had_bonds = False
        log.info("all bonds are forgotten")

    def status_changed(self) -> None:
        """Have the phone, if there is one, told of the newest status."""
        if self._link is not None:
            self._link.status_changed()

    def _build_device(self, radio: tuple[TransportSource, TransportSink]) -> Device:
        identity = self._identity.read()
        configuration = DeviceConfiguration(
            name=ADVERTISED_NAME,
            address=identity.static_address,
            irk=identity.irk,
            advertising_data=neutral_advertisement(),
            advertising_interval_min=ADVERTISING_INTERVAL_MS,
            advertising_interval_max=ADVERTISING_INTERVAL_MS,
        )
        device = Device(config=configuration, host=BandHost(*radio))
        pairing = BandPairing(self._core, self.comparison, self._interference)
        device.keystore = self.bonds
        device.pairing_config_factory = pairing.config
        device.smp_session_proxy = BandSession
        device.on(Device.EVENT_CONNECTION, self._welcome)
        return device

    async def _serve_phones(self) -> None:
        while True:
            link = await self._next_phone()
            log.info("a phone connected")
            try:
                await link.run()
            finally:
                self._link = None
                self._alone.set()
            log.info("the phone is gone")

    def _lose_link(self) -> None:
        if self._link is not None:
            self._link.end(HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR)

    async def _be_out_of_reach(self) -> None:
        """Fall silent whenever nobody could hear the band, and advertise when somebody can."""
        while True:
            await self._interference.until_away()
            await await_stack(self._device.stop_advertising())
            await self._interference.until_here()
            await self.advertise()

    async def _next_phone(self) -> PhoneLink:
        """Advertise until a phone comes, under another address every few minutes."""
        while True:
            with self._clock.work():
                await self.advertise()
            try:
                return await self._clock.wait_for(self._arrivals.get(), rotation_ms())
            except TimeoutError:
                log.debug("the address was long enough in the air")

    def _welcome(self, connection: Connection) -> None:
        self._alone.clear()
        self._link = PhoneLink(
            connection,
            self._device.gatt_server,
            self._table,
            self._core,
            self._clock,
            self._catch_up,
            self._processor,
            self._ear,
            self._interference,
            self._updates,
        )
        self._interference.events.tell(Event.CONNECTED)
        self._arrivals.put_nowait(self._link)
        connection.on(Connection.EVENT_PAIRING, lambda keys: self._bonded(connection))

    def _bonded(self, connection: Connection) -> None:
        session = self._device.smp_manager.sessions.get(connection.handle)
        took_key = isinstance(session, BandSession) and session.gave_resolving_key
        self._identity.bonded(first=not self._had_bonds, took_key=took_key)
        self._had_bonds = True

    async def _take_next_address(self) -> None:
        """The address can change only while nobody is connected: the link is named by it."""
        address = self._identity.read().next_address()
        await self._device.send_sync_command(
            HCI_LE_Set_Random_Address_Command(random_address=address)
        )
        self._device.random_address = address

    async def _write_control(self, connection: Connection, value: bytes) -> None:
        await self._link_of(connection).write_control(value)

    async def _write_records(self, connection: Connection, value: bytes) -> None:
        await self._link_of(connection).write_records(value)

    async def _write_management(self, connection: Connection, value: bytes) -> None:
        await self._link_of(connection).write_management(value)

    async def _write_blob(self, connection: Connection, value: bytes) -> None:
        await self._link_of(connection).write_blob(value)

    async def _read_status(self, connection: Connection) -> bytes:
        await self._link_of(connection).answering()
        self._catch_up()
        status = pack(self._core.status())
        self._ear.said(Channel.STATUS, status)
        return next(iter(frames(status, LONGEST_ATTRIBUTE_BYTES)))

    async def _read_battery(self, connection: Connection) -> bytes:
        await self._link_of(connection).answering()
        return bytes([self._core.status().battery_percent])

    def _link_of(self, connection: Connection) -> PhoneLink:
        if self._link is None or self._link.connection is not connection:
            raise ATT_Error(ErrorCode.UNLIKELY_ERROR)
        return self._link

    def _loudly(self, react: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        """Let an error of the firmware end the device, where the stack would only log it."""

        async def reaction(*arguments: object) -> T:
            try:
                return await react(*arguments)
            except ATT_Error:
                raise
            except Exception as problem:
                if not self._failed.done():
                    self._failed.set_exception(problem)
                raise

        return reaction


def rotation_ms() -> int:
    """For how long the next address is advertised at most."""
    span_ms = ROTATED_AT_LATEST_MS - ROTATED_AT_EARLIEST_MS
    return ROTATED_AT_EARLIEST_MS + secrets.randbelow(span_ms + 1)


def neutral_advertisement() -> bytes:
    """Flags and a neutral name: nothing that tells what the device is for."""
    flags = (
        AdvertisingData.LE_GENERAL_DISCOVERABLE_MODE_FLAG
        | AdvertisingData.BR_EDR_NOT_SUPPORTED_FLAG
    )
    return bytes(
        AdvertisingData(
            [
                (AdvertisingData.FLAGS, bytes([flags])),
                (AdvertisingData.COMPLETE_LOCAL_NAME, ADVERTISED_NAME.encode()),
            ]
        )
    )
