"""The link's port to the platform's Bluetooth, and bleak's own backends behind it."""

from collections.abc import Callable
from typing import Protocol

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementDataCallback

from firmware_bridge.link.pairing import PairingAgent

Lost = Callable[[BleakClient], None]


class BluetoothPort(Protocol):
    """Makes bleak objects for this platform."""

    def scanner(self, heard: AdvertisementDataCallback) -> BleakScanner:
        """A scanner that isn't started yet."""

    def client(self, device: BLEDevice | str, lost: Lost, limit_s: float) -> BleakClient:
        """A client that isn't connected yet; `lost` is told when an open link breaks."""

    def ask(self, agent: PairingAgent | None) -> None:
        """Whom to ask while pairing, where the system doesn't ask by itself."""

    async def forget(self, address: str) -> None:
        """Remove the bond with this device; nothing happens where there's none."""


class SystemBluetooth:
    """The phone's or computer's own Bluetooth; its system shows the number and asks."""

    def scanner(self, heard: AdvertisementDataCallback) -> BleakScanner:
        return BleakScanner(heard)

    def client(self, device: BLEDevice | str, lost: Lost, limit_s: float) -> BleakClient:
        return BleakClient(device, lost, timeout=limit_s)

    def ask(self, agent: PairingAgent | None) -> None:
        """The system's own dialog asks."""

    async def forget(self, address: str) -> None:
        await BleakClient(address).unpair()
