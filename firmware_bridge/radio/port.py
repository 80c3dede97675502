"""The link's port to Bluetooth, on the virtual radio."""

from collections.abc import Callable

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementDataCallback

from firmware_bridge.link.pairing import PairingAgent
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.client import MTU, VirtualBleakClient
from firmware_bridge.radio.scanner import VirtualBleakScanner


class VirtualBluetooth:
    """A `BluetoothPort` over one `Adapter`; its clients ask for this MTU."""

    def __init__(self, adapter: Adapter, *, mtu: int = MTU) -> None:
        self._adapter = adapter
        self._mtu = mtu

    def scanner(self, heard: AdvertisementDataCallback) -> BleakScanner:
        return BleakScanner(heard, backend=VirtualBleakScanner, radio=self._adapter)

    def client(
        self, device: BLEDevice | str, lost: Callable[[BleakClient], None], limit_s: float
    ) -> BleakClient:
        return BleakClient(
            device,
            lost,
            timeout=limit_s,
            backend=VirtualBleakClient,
            radio=self._adapter,
            mtu=self._mtu,
        )

    def pairing_client(
        self,
        device: BLEDevice,
        lost: Callable[[BleakClient], None],
        *,
        connect_s: float,
        pair_s: float,
    ) -> BleakClient:
        return self.client(device, lost, connect_s)

    def ask(self, agent: PairingAgent | None) -> None:
        self._adapter.agent = agent

    async def forget(self, address: str) -> None:
        await self._adapter.forget(address)
