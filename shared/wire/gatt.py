"""GATT identifiers. The base of our own was generated once (random UUID, version 4)."""

DEVICE_INFORMATION_SERVICE = "0000180a-0000-1000-8000-00805f9b34fb"
MANUFACTURER_NAME = "00002a29-0000-1000-8000-00805f9b34fb"
MODEL_NUMBER = "00002a24-0000-1000-8000-00805f9b34fb"
SERIAL_NUMBER = "00002a25-0000-1000-8000-00805f9b34fb"
HARDWARE_REVISION = "00002a27-0000-1000-8000-00805f9b34fb"
FIRMWARE_REVISION = "00002a26-0000-1000-8000-00805f9b34fb"

BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"

STIMULATION_SERVICE = "b7c10001-6f0e-4d0b-9c53-5a0d3e1f7a24"
CONTROL_POINT = "b7c10002-6f0e-4d0b-9c53-5a0d3e1f7a24"
STATUS = "b7c10003-6f0e-4d0b-9c53-5a0d3e1f7a24"
LEDGER_DATA = "b7c10004-6f0e-4d0b-9c53-5a0d3e1f7a24"
TELEMETRY = "b7c10005-6f0e-4d0b-9c53-5a0d3e1f7a24"
BLOB_DATA = "b7c10006-6f0e-4d0b-9c53-5a0d3e1f7a24"
RECORD_ACCESS_CONTROL_POINT = "00002a52-0000-1000-8000-00805f9b34fb"

MANAGEMENT_SERVICE = "8d53dc1d-1db7-4cd3-868b-8a527460aa84"
"""MCUmgr's SMP service, by which firmware updates come."""
MANAGEMENT = "da2e7828-fbce-4e01-ae9e-261174997c48"

ADVERTISED_NAME = "Band"

ONE_PACKET_VALUE_BYTES = 244
"""What one packet of the link carries of a value: 251 bytes (Core Specification, volume 6, part B,
2.4.2) less the headers of L2CAP and ATT. A longer one leaves a packet nearly empty at its end, and
keeps STOP waiting for three packets instead of one."""
