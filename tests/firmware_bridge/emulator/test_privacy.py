"""What a stranger hears of a band over many minutes, and what the bonded phone hears in it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from bumble.device import Advertisement
from bumble.hci import Address
from bumble.smp import AddressResolver

from firmware_bridge.emulator.face.face import (
    ROTATED_AT_EARLIEST_MS,
    ROTATED_AT_LATEST_MS,
    neutral_advertisement,
)
from firmware_bridge.emulator.face.identity import RadioIdentityFile
from firmware_bridge.timebase import ClockServer, ServedClock
from tests.firmware_bridge.emulator.world import LABEL, WITHIN_S, World, world

TGAP_PRIVATE_ADDR_INT_MS = 15 * 60_000
"""Core Specification, volume 3, part C, appendix A."""

ROTATIONS = 2
HASH_BYTES = 3


@pytest.fixture
async def clock() -> AsyncIterator[ServedClock]:
    """A clock that stands still until a test moves it."""
    server = ClockServer(start_wall_ms=1_780_000_000_000, rate=0)
    port = await server.start()
    clock = await ServedClock.connect("127.0.0.1", port, "device")
    yield clock
    await clock.close()
    await server.stop()


@asynccontextmanager
async def bonded(folder: Path, clock: ServedClock) -> AsyncIterator[World]:
    """A band that bonded with its phone, which then went away."""
    async with world(folder, clock) as here:
        await here.pair()
        assert here.phone.connection is not None
        await here.phone.connection.disconnect()
        await here.alone()
        yield here


async def heard_over_rotations(here: World, clock: ServedClock) -> list[Advertisement]:
    """One advertisement under each of the addresses that follow each other."""
    heard = [await here.phone.hear()]
    for _ in range(ROTATIONS):
        await clock.advance(ROTATED_AT_LATEST_MS)
        heard.append(await next_under_another_address(here, heard[-1].address))
    return heard


async def next_under_another_address(here: World, former: Address) -> Advertisement:
    async with asyncio.timeout(WITHIN_S):
        while (heard := await here.phone.hear()).address == former:
            pass
    return heard


async def test_stranger_finds_nothing_that_links_one_address_to_the_next(
    tmp_path: Path, clock: ServedClock
) -> None:
    async with bonded(tmp_path / "one", clock) as one:
        heard = await heard_over_rotations(one, clock)
    async with bonded(tmp_path / "other", clock) as other:
        of_another = await heard_over_rotations(other, clock)
    addresses = [bytes(each.address) for each in [*heard, *of_another]]
    assert len(set(addresses)) == len(addresses)
    for part in (slice(0, HASH_BYTES), slice(HASH_BYTES, None)):
        assert len({address[part] for address in addresses}) == len(addresses)
    assert {bytes(each.data) for each in heard} == {bytes(each.data) for each in of_another}
    assert {(each.tx_power, each.primary_phy, each.is_connectable) for each in heard} == {
        (each.tx_power, each.primary_phy, each.is_connectable) for each in of_another
    }


async def test_advertisement_holds_flags_and_a_neutral_name_only(
    tmp_path: Path, clock: ServedClock
) -> None:
    async with bonded(tmp_path, clock) as here:
        heard = await heard_over_rotations(here, clock)
        known = RadioIdentityFile(tmp_path / "radio" / "identity.json").read()
    assert bytes(heard[0].data) == neutral_advertisement() == b"\x02\x01\x06\x05\x09Band"
    for secret in secrets_of(known.static_address, known.irk):
        for each in heard:
            assert secret not in bytes(each.data) + bytes(each.address)


def secrets_of(static_address: Address, irk: bytes) -> Iterator[bytes]:
    """What names the band for good."""
    yield bytes(static_address)
    yield bytes(static_address)[:HASH_BYTES]
    yield irk[:HASH_BYTES]
    yield bytes.fromhex(LABEL.serial)[:HASH_BYTES]


async def test_phone_that_bonded_recognises_every_address_and_another_phone_none(
    tmp_path: Path, clock: ServedClock
) -> None:
    async with bonded(tmp_path / "one", clock) as one, bonded(tmp_path / "other", clock) as other:
        heard = await heard_over_rotations(one, clock)
        keys = [await resolver_of(each) for each in (one, other)]
        identity = RadioIdentityFile(tmp_path / "one" / "radio" / "identity.json").read()
    assert all(each.address.is_resolvable for each in heard)
    assert [keys[0].resolve(each.address) for each in heard] == [identity.static_address] * len(
        heard
    )
    assert [keys[1].resolve(each.address) for each in heard] == [None] * len(heard)


async def resolver_of(here: World) -> AddressResolver:
    """What this phone can make of an address, by the key that it was given at bonding."""
    assert here.phone.device.keystore is not None
    return AddressResolver(await here.phone.device.keystore.get_resolving_keys())


async def test_address_stays_for_some_minutes_and_no_longer_than_the_specification_says(
    tmp_path: Path, clock: ServedClock
) -> None:
    assert ROTATED_AT_LATEST_MS == TGAP_PRIVATE_ADDR_INT_MS
    async with bonded(tmp_path, clock) as here:
        first = await here.phone.hear()
        await clock.advance(ROTATED_AT_EARLIEST_MS - 1_000)
        assert (await here.phone.hear()).address == first.address
        await clock.advance(ROTATED_AT_LATEST_MS - ROTATED_AT_EARLIEST_MS + 1_000)
        await next_under_another_address(here, first.address)


async def test_phone_connects_under_an_address_that_was_rotated_meanwhile(
    tmp_path: Path, clock: ServedClock
) -> None:
    async with bonded(tmp_path, clock) as here:
        await clock.advance(ROTATED_AT_LATEST_MS)
        connection = await here.phone.connect()
        await connection.encrypt()
        await clock.advance(ROTATED_AT_LATEST_MS)
        assert connection.handle in here.phone.device.connections
