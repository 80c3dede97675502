"""The bare peripheral that everything is compared with: it notifies bytes, and echoes a write.

bumble alone, on the same radio: no frames, no CBOR, no firmware, no waiting for the phone but what
the controller's own flow control asks for. `python -m scripts.bench_link.bare --radio HOST:PORT`.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Awaitable, Callable

from bumble import hci
from bumble.att import Attribute
from bumble.core import AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host
from bumble.transport import open_transport

ADDRESS = "F1:A2:B3:C4:D5:0B"
NAME = "Bare"
SERVICE = "b7c1ff01-6f0e-4d0b-9c53-5a0d3e1f7a24"
PUSH = "b7c1ff02-6f0e-4d0b-9c53-5a0d3e1f7a24"
ECHO = "b7c1ff03-6f0e-4d0b-9c53-5a0d3e1f7a24"
BYTES_IN_A_TURN = 4096

Properties = Characteristic.Properties


Write = Callable[[Connection, bytes], Awaitable[None]]


class Bare:
    """Pushes as many bytes as are asked for, in values as long as the MTU allows."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._pushing: asyncio.Task[None] | None = None
        self._push = self._characteristic(PUSH, self._pushed)
        self._echo = self._characteristic(ECHO, self._echoed)
        device.add_service(Service(SERVICE, [self._push, self._echo]))

    @staticmethod
    def _characteristic(uuid: str, write: Write) -> Characteristic[bytes]:
        properties = Properties.WRITE | Properties.NOTIFY
        return Characteristic(
            uuid, properties, Attribute.Permissions.WRITEABLE, CharacteristicValue(write=write)
        )

    async def _pushed(self, connection: Connection, value: bytes) -> None:
        self._pushing = asyncio.ensure_future(self._notify(connection, int.from_bytes(value)))

    async def _notify(self, connection: Connection, count: int) -> None:
        longest = connection.att_mtu - 3
        values, rest = divmod(count, longest)
        full, in_a_turn = bytes(longest), max(1, BYTES_IN_A_TURN // longest)
        for number in range(values):
            await self._device.notify_subscriber(connection, self._push, full)
            if number % in_a_turn == 0:
                await asyncio.sleep(0)
        if rest:
            await self._device.notify_subscriber(connection, self._push, bytes(rest))

    async def _echoed(self, connection: Connection, value: bytes) -> None:
        await self._device.notify_subscriber(connection, self._echo, value)


async def serve(radio: str) -> None:
    """Advertise until told to stop."""
    transport = await open_transport(f"tcp-client:{radio}")
    config = DeviceConfiguration(
        name=NAME,
        address=hci.Address(ADDRESS),
        advertising_interval_min=50,
        advertising_interval_max=50,
    )
    device = Device(config=config, host=Host(transport.source, transport.sink))
    Bare(device)
    await device.power_on()
    name = bytes(AdvertisingData([(AdvertisingData.COMPLETE_LOCAL_NAME, NAME.encode())]))
    await device.start_advertising(
        advertising_data=name, own_address_type=hci.OwnAddressType.RANDOM, auto_restart=True
    )
    print("ready {}", flush=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await transport.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--radio", required=True)
    asyncio.run(serve(parser.parse_args().radio))
