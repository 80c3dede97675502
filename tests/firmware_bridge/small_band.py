"""A band as small as the link's tests need: pairing with a number, the GATT table, no firmware.

What it does with a request is up to the test.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from bumble import hci
from bumble.att import Attribute
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host
from bumble.keys import JsonKeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.smp import Session
from bumble.transport import open_transport

from firmware_bridge.radio.security import NumberDelegate, NumberSession, number_pairing
from shared.wire import gatt
from shared.wire.batches import batches
from shared.wire.framing import Reassembler, frames

ADDRESS = "F1:A2:B3:C4:D5:01"
SECURE = (
    Attribute.Permissions.READABLE
    | Attribute.Permissions.WRITEABLE
    | Attribute.Permissions.READ_REQUIRES_ENCRYPTION
    | Attribute.Permissions.WRITE_REQUIRES_ENCRYPTION
    | Attribute.Permissions.READ_REQUIRES_AUTHENTICATION
    | Attribute.Permissions.WRITE_REQUIRES_AUTHENTICATION
)
Properties = Characteristic.Properties
Answer = Callable[[bytes], Awaitable[bytes | None]]


class SmallBand:
    """A peripheral on the virtual radio; `control` and `records` answer its two control points."""

    def __init__(
        self, radio: str, folder: Path, *, private: bool = False, address: str = ADDRESS
    ) -> None:
        self._radio, self._address = radio, address
        self._private = private
        self._folder = folder
        self.device: Device
        self.connection: Connection | None = None
        self.number: int | None = None
        self.number_shown = asyncio.Event()
        self.confirms = True
        self.open_for_pairing = True
        self.control: Answer = _silent
        self.records: Answer = _silent
        self.blob_part: Callable[[bytes], bytes | None] = _let_go
        self.status_value = b""
        self.frozen = False
        self._control_buffer = Reassembler()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._transport = await open_transport(f"tcp-client:{self._radio}")
        config = DeviceConfiguration(
            name=gatt.ADVERTISED_NAME,
            address=hci.Address(self._address),
            irk=bytes(range(16)),
            le_privacy_enabled=self._private,
            le_rpa_timeout=0,
            advertising_interval_min=20,
            advertising_interval_max=20,
        )
        host = Host(self._transport.source, self._transport.sink)
        self.device = Device(config=config, host=host)
        self.device.keystore = JsonKeyStore("band", str(self._folder / "band-bonds.json"))
        self._set_pairing()
        self._add_services()
        self.device.on(Device.EVENT_CONNECTION, self._connected)
        await self.device.power_on()
        await self.advertise()

    def pair_weakly(self, delegate: PairingDelegate, *, secure_connections: bool) -> None:
        """Pair as a careless peripheral would."""
        config = PairingConfig(
            sc=secure_connections, mitm=secure_connections, bonding=True, delegate=delegate
        )
        self.device.pairing_config_factory = lambda connection: config
        self.device.smp_session_proxy = Session

    async def stop(self) -> None:
        await self._transport.close()

    async def bonds(self) -> int:
        assert self.device.keystore is not None
        return len(await self.device.keystore.get_all())

    async def forget_bonds(self) -> None:
        assert self.device.keystore is not None
        await self.device.keystore.delete_all()

    async def change_key(self) -> None:
        """As if it had been paired with another phone at the same address."""
        assert self.device.keystore is not None
        for name, keys in await self.device.keystore.get_all():
            assert keys.ltk is not None
            keys.ltk.value = bytes(byte ^ 0xFF for byte in keys.ltk.value)
            await self.device.keystore.update(name, keys)

    async def forget_private_address(self) -> None:
        """Advertise under the static address, by which a phone without a key finds it."""
        await self.device.stop_advertising()
        self.device.le_privacy_enabled = False
        self.device.random_address = hci.Address(ADDRESS)
        await self.device.send_sync_command(
            hci.HCI_LE_Set_Random_Address_Command(random_address=hci.Address(ADDRESS))
        )
        await self.advertise()

    async def advertise(self) -> None:
        services = bytes(UUID(gatt.STIMULATION_SERVICE))
        data = AdvertisingData(
            [
                (AdvertisingData.FLAGS, b"\x06"),
                (AdvertisingData.COMPLETE_LOCAL_NAME, gatt.ADVERTISED_NAME.encode()),
                (AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, services),
            ]
        )
        await self.device.start_advertising(
            advertising_data=bytes(data),
            own_address_type=hci.OwnAddressType.RANDOM,
            auto_restart=True,
        )

    # What the band sends by itself

    async def notify_status(self, value: bytes) -> None:
        self.status_value = value
        await self._send(self._status, value)

    async def notify_records(self, *records: bytes) -> None:
        for batch in batches(records):
            await self._send(self._ledger, batch)

    async def notify_blob_word(self, word: bytes) -> None:
        if self.connection is not None:
            await self.device.notify_subscriber(self.connection, self._blob_data, word)

    async def _send(
        self, characteristic: Characteristic[bytes], message: bytes, *, indicate: bool = False
    ) -> None:
        connection = self.connection
        if connection is None:
            return
        send = self.device.indicate_subscriber if indicate else self.device.notify_subscriber
        for frame in frames(message, connection.att_mtu - 3):
            await send(connection, characteristic, frame)

    # Inside

    def _set_pairing(self) -> None:
        self.device.smp_session_proxy = NumberSession
        self.device.pairing_config_factory = number_pairing(
            NumberDelegate(self._compare, self._accept)
        )

    async def _compare(self, number: int) -> bool:
        self.number = number
        self.number_shown.set()
        return self.confirms

    async def _accept(self) -> bool:
        return self.open_for_pairing

    def _connected(self, connection: Connection) -> None:
        self.connection = connection
        self._control_buffer = Reassembler()
        connection.on(connection.EVENT_DISCONNECTION, self._disconnected)

    def _disconnected(self, _reason: int) -> None:
        self.connection = None

    def _add_services(self) -> None:
        self._control_point: Characteristic[bytes] = Characteristic(
            gatt.CONTROL_POINT,
            Properties.WRITE | Properties.WRITE_WITHOUT_RESPONSE | Properties.INDICATE,
            SECURE,
            CharacteristicValue(write=self._control_written),
        )
        self._status: Characteristic[bytes] = Characteristic(
            gatt.STATUS,
            Properties.READ | Properties.NOTIFY,
            SECURE,
            CharacteristicValue(read=self._status_read),
        )
        self._record_access: Characteristic[bytes] = Characteristic(
            gatt.RECORD_ACCESS_CONTROL_POINT,
            Properties.WRITE | Properties.INDICATE,
            SECURE,
            CharacteristicValue(write=self._records_written),
        )
        self._ledger: Characteristic[bytes] = Characteristic(
            gatt.LEDGER_DATA, Properties.NOTIFY, SECURE
        )
        self._blob_data: Characteristic[bytes] = Characteristic(
            gatt.BLOB_DATA,
            Properties.WRITE_WITHOUT_RESPONSE | Properties.NOTIFY,
            SECURE,
            CharacteristicValue(write=self._blob_written),
        )
        self.device.add_service(
            Service(
                gatt.STIMULATION_SERVICE,
                [
                    self._control_point,
                    self._status,
                    self._record_access,
                    self._ledger,
                    self._blob_data,
                ],
            )
        )

    async def _status_read(self, connection: Connection) -> bytes:
        if self.frozen:
            await asyncio.Event().wait()
        return self.status_value

    async def _control_written(self, connection: Connection, value: bytes) -> None:
        message = self._control_buffer.feed(value)
        if message is None:
            return
        self._tasks.add(task := asyncio.create_task(self._answer_control(message)))
        task.add_done_callback(self._tasks.discard)

    async def _answer_control(self, message: bytes) -> None:
        answer = await self.control(message)
        if answer is not None:
            await self._send(self._control_point, answer, indicate=True)

    async def _blob_written(self, connection: Connection, value: bytes) -> None:
        word = self.blob_part(value)
        if word is not None:
            await self.notify_blob_word(word)

    async def _records_written(self, connection: Connection, value: bytes) -> None:
        self._tasks.add(task := asyncio.create_task(self._answer_records(value)))
        task.add_done_callback(self._tasks.discard)

    async def _answer_records(self, value: bytes) -> None:
        answer = await self.records(value)
        if answer is not None and self.connection is not None:
            await self.device.indicate_subscriber(self.connection, self._record_access, answer)


def _let_go(_: bytes) -> bytes | None:
    """Nobody holds blobs."""
    return None


async def _silent(_message: bytes) -> bytes | None:
    return None
