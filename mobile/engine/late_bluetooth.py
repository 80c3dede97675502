"""Bluetooth that is opened beside the day: a phone shows its day however long that takes.

Until it's open, and where it can't be opened, it's as if it were off.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementDataCallback

from firmware_bridge.link import (
    BluetoothPort,
    BluetoothUnavailable,
    Connection,
    LinkError,
    PairingAgent,
)
from firmware_bridge.timebase import Clock

log = logging.getLogger(__name__)

AGAIN_MS = 5_000
"""So long after a failure it's tried again (own figure)."""


class LateBluetooth:
    """A `BluetoothPort`; ``run`` opens the real one and keeps it open."""

    def __init__(self, open_port: Callable[[], AbstractAsyncContextManager[BluetoothPort]]) -> None:
        self._open_port = open_port
        self._port: BluetoothPort | None = None
        self._tried = asyncio.Event()

    async def run(self, clock: Clock, connection: Connection) -> None:
        """Open it, trying again as long as that fails; close it when cancelled."""
        while True:
            try:
                async with self._open_port() as self._port:
                    self._tried.set()
                    connection.pace.hurry()
                    await asyncio.get_running_loop().create_future()
            except LinkError as problem:
                log.warning("no Bluetooth: %s", problem)
            finally:
                self._port = None
                self._tried.set()
            await clock.sleep_ms(AGAIN_MS)

    async def until_tried(self) -> None:
        """Return when it's open, or when that has failed once."""
        await self._tried.wait()

    def scanner(self, heard: AdvertisementDataCallback) -> BleakScanner:
        return self._opened().scanner(heard)

    def client(
        self, device: BLEDevice | str, lost: Callable[[BleakClient], None], limit_s: float
    ) -> BleakClient:
        return self._opened().client(device, lost, limit_s)

    def pairing_client(
        self,
        device: BLEDevice,
        lost: Callable[[BleakClient], None],
        *,
        connect_s: float,
        pair_s: float,
    ) -> BleakClient:
        return self._opened().pairing_client(device, lost, connect_s=connect_s, pair_s=pair_s)

    def ask(self, agent: PairingAgent | None) -> None:
        if self._port is not None:
            self._port.ask(agent)

    async def forget(self, address: str) -> None:
        await self._opened().forget(address)

    def _opened(self) -> BluetoothPort:
        if self._port is None:
            raise BluetoothUnavailable
        return self._port
