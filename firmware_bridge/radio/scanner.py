"""bleak's scanner on the virtual radio: `BleakScanner(backend=VirtualBleakScanner, radio=...)`."""

from typing import Any

from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bumble.core import UUID, AdvertisingData
from bumble.device import Advertisement

from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.uuids import uuid_text

_UUID_LISTS = (
    (AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, 2),
    (AdvertisingData.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, 2),
    (AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, 16),
    (AdvertisingData.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, 16),
)
_NAMES = (AdvertisingData.COMPLETE_LOCAL_NAME, AdvertisingData.SHORTENED_LOCAL_NAME)


class VirtualBleakScanner(BaseBleakScanner):
    """Advertisements that the process's `Adapter`, given as `radio`, hears."""

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str = "passive",
        *,
        radio: Adapter,
        **kwargs: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._radio = radio

    async def start(self) -> None:
        self.seen_devices = {}
        await self._radio.start_scanning(self._heard)

    async def stop(self) -> None:
        await self._radio.stop_scanning(self._heard)

    def _heard(self, advertisement: Advertisement) -> None:
        data = _advertisement_data(advertisement)
        if not self.is_allowed_uuid(data.service_uuids):
            return
        identity = self._radio.identity_of(advertisement.address)
        address = identity.to_string(with_type_qualifier=False)
        device = self.create_or_update_device(
            address, address, data.local_name, advertisement.address, data
        )
        self.call_detection_callbacks(device, data)


def _advertisement_data(advertisement: Advertisement) -> AdvertisementData:
    structures = advertisement.data.ad_structures
    names = [value for kind, value in structures if kind in _NAMES]
    return AdvertisementData(
        local_name=names[0].decode(errors="replace") if names else None,
        manufacturer_data={},
        service_data={},
        service_uuids=[uuid for kind, value in structures for uuid in _uuids(kind, value)],
        tx_power=None,
        rssi=advertisement.rssi,
        platform_data=(advertisement,),
    )


def _uuids(kind: int, value: bytes) -> list[str]:
    sizes = [size for listed, size in _UUID_LISTS if listed == kind]
    if not sizes:
        return []
    size = sizes[0]
    parts = [value[start : start + size] for start in range(0, len(value), size)]
    return [uuid_text(UUID.from_bytes(part)) for part in parts if len(part) == size]
