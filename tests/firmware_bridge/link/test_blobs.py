"""Blobs to the band: whole, whatever is lost, doubled or swapped on the way; resumed by offset."""

import asyncio
from collections.abc import Callable

import pytest

from firmware_bridge.emulator.firmware.blobs import Blobs
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.link import (
    Connection,
    DeviceRefused,
    LinkLost,
    Progress,
    StimulatorClient,
    TransferBroken,
)
from firmware_bridge.radio.process import Radio
from shared.wire.operations import (
    BlobKind,
    BlobOffset,
    Nothing,
    Operation,
    Refusal,
    Request,
)
from tests.firmware_bridge.link.conftest import Person
from tests.firmware_bridge.link.test_stimulator import Firmware
from tests.firmware_bridge.small_band import ADDRESS, SmallBand

KIND = BlobKind.PRESCRIPTION
BLOB = bytes(range(256)) * 8
PART_BYTES = 19


class BlobStore:
    """Holds blobs as the band does: by the firmware's own room for them."""

    def __init__(self, band: SmallBand, firmware: Firmware) -> None:
        self.arrived: list[bytes] = []
        self.room = Blobs()
        self.on_part: Callable[[bytes], None] = self.room.part
        band.blob_part = self._part
        firmware.replies[Operation.BLOB_BEGIN] = self._begin
        firmware.replies[Operation.BLOB_COMMIT] = self._commit

    def held(self, kind: BlobKind) -> bytes:
        return self.room.look(kind)

    def _begin(self, request: Request) -> BlobOffset:
        return BlobOffset(self.room.begin(request.arguments))

    def _part(self, value: bytes) -> None:
        self.arrived.append(value)
        self.on_part(value)

    def _commit(self, _: Request) -> Nothing | Refusal:
        try:
            self.room.commit()
        except Refused as refused:
            return Refusal(refused.code)
        return Nothing()


@pytest.fixture
async def store(band: SmallBand, connection: Connection, person: Person) -> BlobStore:
    """A band that holds blobs, at the shortest MTU."""
    band.device.gatt_server.max_mtu = 23
    store = BlobStore(band, Firmware(band))
    await connection.pair(person)
    return store


async def test_a_blob_arrives_and_its_progress_is_told(
    store: BlobStore, stimulator: StimulatorClient
) -> None:
    told: list[Progress] = []
    await stimulator.send_blob(KIND, BLOB, told.append)
    assert store.held(KIND) == BLOB
    assert told[0] == Progress(0, len(BLOB))
    assert told[-1] == Progress(len(BLOB), len(BLOB))
    assert [each.done for each in told] == sorted(each.done for each in told)


@pytest.mark.parametrize("breaks_at", [0, 1, 54, 106, 107])
async def test_it_goes_on_where_the_band_stands_after_a_loss_at_any_part(
    radio: Radio,
    store: BlobStore,
    connection: Connection,
    stimulator: StimulatorClient,
    breaks_at: int,
) -> None:
    def cut(value: bytes) -> None:
        store.room.part(value)
        if len(store.arrived) == breaks_at + 1:
            radio.air.drop()

    store.on_part = cut
    with pytest.raises(LinkLost):
        await stimulator.send_blob(KIND, BLOB)
    keeping = asyncio.create_task(connection.keep(ADDRESS))
    await connection.until_ready(5_000)
    before = len(store.arrived)
    store.on_part = store.room.part
    told: list[Progress] = []
    await stimulator.send_blob(KIND, BLOB, told.append)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert store.held(KIND) == BLOB
    resumed_at = told[0].done
    assert resumed_at >= min(len(BLOB), (breaks_at + 1) * PART_BYTES)
    sent_again = b"".join(value[1:] for value in store.arrived[before:])
    assert sent_again == BLOB[resumed_at:]


Weather = Callable[[BlobStore, bytes], None]


def _loses_some(store: BlobStore, value: bytes) -> None:
    if len(store.arrived) not in (1, 30, 60, 90):
        store.room.part(value)


def _doubles_all(store: BlobStore, value: bytes) -> None:
    store.room.part(value)
    store.room.part(value)


def _swaps_some(store: BlobStore, value: bytes) -> None:
    if len(store.arrived) == 40:
        return
    store.room.part(value)
    if len(store.arrived) == 41:
        store.room.part(store.arrived[-2])


def _spoils_one(store: BlobStore, value: bytes) -> None:
    spoilt = len(store.arrived) == 50
    store.room.part(value[:1] + bytes(len(value) - 1) if spoilt else value)


@pytest.mark.parametrize("weather", [_loses_some, _doubles_all, _swaps_some, _spoils_one])
async def test_whatever_becomes_of_parts_the_band_has_the_blob_whole(
    store: BlobStore, stimulator: StimulatorClient, weather: Weather
) -> None:
    store.on_part = lambda value: weather(store, value)
    await stimulator.send_blob(KIND, BLOB)
    assert store.held(KIND) == BLOB


async def test_parts_that_never_arrive_end_in_the_bands_own_word(
    store: BlobStore, stimulator: StimulatorClient
) -> None:
    store.on_part = lambda value: None
    with pytest.raises(DeviceRefused) as caught:
        await stimulator.send_blob(KIND, BLOB)
    assert caught.value.reason == "blob_truncated"


async def test_another_blob_begins_anew(store: BlobStore, stimulator: StimulatorClient) -> None:
    await stimulator.send_blob(KIND, BLOB)
    await stimulator.send_blob(KIND, BLOB[::-1])
    assert store.held(KIND) == BLOB[::-1]


@pytest.mark.parametrize("size", [0, 2049])
async def test_a_blob_has_limits(store: BlobStore, stimulator: StimulatorClient, size: int) -> None:
    with pytest.raises(TransferBroken):
        await stimulator.send_blob(KIND, bytes(size))
    assert store.arrived == []


async def test_stop_passes_a_blob(
    band: SmallBand, connection: Connection, person: Person, stimulator: StimulatorClient
) -> None:
    band.device.gatt_server.max_mtu = 23
    firmware = Firmware(band)
    store = BlobStore(band, firmware)
    await connection.pair(person)
    stopped_after: list[int] = []

    def stop(_: Request) -> Nothing:
        stopped_after.append(len(store.arrived))
        return Nothing()

    firmware.replies[Operation.STOP] = stop
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:

        def stop_once(value: bytes) -> None:
            store.room.part(value)
            if len(store.arrived) == 20:
                group.create_task(stimulator.stop())

        store.on_part = stop_once
        group.create_task(stimulator.send_blob(KIND, BLOB))
    assert stopped_after[0] < 60
    assert store.held(KIND) == BLOB
