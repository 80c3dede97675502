"""bleak's client on the virtual radio.

Give it as `BleakClient(device, backend=VirtualBleakClient, radio=adapter)`. A bonded device's link
is encrypted as part of `connect`, as phones do.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from bleak.args import SizedBuffer
from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bumble.device import Connection, Peer
from bumble.gatt_client import CharacteristicProxy, Client, DescriptorProxy, ServiceProxy

from firmware_bridge.link.pairing import BleakPairingError, PairingRefusal
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.cancelling import none_lost
from firmware_bridge.radio.flow import room
from firmware_bridge.radio.uuids import uuid_text

MTU = 517
ATT_HEADER_BYTES = 3
DISCONNECT_LIMIT_S = 5.0


class VirtualBleakClient(BaseBleakClient):
    """One connection of the process's `Adapter`, given as `radio`."""

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        radio: Adapter,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        mtu: int = MTU,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout
        )
        self._radio = radio
        self._mtu = mtu
        self._name = getattr(address_or_ble_device, "name", None)
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._subscriptions: dict[int, Callable[[bytes], None]] = {}
        self._disconnected = asyncio.Event()

    @property
    def name(self) -> str:
        return self._name or self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        return int(self._live().att_mtu)

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    # Connection

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        if self._connection is not None:
            raise BleakError("already connected")
        try:
            with none_lost():
                connection = await self._open()
            await self._prepare(connection, pair=pair)
        except BaseException:
            await asyncio.shield(self._hang_up())
            raise

    async def _open(self) -> Connection:
        connection = await self._radio.connect(self.address, self._timeout)
        self._connection = connection
        self._disconnected.clear()
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
        return connection

    async def _prepare(self, connection: Connection, *, pair: bool) -> None:
        self._peer = Peer(connection)
        async with asyncio.timeout(self._timeout):
            await self._radio.bounded(self._peer.request_mtu(self._mtu), connection)
            if await self._radio.is_bonded(connection):
                await self._radio.encrypt(connection)
            elif pair:
                await self.pair()
            self.services = await self._discover(self._peer)

    async def disconnect(self) -> None:
        self._subscriptions.clear()
        self._disconnected_callback = None
        await self._hang_up()

    async def _hang_up(self) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            async with asyncio.timeout(DISCONNECT_LIMIT_S):
                await self._radio.bounded(connection.disconnect(), connection)
                await self._disconnected.wait()
        except (BleakError, TimeoutError):
            self._on_disconnection(0)

    def _on_disconnection(self, _reason: int) -> None:
        if self._connection is None:
            return
        self._connection = None
        self._peer = None
        self._disconnected.set()
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    # Bond

    async def pair(self, *args: Any, **kwargs: Any) -> None:
        connection = self._live()
        await self._radio.pair(connection)
        self.address = connection.peer_address.to_string(with_type_qualifier=False)
        if not connection.is_encrypted or not connection.sc:
            await self.unpair()
            raise BleakPairingError(PairingRefusal.TOO_WEAK)

    async def unpair(self) -> None:
        await self._hang_up()
        await self._radio.forget(self.address)

    # Attributes

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        return await self._read(characteristic.obj)

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        return await self._read(descriptor.obj)

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        await self._write(characteristic.obj, data, response=response)

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        await self._write(descriptor.obj, data, response=True)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **kwargs: Any
    ) -> None:
        if characteristic.handle in self._subscriptions:
            raise BleakError("notifications are on already")

        def deliver(value: bytes) -> None:
            callback(bytearray(value))

        proxy: CharacteristicProxy[bytes] = characteristic.obj
        client = self._live_peer().gatt_client
        self._subscriptions[characteristic.handle] = deliver
        try:
            await self._radio.bounded(client.subscribe(proxy, deliver), self._connection)
        except BaseException:
            self._subscriptions.pop(characteristic.handle, None)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        deliver = self._subscriptions.pop(characteristic.handle, None)
        client = self._live_peer().gatt_client
        work = client.unsubscribe(characteristic.obj, deliver)
        await self._radio.bounded(work, self._connection)

    async def _read(self, attribute: CharacteristicProxy[bytes] | DescriptorProxy) -> bytearray:
        work = self._live_peer().gatt_client.read_value(attribute)
        return bytearray(await self._radio.bounded(work, self._connection))

    async def _write(
        self,
        attribute: CharacteristicProxy[bytes] | DescriptorProxy,
        value: SizedBuffer,
        *,
        response: bool,
    ) -> None:
        work = self._live_peer().gatt_client.write_value(
            attribute, bytes(value), with_response=response
        )
        await self._radio.bounded(work, self._connection)
        if not response:
            await room(self._live())

    def _live(self) -> Connection:
        if self._connection is None:
            raise BleakError("not connected")
        return self._connection

    def _live_peer(self) -> Peer:
        if self._peer is None:
            raise BleakError("not connected")
        return self._peer

    # Discovery

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        await self._radio.bounded(_discover_all(peer.gatt_client), self._connection)
        services = BleakGATTServiceCollection()
        for service in peer.services:
            self._add_service(services, service)
        return services

    def _add_service(self, services: BleakGATTServiceCollection, proxy: ServiceProxy) -> None:
        service = BleakGATTService(proxy, proxy.handle, _uuid(proxy))
        services.add_service(service)
        for characteristic in proxy.characteristics:
            services.add_characteristic(self._characteristic(characteristic, service))
            for descriptor in characteristic.descriptors:
                services.add_descriptor(
                    BleakGATTDescriptor(
                        descriptor,
                        descriptor.handle,
                        _uuid(descriptor),
                        services.characteristics[characteristic.handle],
                    )
                )

    def _characteristic(
        self, proxy: CharacteristicProxy[bytes], service: BleakGATTService
    ) -> BleakGATTCharacteristic:
        return BleakGATTCharacteristic(
            proxy,
            proxy.handle,
            _uuid(proxy),
            list(gatt_char_props_to_strs(int(proxy.properties))),
            lambda: self.mtu_size - ATT_HEADER_BYTES,
            service,
        )


async def _discover_all(client: Client) -> None:
    for service in await client.discover_services():
        await service.discover_characteristics()
        for characteristic in service.characteristics:
            await characteristic.discover_descriptors()


def _uuid(proxy: ServiceProxy | CharacteristicProxy[bytes] | DescriptorProxy) -> str:
    return uuid_text(proxy.type if isinstance(proxy, DescriptorProxy) else proxy.uuid)
