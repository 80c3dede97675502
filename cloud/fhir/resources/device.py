"""Device: a band that the patient has, or has had."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.fhir.elements import Element, Resource, identifier
from cloud.fhir.mapping import Mapping
from cloud.fhir.source import ID_BYTES, Source


@dataclass(frozen=True)
class DeviceRecord:
    """A band; ``is_held`` says that it is the patient's now."""

    device_id: bytes
    serial: str
    is_held: bool


def _write(record: DeviceRecord, source: Source) -> Resource:
    return {
        **source.head("Device", key_of(record.device_id)),
        "identifier": [identifier("device", record.device_id.hex())],
        "status": "active" if record.is_held else "inactive",
        "serialNumber": record.serial,
        "deviceName": [{"name": "Circlet band", "type": "user-friendly-name"}],
        "type": {"text": "Transcranial magnetic stimulator for use at home"},
        "patient": source.reference("Patient"),
        "owner": {"identifier": identifier("clinic", source.clinic_id)},
    }


def _read(element: Element) -> DeviceRecord:
    return DeviceRecord(
        device_id=element.identified("device", ID_BYTES),
        serial=element.text("serialNumber"),
        is_held=element.text("status") == "active",
    )


def key_of(device_id: bytes) -> str:
    """Return what a band's id is made of."""
    return device_id.hex()


DEVICE = Mapping(
    "devices", "Device", DeviceRecord, lambda record: key_of(record.device_id), _write, _read
)
