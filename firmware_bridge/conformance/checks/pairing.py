"""How a bond comes about, and that it lasts."""

from __future__ import annotations

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import expect, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.hand.hand import EmulatedHand
from firmware_bridge.link import PairingRefused
from shared.wire import gatt

checks = Checks()


class _Mistaken:
    """Somebody who sees another number."""

    async def confirm_number(self, number: int) -> bool:
        return False


@checks.add(Section.PAIRING, needs=(Need.STRANGER, Need.BUTTON))
async def other_number(bench: Bench) -> None:
    """Who doesn't confirm the number gets no bond."""
    await bench.hang_up()
    await bench.person.hold()
    connection = bench.connection()
    try:
        await connection.pair(_Mistaken())
    except PairingRefused:
        return
    finally:
        await connection.let_go()
    expect(False, "pairing refused", "a bond")


@checks.add(Section.PAIRING, needs=(Need.STRANGER, Need.BUTTON), gives=(Need.BONDED,))
async def by_number(bench: Bench) -> None:
    """After the button was held, a phone pairs by a number that both show."""
    await bench.hang_up()
    await bench.person.hold()
    connection = bench.connection()
    try:
        bench.address = await connection.pair(bench.person)
    finally:
        await connection.let_go()
    hand = bench.person
    if isinstance(hand, EmulatedHand) and hand.compared is not None:
        number, shown = hand.compared
        same(shown, f"{number:06}", "on the band")


@checks.add(Section.PAIRING, needs=(Need.BONDED,))
async def bond_lasts(bench: Bench) -> None:
    """A bonded phone comes back without a person."""
    wire = await bench.fresh_wire()
    status = await wire.read(gatt.STATUS)
    expect(isinstance(status, bytes), "a readable status", f"ATT error {status!r}")


@checks.add(Section.SERVICES, needs=(Need.BONDED,))
async def closed_values_open(bench: Bench) -> None:
    """A bonded phone reads serial number and battery."""
    wire = await bench.wire()
    serial = await wire.read(gatt.SERIAL_NUMBER)
    expect(isinstance(serial, bytes) and serial, "a serial number", repr(serial))
    battery = await wire.read(gatt.BATTERY_LEVEL)
    holds = isinstance(battery, bytes) and len(battery) == 1 and battery[0] <= 100
    expect(holds, "a battery level in one byte, 0 to 100", repr(battery))
