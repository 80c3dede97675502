"""bleak on the virtual radio: found, paired by number, encrypted, dropped and found again."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)
from bumble.att import ATT_PDU
from bumble.device import Connection
from bumble.gatt_client import Client
from bumble.pairing import PairingDelegate

from firmware_bridge.link.pairing import BleakPairingError, PairingRefusal
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.client import VirtualBleakClient
from firmware_bridge.radio.process import Radio, RadioPorts
from firmware_bridge.radio.scanner import VirtualBleakScanner
from shared.wire import gatt
from tests.firmware_bridge.small_band import ADDRESS, SmallBand


class Person:
    """Compares the numbers, or says what the test wants."""

    def __init__(self, answer: Callable[[int], bool]) -> None:
        self._answer = answer

    async def confirm_number(self, number: int) -> bool:
        return self._answer(number)


def honest(band: SmallBand) -> Person:
    return Person(lambda number: band.number in (None, number))


def client_of(
    adapter: Adapter, on_lost: Callable[[BleakClient], None] | None = None
) -> BleakClient:
    return BleakClient(ADDRESS, on_lost, backend=VirtualBleakClient, radio=adapter, timeout=5)


async def find(adapter: Adapter) -> BLEDevice:
    services = [gatt.STIMULATION_SERVICE]
    async with BleakScanner(None, services, backend=VirtualBleakScanner, radio=adapter) as scanner:
        async for device, _ in scanner.advertisement_data():
            return device
    raise AssertionError("the scanner stopped by itself")


async def test_band_is_found_by_its_service_and_tells_no_more_than_its_name(
    band: SmallBand, adapter: Adapter
) -> None:
    async with asyncio.timeout(5):
        device = await find(adapter)
    assert (device.address, device.name) == (ADDRESS, "Band")


async def test_band_under_a_private_address_is_known_again_by_its_bond(
    ports: RadioPorts, adapter: Adapter, tmp_path: Path
) -> None:
    band = SmallBand(f"127.0.0.1:{ports.hosts[0]}", tmp_path, private=True)
    await band.start()
    adapter.agent = honest(band)
    async with asyncio.timeout(10):
        found = await find(adapter)
        assert found.address != ADDRESS
        async with BleakClient(found, backend=VirtualBleakClient, radio=adapter) as client:
            await client.pair()
            assert client.address == ADDRESS
        assert (await find(adapter)).address == ADDRESS
        async with client_of(adapter) as again:
            await again.read_gatt_char(gatt.STATUS)
    await band.stop()


async def test_unpaired_link_may_not_write(band: SmallBand, adapter: Adapter) -> None:
    async with client_of(adapter) as client:
        with pytest.raises(BleakGATTProtocolError) as caught:
            await client.write_gatt_char(gatt.CONTROL_POINT, b"\0x", response=True)
    assert caught.value.code in (
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
    )


async def test_paired_link_reads_writes_and_is_indicated_at_mtu_517(
    band: SmallBand, adapter: Adapter
) -> None:
    adapter.agent = honest(band)
    band.status_value = b"\0resting"

    async def echo(message: bytes) -> bytes:
        return message[::-1]

    band.control = echo
    answers: asyncio.Queue[bytes] = asyncio.Queue()
    async with client_of(adapter) as client:
        await client.pair()
        assert client.mtu_size == 517
        assert bytes(await client.read_gatt_char(gatt.STATUS)) == b"\0resting"
        await client.start_notify(
            gatt.CONTROL_POINT, lambda _, value: answers.put_nowait(bytes(value))
        )
        await client.write_gatt_char(gatt.CONTROL_POINT, b"\0abc", response=True)
        async with asyncio.timeout(5):
            assert await answers.get() == b"\0cba"
    assert band.number is not None
    assert await adapter.bonded()


async def test_wrong_number_pairs_nothing_on_either_side(band: SmallBand, adapter: Adapter) -> None:
    adapter.agent = Person(lambda number: False)
    async with client_of(adapter) as client:
        with pytest.raises(BleakPairingError) as caught:
            await client.pair()
    assert caught.value.refusal is PairingRefusal.NUMBER_DIFFERS
    assert await adapter.bonded() == []
    assert await band.bonds() == 0


async def test_number_refused_at_the_band_pairs_nothing(band: SmallBand, adapter: Adapter) -> None:
    adapter.agent = honest(band)
    band.confirms = False
    async with client_of(adapter) as client:
        with pytest.raises(BleakPairingError) as caught:
            await client.pair()
    assert caught.value.refusal is PairingRefusal.NUMBER_DIFFERS
    assert await adapter.bonded() == []
    assert await band.bonds() == 0


async def test_band_whose_button_was_not_held_does_not_pair(
    band: SmallBand, adapter: Adapter
) -> None:
    adapter.agent = honest(band)
    band.open_for_pairing = False
    async with client_of(adapter) as client:
        with pytest.raises(BleakPairingError) as caught:
            await client.pair()
    assert caught.value.refusal is PairingRefusal.NOT_OPEN


@pytest.mark.parametrize(
    ("capability", "secure_connections"),
    [
        (PairingDelegate.NO_OUTPUT_NO_INPUT, True),
        (PairingDelegate.DISPLAY_OUTPUT_AND_YES_NO_INPUT, False),
    ],
    ids=["just works", "legacy"],
)
async def test_weaker_pairing_is_refused(
    band: SmallBand,
    adapter: Adapter,
    capability: PairingDelegate.IoCapability,
    secure_connections: bool,
) -> None:
    adapter.agent = Person(lambda number: True)
    band.pair_weakly(PairingDelegate(capability), secure_connections=secure_connections)
    async with client_of(adapter) as client:
        with pytest.raises(BleakPairingError) as caught:
            await client.pair()
    assert caught.value.refusal is PairingRefusal.TOO_WEAK
    assert await adapter.bonded() == []
    assert await band.bonds() == 0


async def paired(band: SmallBand, adapter: Adapter) -> None:
    adapter.agent = honest(band)
    async with client_of(adapter) as client:
        await client.pair()
    adapter.agent = None


async def test_dropped_link_is_told_and_comes_back_encrypted_with_the_bond(
    radio: Radio, ports: RadioPorts, band: SmallBand, adapter: Adapter
) -> None:
    await paired(band, adapter)
    lost = asyncio.Event()
    client = client_of(adapter, lambda _: lost.set())
    await client.connect()
    async with aiohttp.ClientSession() as session, asyncio.timeout(5):
        await session.post(f"http://127.0.0.1:{ports.control}/drop", json={"for_ms": 200})
        await lost.wait()
        assert not client.is_connected
        assert band.connection is None
    async with client_of(adapter) as again:
        await again.read_gatt_char(gatt.STATUS)


async def test_app_that_starts_again_reconnects_with_the_stored_bond(
    ports: RadioPorts, band: SmallBand, adapter: Adapter
) -> None:
    await paired(band, adapter)
    folder = adapter.folder
    await adapter.close()
    again = await Adapter.open(f"127.0.0.1:{ports.hosts[1]}", folder)
    async with client_of(again) as client:
        await client.read_gatt_char(gatt.STATUS)
    await again.close()


async def test_band_that_forgot_the_bond_is_a_typed_error(
    band: SmallBand, adapter: Adapter
) -> None:
    await paired(band, adapter)
    await band.forget_bonds()
    with pytest.raises(BleakPairingError) as caught:
        await client_of(adapter).connect()
    assert caught.value.refusal is PairingRefusal.BOND_LOST


async def test_unpair_forgets(band: SmallBand, adapter: Adapter) -> None:
    await paired(band, adapter)
    client = client_of(adapter)
    await client.connect()
    await client.unpair()
    assert await adapter.bonded() == []
    assert not client.is_connected


async def test_nobody_out_of_reach_is_found_and_a_later_connection_works(
    radio: Radio, band: SmallBand, adapter: Adapter
) -> None:
    radio.air.drop(out_of_reach_ms=400)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await find(adapter)
    with pytest.raises(BleakDeviceNotFoundError):
        await BleakClient(ADDRESS, backend=VirtualBleakClient, radio=adapter, timeout=0.1).connect()
    async with client_of(adapter) as client:
        assert client.is_connected


async def test_killed_band_is_a_lost_link(band: SmallBand, adapter: Adapter) -> None:
    lost = asyncio.Event()
    client = client_of(adapter, lambda _: lost.set())
    await client.connect()
    async with asyncio.timeout(5):
        await band.stop()
        await lost.wait()
    with pytest.raises(BleakError):
        await client.read_gatt_char(gatt.STATUS)


async def test_link_that_breaks_in_a_request_is_an_error_not_a_cancellation(
    radio: Radio, band: SmallBand, adapter: Adapter
) -> None:
    client = client_of(adapter)
    await client.connect()
    reading = asyncio.create_task(client.read_gatt_char(gatt.STATUS))
    await asyncio.sleep(0)
    radio.air.drop()
    with pytest.raises(BleakError):
        await reading


async def test_who_is_cancelled_as_the_answer_comes_ends_and_can_still_hang_up(
    band: SmallBand, adapter: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(adapter)
    await client.connect()
    answered = Client.on_gatt_pdu

    async def read_and_hang_up() -> None:
        try:
            await client.read_gatt_char(gatt.STATUS)
        finally:
            await client.disconnect()

    def answered_and_cancelled(taker: Client, pdu: ATT_PDU) -> None:
        answered(taker, pdu)
        reading.cancel()

    monkeypatch.setattr(Client, "on_gatt_pdu", answered_and_cancelled)
    reading = asyncio.create_task(read_and_hang_up())
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not client.is_connected


async def test_who_is_cancelled_as_the_link_comes_about_leaves_none_behind(
    band: SmallBand, adapter: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(adapter)
    made = Adapter.connect

    async def made_and_lost(self: Adapter, address: str, timeout_s: float) -> Connection:
        connection = await made(self, address, timeout_s)
        connecting.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
        return connection

    monkeypatch.setattr(Adapter, "connect", made_and_lost)
    connecting = asyncio.create_task(client.connect())
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert not client.is_connected


async def test_radio_that_ends_is_told(radio: Radio, band: SmallBand, adapter: Adapter) -> None:
    lost = asyncio.Event()
    client = client_of(adapter, lambda _: lost.set())
    await client.connect()
    async with asyncio.timeout(5):
        await radio.stop()
        await lost.wait()
    with pytest.raises(BleakBluetoothNotAvailableError):
        await client_of(adapter).connect()
    with pytest.raises(BleakBluetoothNotAvailableError):
        await Adapter.open("127.0.0.1:1", adapter.folder)


async def test_control_page_refuses_nonsense(ports: RadioPorts) -> None:
    address = f"http://127.0.0.1:{ports.control}/drop"
    async with aiohttp.ClientSession() as session:
        for body in (b"{", b"[]", b'{"for_ms":-1}', b'{"for_ms":"x"}'):
            async with session.post(address, data=body) as answer:
                assert answer.status == 400
