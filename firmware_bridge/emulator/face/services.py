"""The GATT table: which characteristic, which properties, which protection.

Everything of the Circlet service, firmware management, the battery's level and the serial number
need an encrypted, authenticated link, subscriptions included. Not for what the values mean.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bumble.att import Attribute
from bumble.device import Connection
from bumble.gatt import (
    GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
    Characteristic,
    CharacteristicValue,
    Descriptor,
    Service,
)
from bumble.gatt_server import Server

from shared.wire import gatt

Read = Callable[[Connection], Awaitable[bytes]]
Write = Callable[[Connection, bytes], Awaitable[None]]

PLAIN_READ = Attribute.READABLE
SECURE_READ = (
    Attribute.READABLE | Attribute.READ_REQUIRES_ENCRYPTION | Attribute.READ_REQUIRES_AUTHENTICATION
)
SECURE_WRITE = (
    Attribute.WRITEABLE
    | Attribute.WRITE_REQUIRES_ENCRYPTION
    | Attribute.WRITE_REQUIRES_AUTHENTICATION
)

Properties = Characteristic.Properties


@dataclass(frozen=True)
class Label:
    """What Device Information says."""

    manufacturer: str
    model: str
    hardware: str
    firmware: str
    serial: str


@dataclass(frozen=True)
class Reactions:
    """What happens at a read or a write."""

    write_control: Write
    write_records: Write
    write_management: Write
    write_blob: Write
    read_status: Read
    read_battery: Read


@dataclass(frozen=True)
class Table:
    """The characteristics that carry values of their own accord."""

    control_point: Characteristic[bytes]
    status: Characteristic[bytes]
    record_access: Characteristic[bytes]
    ledger_data: Characteristic[bytes]
    telemetry: Characteristic[bytes]
    blob_data: Characteristic[bytes]
    management: Characteristic[bytes]
    battery: Characteristic[bytes]


def add_services(server: Server, label: Label, reactions: Reactions) -> Table:
    """Put the whole table into the server."""
    notify, indicate = Properties.NOTIFY, Properties.INDICATE
    write = Properties.WRITE | indicate
    read = Properties.READ | notify
    either = write | Properties.WRITE_WITHOUT_RESPONSE
    stream = Properties.WRITE_WITHOUT_RESPONSE | notify
    table = Table(
        control_point=_written(gatt.CONTROL_POINT, either, reactions.write_control),
        status=_read(gatt.STATUS, read, reactions.read_status),
        record_access=_written(gatt.RECORD_ACCESS_CONTROL_POINT, write, reactions.write_records),
        ledger_data=Characteristic(gatt.LEDGER_DATA, notify, Attribute.Permissions(0)),
        telemetry=Characteristic(gatt.TELEMETRY, notify, Attribute.Permissions(0)),
        blob_data=_written(gatt.BLOB_DATA, stream, reactions.write_blob),
        management=_written(gatt.MANAGEMENT, stream, reactions.write_management),
        battery=_read(gatt.BATTERY_LEVEL, read, reactions.read_battery),
    )
    stimulation = [
        table.control_point,
        table.status,
        table.record_access,
        table.ledger_data,
        table.telemetry,
        table.blob_data,
    ]
    for characteristic in [*stimulation, table.management, table.battery]:
        _protect_subscription(server, characteristic)
    server.add_services(
        [
            Service(gatt.DEVICE_INFORMATION_SERVICE, _label(label)),
            Service(gatt.BATTERY_SERVICE, [table.battery]),
            Service(gatt.STIMULATION_SERVICE, stimulation),
            Service(gatt.MANAGEMENT_SERVICE, [table.management]),
        ]
    )
    return table


def _written(uuid: str, properties: Properties, write: Write) -> Characteristic[bytes]:
    return Characteristic(uuid, properties, SECURE_WRITE, CharacteristicValue(write=write))


def _read(uuid: str, properties: Properties, read: Read) -> Characteristic[bytes]:
    return Characteristic(uuid, properties, SECURE_READ, CharacteristicValue(read=read))


def _label(label: Label) -> list[Characteristic[bytes]]:
    open_texts = {
        gatt.MANUFACTURER_NAME: label.manufacturer,
        gatt.MODEL_NUMBER: label.model,
        gatt.HARDWARE_REVISION: label.hardware,
        gatt.FIRMWARE_REVISION: label.firmware,
    }
    texts = [_text(uuid, text, PLAIN_READ) for uuid, text in open_texts.items()]
    return [*texts, _text(gatt.SERIAL_NUMBER, label.serial, SECURE_READ)]


def _text(uuid: str, text: str, permissions: Attribute.Permissions) -> Characteristic[bytes]:
    return Characteristic(uuid, Properties.READ, permissions, text.encode())


def _protect_subscription(server: Server, characteristic: Characteristic[bytes]) -> None:
    """Let only a secure link subscribe; the stack's own descriptor would let anybody."""
    characteristic.descriptors = [
        Descriptor(
            GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
            Attribute.READABLE | SECURE_WRITE,
            server.make_descriptor_value(characteristic),
        )
    ]
