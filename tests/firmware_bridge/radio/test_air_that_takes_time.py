"""On a radio with air time two hosts hear each other no sooner than packets can get there."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from bleak import BleakClient

from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.airtime import PHYS
from firmware_bridge.radio.client import VirtualBleakClient
from firmware_bridge.radio.controller import PACKETS_AT_ONCE
from firmware_bridge.radio.process import Radio
from shared.wire import gatt
from tests.firmware_bridge.small_band import ADDRESS

PHY = PHYS["1m"]
READS = 40


@pytest.fixture
async def radio() -> AsyncIterator[Radio]:
    radio = Radio(phy=PHY)
    yield radio
    await radio.stop()


class Agrees:
    async def confirm_number(self, number: int) -> bool:
        return True


def client_of(adapter: Adapter) -> BleakClient:
    return BleakClient(ADDRESS, backend=VirtualBleakClient, radio=adapter, timeout=5)


@pytest.mark.usefixtures("band")
async def test_a_read_takes_its_two_exchanges_in_the_air(adapter: Adapter) -> None:
    adapter.agent = Agrees()
    async with client_of(adapter) as client:
        await client.pair()
        began = time.perf_counter()
        for _ in range(READS):
            await client.read_gatt_char(gatt.STATUS)
        took_s = time.perf_counter() - began
    # The L2CAP header of 4 bytes, and an opcode at the least.
    least_us = 2 * PHY.exchange_us(0, 5)
    assert took_s >= READS * least_us / 1_000_000


@pytest.mark.usefixtures("band")
async def test_the_next_link_is_free_of_what_the_last_one_left_in_the_air(
    adapter: Adapter, radio: Radio
) -> None:
    adapter.agent = Agrees()
    async with asyncio.timeout(10), client_of(adapter) as client:
        await client.pair()
        for _ in range(PACKETS_AT_ONCE):
            await client.write_gatt_char(gatt.BLOB_DATA, bytes(200), response=False)
        radio.air.drop()
        async with client_of(adapter) as again:
            await again.read_gatt_char(gatt.STATUS)
