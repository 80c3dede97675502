"""Finds a band on the air. An advertisement says of none whether it's open for pairing: that shows
only when it's asked, so one that has said no is passed over for any other that is heard."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from firmware_bridge.link.bluetooth import BluetoothPort
from firmware_bridge.link.errors import LinkTimeout
from firmware_bridge.link.translation import link_errors
from shared.wire import gatt


async def find_band(
    bluetooth: BluetoothPort, limit_s: float, *, but: Collection[str] = ()
) -> BLEDevice:
    """Return the first band that is heard, but for these addresses; raise LinkTimeout where none is
    within the limit (real seconds)."""
    found: asyncio.Future[BLEDevice] = asyncio.get_running_loop().create_future()

    def heard(device: BLEDevice, data: AdvertisementData) -> None:
        if _is_band(data) and device.address not in but and not found.done():
            found.set_result(device)

    with link_errors():
        async with bluetooth.scanner(heard):
            try:
                async with asyncio.timeout(limit_s):
                    return await found
            except TimeoutError as error:
                raise LinkTimeout("search", int(limit_s * 1000)) from error


def _is_band(data: AdvertisementData) -> bool:
    return data.local_name == gatt.ADVERTISED_NAME or gatt.STIMULATION_SERVICE in data.service_uuids
