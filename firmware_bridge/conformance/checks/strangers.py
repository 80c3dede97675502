"""What a band shows to whoever comes near, and what it keeps to itself."""

from __future__ import annotations

from bleak.exc import BleakError

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import Deviation, expect, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.conformance.wire import TAKEN
from shared.wire import gatt

checks = Checks(Need.STRANGER)

NOT_SECURE = (0x05, 0x08, 0x0C, 0x0F)
"""ATT errors of a link that isn't secure enough (Core Specification, volume 3, part F, 3.4.1.1)."""

PROPERTIES = {
    gatt.CONTROL_POINT: {"write", "write-without-response", "indicate"},
    gatt.STATUS: {"read", "notify"},
    gatt.RECORD_ACCESS_CONTROL_POINT: {"write", "indicate"},
    gatt.LEDGER_DATA: {"notify"},
    gatt.TELEMETRY: {"notify"},
    gatt.BLOB_DATA: {"write-without-response", "notify"},
    gatt.MANAGEMENT: {"write-without-response", "notify"},
    gatt.BATTERY_LEVEL: {"read", "notify"},
}
OPEN = (
    gatt.MANUFACTURER_NAME,
    gatt.MODEL_NUMBER,
    gatt.HARDWARE_REVISION,
    gatt.FIRMWARE_REVISION,
)


@checks.add(Section.SERVICES)
async def neutral_advertisement(bench: Bench) -> None:
    """A band advertises its neutral name and nothing else."""
    await bench.find()
    data = bench.kept.advertised
    if data is None:
        raise Deviation("an advertisement", "none")
    same(data.local_name, gatt.ADVERTISED_NAME, "the name")
    said = (data.service_uuids, data.service_data, data.manufacturer_data)
    expect(not any(said), "no services, no data of a service or a maker", said)


@checks.add(Section.SERVICES)
async def characteristics(bench: Bench) -> None:
    """Every characteristic of the table is there, with its properties."""
    wire = await bench.stranger()
    for uuid, wanted in PROPERTIES.items():
        found = wire.client.services.get_characteristic(uuid)
        expect(found is not None, f"a characteristic {uuid}", "none")
        if found is not None:
            same(set(found.properties), wanted, f"properties of {uuid}:")


@checks.add(Section.SERVICES)
async def open_information(bench: Bench) -> None:
    """Manufacturer, model, hardware and firmware are readable by anybody."""
    wire = await bench.stranger()
    for uuid in OPEN:
        value = await wire.read(uuid)
        expect(isinstance(value, bytes), f"{uuid} readable", _shown(value))


@checks.add(Section.SERVICES)
async def closed_values(bench: Bench) -> None:
    """A stranger reads neither status nor battery nor serial number."""
    wire = await bench.stranger()
    for uuid in (gatt.STATUS, gatt.BATTERY_LEVEL, gatt.SERIAL_NUMBER):
        value = await wire.read(uuid)
        expect(value in NOT_SECURE, f"{uuid} closed to a stranger", _shown(value))


@checks.add(Section.SERVICES)
async def closed_to_writing(bench: Bench) -> None:
    """A stranger writes to no control point."""
    wire = await bench.stranger()
    for uuid in (gatt.CONTROL_POINT, gatt.RECORD_ACCESS_CONTROL_POINT):
        code = await wire.write(uuid, b"\x00")
        expect(code in NOT_SECURE, f"{uuid} closed to a stranger", _shown(code))


@checks.add(Section.SERVICES)
async def closed_to_listening(bench: Bench) -> None:
    """A stranger subscribes to nothing."""
    wire = await bench.stranger()
    telling = [uuid for uuid, has in PROPERTIES.items() if has & {"notify", "indicate"}]
    for uuid in telling:
        code = await wire.try_to_subscribe(uuid)
        expect(code in NOT_SECURE, f"{uuid} closed to a stranger", _shown(code))


class _Witness:
    """Somebody who is asked to compare a number, and says no."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    async def confirm_number(self, number: int) -> bool:
        self.numbers.append(number)
        return False


@checks.add(Section.PAIRING)
async def closed_window(bench: Bench) -> None:
    """While the button wasn't held, pairing is refused before any number is made."""
    wire, witness = await bench.stranger(), _Witness()
    bench.bluetooth.ask(witness)
    try:
        await wire.client.pair()
    except BleakError:
        same(witness.numbers, [], "numbers to compare:")
        return
    finally:
        bench.bluetooth.ask(None)
        await bench.hang_up()
    raise Deviation("pairing refused outside the window", "a bond")


def _shown(value: bytes | int) -> str:
    if isinstance(value, bytes):
        return f"the value {value.hex()}"
    return "taken" if value == TAKEN else f"ATT error 0x{value:02X}"
