"""What is lived through in the guest, step by step: `python -m tests.bluez.story EXCHANGE`.

Each step is told in a line with the seconds that it took; the first that fails ends the story, with
code 1. Not for the guest's start, nor for what stays on the other side of it: `__main__`.
"""

from __future__ import annotations

import asyncio
import sys
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from firmware_bridge.link import LinkState, PairingRefusal, PairingRefused
from shared.wire import gatt
from shared.wire.operations import Outcome, OutcomeResult
from shared.wire.status import DeviceState
from tests.bluez.phone import Phone, open_phone
from tests.campaign.kill.patient import READY_WITHIN_MS
from tests.journey.polling import until
from tests.shared.clinic import itbs

PACE = 1.5
"""Simulated seconds in a real one; faster while treatment runs. A pairing that waits for a person
ends by the system's 30 s before it ends by the band's 60."""

HURRIED = 1000.0
BROKEN_AFTER_PULSES = 8 * 30 - 15
"""In the middle of a train."""

OUT_OF_REACH_MS = 2_000
DISCONNECTS = 10
HELLOS = 3
SCAN_WITHIN_S = 20.0
SESSION_WITHIN_MS = 400_000

Step = Callable[[Phone], Awaitable[str]]


class Nobody:
    """A person who doesn't look at the phone."""

    async def confirm_number(self, number: int) -> bool:
        await asyncio.Event().wait()
        return False


async def scan(phone: Phone) -> str:
    """Hear a band that says nothing but its neutral name."""
    heard: asyncio.Future[AdvertisementData] = asyncio.get_running_loop().create_future()

    def hear(device: BLEDevice, data: AdvertisementData) -> None:
        if data.local_name == gatt.ADVERTISED_NAME and not heard.done():
            heard.set_result(data)

    async with phone.bluetooth.scanner(hear), asyncio.timeout(SCAN_WITHIN_S):
        data = await heard
    assert (data.service_uuids, data.manufacturer_data, data.service_data) == ([], {}, {})
    return "the band is heard by its neutral name"


async def closed_band(phone: Phone) -> str:
    """The band refuses while nobody has held its button."""
    refusal = await refused(phone, phone.connection.pair(Nobody()))
    assert refusal is PairingRefusal.NOT_AGREED, refusal
    return told(phone)


async def wrong_number(phone: Phone) -> str:
    """The numbers differ: no bond on either side."""
    refusal = await refused(phone, phone.patient.pair(phone.band, mistaken=True))
    assert refusal is PairingRefusal.NOT_AGREED, refusal
    assert (await phone.band.state())["bonds"] == 0
    return told(phone)


async def nobody_confirms(phone: Phone) -> str:
    """The system's dialog closes by itself after half a minute; the band would wait longer."""
    await phone.band.hold()
    refusal = await refused(phone, phone.connection.pair(Nobody()))
    assert refusal is PairingRefusal.TOO_LATE, refusal
    return told(phone)


async def pair(phone: Phone) -> str:
    """Compare the numbers, confirm on both."""
    await phone.patient.pair(phone.band)
    assert phone.connection.state is LinkState.READY
    assert (await phone.band.state())["bonds"] == 1
    return "the same number on both; the link is ready"


async def set_up(phone: Phone) -> str:
    """Provision, enrol, prescribe, clear."""
    await phone.patient.set_up(phone.band)
    assert (await phone.patient.client.hello()).provisioned
    return "provisioned, enrolled, prescribed for, cleared"


async def session(phone: Phone) -> str:
    """A whole session, its link broken in the midst of a train."""
    patient, prescribed = phone.patient, itbs()
    async with kept(phone):
        await patient.pass_gates()
        await patient.arm(phone.device)
        async with patient.treated(phone.band):
            await phone.clock.set_rate(HURRIED)
            await break_link(phone)
            await patient.client.resume()
            await phone.clock.set_rate(HURRIED)
            await patient.until(DeviceState.IDLE, SESSION_WITHIN_MS)
        await phone.clock.set_rate(PACE)
        outcome = await patient.client.session_outcome(patient.session_id)
    assert outcome == OutcomeResult(Outcome.COMPLETED, prescribed.pulses_per_session), outcome
    return f"{outcome.charged_pulses} pulses, broken off once and resumed"


async def break_link(phone: Phone) -> None:
    """Both out of each other's reach; then back by the bond, the session paused."""

    async def fired() -> int:
        return int((await phone.band.state())["coil"]["fired_total"])

    await until(fired, lambda pulses: pulses >= BROKEN_AFTER_PULSES)
    await phone.clock.set_rate(PACE)
    await phone.band.drop_link(OUT_OF_REACH_MS)
    await phone.patient.until_link(LinkState.LOST)
    await phone.connection.until_ready(READY_WITHIN_MS)
    await phone.patient.until(DeviceState.PAUSED, READY_WITHIN_MS)


async def download(phone: Phone) -> str:
    """The whole record, its chain checked, against what the coil has fired."""
    async with kept(phone):
        record, lines = await phone.patient.record()
        head = await phone.patient.signed_head(phone.device)
    fired = (await phone.band.state())["coil"]["fired_total"]
    assert (record.number, record.hash) == (head.number, head.hash)
    assert record.total_pulses == fired == itbs().pulses_per_session
    return f"{len(lines)} records, {fired} pulses by record and by coil"


