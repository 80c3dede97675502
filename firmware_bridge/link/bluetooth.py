"""The link's port to the platform's Bluetooth, and bleak's own backends behind it."""

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from bleak import BleakClient, BleakScanner
from bleak.backends import BleakBackend, get_default_backend
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementDataCallback
from bleak.exc import BleakDeviceNotFoundError

from firmware_bridge.link.pairing import PairingAgent

Lost = Callable[[BleakClient], None]


class BluetoothPort(Protocol):
    """Makes bleak objects for this platform."""

    def scanner(self, heard: AdvertisementDataCallback) -> BleakScanner:
        """A scanner that isn't started yet."""

    def client(self, device: BLEDevice | str, lost: Lost, limit_s: float) -> BleakClient:
        """A client that isn't connected yet; `lost` is told when an open link breaks."""

    def pairing_client(
        self, device: BLEDevice, lost: Lost, *, connect_s: float, pair_s: float
    ) -> BleakClient:
        """The same for a device to pair with; it may be paired by its `connect` already."""

    def ask(self, agent: PairingAgent | None) -> None:
        """Whom to ask while pairing, where the system doesn't ask by itself."""

    async def forget(self, address: str) -> None:
        """Remove the bond with this device; nothing happens where there's none."""


class SystemBluetooth:
    """The phone's or computer's own Bluetooth; its system shows the number and asks."""

    def scanner(self, heard: AdvertisementDataCallback) -> BleakScanner:
        return BleakScanner(heard)

    def client(self, device: BLEDevice | str, lost: Lost, limit_s: float) -> BleakClient:
        return BleakClient(device, lost, timeout=limit_s, backend=client_backend())

    def pairing_client(
        self, device: BLEDevice, lost: Lost, *, connect_s: float, pair_s: float
    ) -> BleakClient:
        # BlueZ reads the battery level of whatever connects, which the band refuses to strangers,
        # and then pairs unasked: what becomes of that pairing nobody would learn.
        if _on_bluez():
            return BleakClient(device, lost, pair=True, timeout=pair_s, backend=client_backend())
        return self.client(device, lost, connect_s)

    def ask(self, agent: PairingAgent | None) -> None:
        """The system's own dialog asks."""

    async def forget(self, address: str) -> None:
        with suppress(BleakDeviceNotFoundError):
            await BleakClient(address, backend=client_backend()).unpair()


def client_backend() -> type[BaseBleakClient] | None:
    """The client for this platform, where bleak's own isn't enough."""
    if not _on_bluez():
        return None
    from firmware_bridge.link.bluez import BluezClient  # where there's no D-Bus it can't be loaded

    return BluezClient


def _on_bluez() -> bool:
    return get_default_backend() is BleakBackend.BLUEZ_DBUS
