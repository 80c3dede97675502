"""Paired by number, kept while it lasts, made again when lost, given up when it must be."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from firmware_bridge.link import (
    BackOff,
    Connection,
    Limits,
    LinkLost,
    LinkSilent,
    LinkState,
    LinkTimeout,
    PairingRefusal,
    PairingRefused,
)
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.radio.process import Radio, RadioPorts
from firmware_bridge.timebase import SystemClock
from shared.wire.fields import pack
from shared.wire.status import Status
from tests.firmware_bridge.link.conftest import RESTING, Person
from tests.firmware_bridge.small_band import ADDRESS, SmallBand


@asynccontextmanager
async def kept(connection: Connection, address: str) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(connection.keep(address))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def lose(radio: Radio, connection: Connection, *, out_of_reach_ms: int = 0) -> None:
    lost = asyncio.Event()
    leave = connection.watch(lambda state: lost.set() if state is LinkState.LOST else None)
    radio.air.drop(out_of_reach_ms=out_of_reach_ms)
    await lost.wait()
    leave()


async def test_pairing_leads_through_its_states_to_a_ready_link(
    band: SmallBand, connection: Connection, person: Person
) -> None:
    states: list[LinkState] = []
    connection.watch(states.append)
    assert await connection.pair(person) == ADDRESS
    assert states == [
        LinkState.SEARCHING,
        LinkState.CONNECTING,
        LinkState.PAIRING,
        LinkState.SECURING,
        LinkState.SYNCING,
        LinkState.READY,
    ]
    assert connection.status == RESTING


async def test_wrong_number_is_refused_and_nothing_is_bonded(
    band: SmallBand, adapter: Adapter, connection: Connection, person: Person
) -> None:
    person.mistaken = True
    with pytest.raises(PairingRefused) as caught:
        await connection.pair(person)
    assert caught.value.refusal is PairingRefusal.NUMBER_DIFFERS
    assert caught.value.code == "link.pairing.number_differs"
    assert connection.state is LinkState.REFUSED
    assert await adapter.bonded() == []
    assert await band.bonds() == 0


async def test_a_band_that_is_not_open_for_pairing_is_passed_over_for_one_that_is(
    radio: Radio, tmp_path: Path
) -> None:
    hosts = [f"127.0.0.1:{port}" for port in (await radio.start([0, 0, 0])).hosts]
    folders = [tmp_path / name for name in ("closed", "open", "phone")]
    for folder in folders:
        folder.mkdir()
    closed = SmallBand(hosts[0], folders[0], address="F1:A2:B3:C4:D5:02")
    band = SmallBand(hosts[1], folders[1])
    closed.open_for_pairing = False
    for each in (closed, band):
        each.status_value = b"\0" + pack(RESTING)
    adapter = await Adapter.open(hosts[2], folders[2])
    connection = Connection(VirtualBluetooth(adapter), SystemClock(), limits=Limits(search_s=5))
    met = asyncio.Event()
    connection.watch(lambda state: met.set() if state is LinkState.PAIRING else None)
    await closed.start()
    try:
        pairing = asyncio.create_task(connection.pair(Person(band)))
        await met.wait()
        await band.start()
        async with asyncio.timeout(20):
            assert await pairing == ADDRESS
        assert connection.state is LinkState.READY
        assert await closed.bonds() == 0
    finally:
        await connection.let_go()
        await adapter.close()
        for each in (closed, band):
            await each.stop()


async def test_after_a_refusal_pairing_can_be_tried_again(
    band: SmallBand, connection: Connection, person: Person
) -> None:
    person.mistaken = True
    with pytest.raises(PairingRefused):
        await connection.pair(person)
    person.mistaken = False
    band.number_shown.clear()
    assert await connection.pair(person) == ADDRESS


async def test_band_that_is_not_open_for_pairing_says_so(
    band: SmallBand, connection: Connection, person: Person
) -> None:
    band.open_for_pairing = False
    with pytest.raises(PairingRefused) as caught:
        await connection.pair(person)
    assert caught.value.refusal is PairingRefusal.NOT_OPEN


async def test_nobody_there_ends_the_search_in_time(
    radio: Radio, band: SmallBand, adapter: Adapter, person: Person
) -> None:
    radio.air.drop(out_of_reach_ms=60_000)
    hasty = Connection(VirtualBluetooth(adapter), SystemClock(), limits=Limits(search_s=0.2))
    with pytest.raises(LinkTimeout):
        await hasty.pair(person)
    assert hasty.state is LinkState.OFF


async def test_lost_link_comes_back_by_itself_with_the_bond(
    radio: Radio, band: SmallBand, connection: Connection, person: Person
) -> None:
    address = await connection.pair(person)
    states: list[LinkState] = []
    connection.watch(states.append)
    async with kept(connection, address), asyncio.timeout(10):
        await lose(radio, connection, out_of_reach_ms=300)
        with pytest.raises(LinkLost):
            _ = connection.session
        await connection.until_ready(8_000)
    assert states[:4] == [
        LinkState.LOST,
        LinkState.SECURING,
        LinkState.SYNCING,
        LinkState.READY,
    ]
    assert band.device is not None
    assert await band.bonds() == 1


async def test_five_losses_do_not_multiply_what_the_band_says(
    radio: Radio, band: SmallBand, connection: Connection, person: Person
) -> None:
    address = await connection.pair(person)
    heard: list[Status] = []
    async with kept(connection, address), asyncio.timeout(20):
        for _ in range(5):
            await lose(radio, connection)
            await connection.until_ready(5_000)
        told = asyncio.Event()
        connection.watch_status(heard.append)
        connection.watch_status(lambda status: told.set())
        await band.notify_status(pack(dataclasses.replace(RESTING, proven_ms=7)))
        await told.wait()
    assert [status.proven_ms for status in heard] == [7]


async def test_band_that_forgot_the_phone_ends_the_keeping(
    band: SmallBand, connection: Connection, person: Person
) -> None:
    address = await connection.pair(person)
    await connection.let_go()
    await band.forget_bonds()
    async with asyncio.timeout(10):
        with pytest.raises(PairingRefused) as caught:
            await connection.keep(address)
    assert caught.value.refusal is PairingRefusal.BOND_LOST
    assert connection.state is LinkState.BOND_BROKEN
    assert connection.reason is caught.value


async def test_band_that_was_reset_can_be_paired_again(
    band: SmallBand, connection: Connection, person: Person
) -> None:
    await connection.pair(person)
    await connection.let_go()
    await band.forget_bonds()
    band.number_shown.clear()
    assert await connection.pair(person) == ADDRESS


async def test_letting_go_disconnects_the_band(
    band: SmallBand, connection: Connection, person: Person
) -> None:
    await connection.pair(person)
    assert band.connection is not None
    gone = asyncio.Event()
    band.connection.on(band.connection.EVENT_DISCONNECTION, lambda _: gone.set())
    async with asyncio.timeout(5):
        await connection.let_go()
        await gone.wait()
    assert connection.state is LinkState.OFF


async def test_forgetting_removes_the_bond(
    band: SmallBand, adapter: Adapter, connection: Connection, person: Person
) -> None:
    address = await connection.pair(person)
    await connection.forget(address)
    assert await adapter.bonded() == []


async def test_keys_that_differ_are_told_from_a_band_that_forgot(
    band: SmallBand, connection: Connection, person: Person
) -> None:
    address = await connection.pair(person)
    await connection.let_go()
    await band.change_key()
    async with asyncio.timeout(10):
        with pytest.raises(PairingRefused) as caught:
            await connection.keep(address)
    assert caught.value.refusal is PairingRefusal.KEYS_DIFFER
    assert connection.state is LinkState.BOND_BROKEN


async def test_phone_that_forgot_says_that_it_did(
    band: SmallBand, adapter: Adapter, connection: Connection, person: Person
) -> None:
    address = await connection.pair(person)
    await connection.let_go()
    await adapter.forget(address)
    await band.forget_private_address()
    async with asyncio.timeout(10):
        with pytest.raises(PairingRefused) as caught:
            await connection.keep(address)
    assert caught.value.refusal is PairingRefusal.NOT_PAIRED
    assert connection.state is LinkState.BOND_BROKEN


async def test_link_that_is_up_but_dead_is_lost_and_made_again(
    ports: RadioPorts, band: SmallBand, adapter: Adapter, person: Person
) -> None:
    limits = Limits(search_s=5, connect_s=5, pair_s=5, quick=BackOff(20, 50), idle_check_ms=50)
    connection = Connection(VirtualBluetooth(adapter), SystemClock(), limits=limits)
    address = await connection.pair(person)
    reasons: list[object] = []
    lost = asyncio.Event()

    def watch(state: LinkState) -> None:
        if state is LinkState.LOST:
            reasons.append(connection.reason)
            band.frozen = False
            lost.set()

    connection.watch(watch)
    async with kept(connection, address), asyncio.timeout(20):
        band.frozen = True
        await lost.wait()
        await connection.until_ready(10_000)
    assert isinstance(reasons[0], LinkSilent)
    await connection.let_go()