async def ten_reconnects(phone: Phone) -> str:
    """The band hangs up, the phone comes back; bleak delivers every value once."""
    async with kept(phone):
        last = (await phone.patient.client.hello()).head_number
        for number in range(1, DISCONNECTS + 1):
            await reconnect(phone)
            phone.tap.clear()
            for _ in range(HELLOS):
                await phone.patient.client.hello()
            records = [line.number async for line in phone.patient.client.ledger(last - 2)]
            assert records == [last - 2, last - 1, last], f"{number}: {records}"
            for uuid, least in ((gatt.CONTROL_POINT, HELLOS), (gatt.LEDGER_DATA, 1)):
                values = phone.tap.of(uuid)
                assert least <= len(values) == len(set(values)), f"{number}: {len(values)} values"
    return f"{DISCONNECTS} times: bleak delivers each answer once, and each batch of records"


async def reconnect(phone: Phone) -> None:
    lost = asyncio.Event()
    leave = phone.connection.watch(
        lambda state: lost.set() if state is LinkState.LOST else None,
    )
    await phone.band.hang_up()
    await lost.wait()
    leave()
    await phone.connection.until_ready(READY_WITHIN_MS)


async def band_forgot(phone: Phone) -> str:
    """The band has lost its bonds; paired again, it's the same band."""
    return await mended(phone, phone.band.forget_phones, PairingRefusal.BOND_BROKEN)


async def keys_differ(phone: Phone) -> str:
    """The band has another key for this phone."""
    return await mended(phone, phone.band.change_key, PairingRefusal.BOND_BROKEN)


async def phone_forgot(phone: Phone) -> str:
    """Somebody removed the band in the phone's settings."""
    address = await bonded_address(phone)

    async def forget() -> None:
        await phone.bluetooth.forget(address)

    return await mended(phone, forget, PairingRefusal.NOT_PAIRED)


async def mended(
    phone: Phone, damage: Callable[[], Awaitable[None]], expected: PairingRefusal
) -> str:
    """Break the bond, see that the link says so, pair anew: prescription and record stand."""
    address = await bonded_address(phone)
    async with kept(phone):
        first = (await phone.patient.client.hello()).head_number - 2
        before, prescription = await treatment(phone, first)
    await damage()
    refusal = await refused(phone, phone.connection.keep(address))
    assert refusal is expected, refusal
    assert phone.connection.state is LinkState.BOND_BROKEN
    words = told(phone)
    await phone.patient.pair(phone.band)
    after, still = await treatment(phone, first)
    assert still == prescription
    # What the band wrote since, as that it was switched on, follows what stood before.
    assert after[: len(before)] == before
    return words


async def treatment(phone: Phone, first: int) -> tuple[list[bytes], bytes]:
    """The record from a number on, each line chained to what is before it; the prescription."""
    lines = [line.data async for line in phone.patient.client.ledger(first)]
    status = phone.connection.status
    assert status is not None
    assert status.prescription_hash is not None
    return lines, status.prescription_hash


async def refused(phone: Phone, work: Awaitable[object]) -> PairingRefusal:
    """Why a pairing was refused, or a bond given up."""
    try:
        await work
    except PairingRefused as error:
        return error.refusal
    raise AssertionError(f"not refused: {phone.connection.state}")


def told(phone: Phone) -> str:
    """What the app would say."""
    return f"{phone.connection.state.name}: {phone.connection.reason}"


@asynccontextmanager
async def kept(phone: Phone) -> AsyncIterator[None]:
    """Stay connected with the bonded band, as the app does."""
    async with phone.patient.kept(await bonded_address(phone)):
        yield


async def bonded_address(phone: Phone) -> str:
    """The one device that the system has a bond with."""
    [address] = await phone.bonded()
    return address


STEPS: tuple[Step, ...] = (
    scan,
    closed_band,
    wrong_number,
    nobody_confirms,
    pair,
    set_up,
    session,
    download,
    ten_reconnects,
    band_forgot,
    keys_differ,
    phone_forgot,
)


async def live_through(exchange: Path) -> bool:
    """All steps in order; whether each came to its end."""
    kernel_began = 0.0
    tell("since the guest's kernel began: the story begins", kernel_began)
    async with open_phone(exchange) as phone:
        await phone.clock.set_rate(PACE)
        tell("since the guest's kernel began: the adapter is on", kernel_began)
        for step in STEPS:
            name, step_began = step.__name__.replace("_", " "), time.monotonic()
            try:
                tell(f"{name}: {await step(phone)}", step_began)
            except Exception:
                tell(f"{name}: FAILED", step_began)
                traceback.print_exc()
                return False
    return True


def tell(words: str, since: float) -> None:
    print(f"test-bluez: {time.monotonic() - since:5.1f} s  {words}", flush=True)


def main() -> None:
    sys.exit(0 if asyncio.run(live_through(Path(sys.argv[1]))) else 1)


if __name__ == "__main__":
    main()
