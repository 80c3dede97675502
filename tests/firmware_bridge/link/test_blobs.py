"""Blobs to the band: whole, whatever is lost, doubled or swapped on the way; resumed by offset."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from firmware_bridge.emulator.firmware.blobs import Blobs
from firmware_bridge.link import (
    BlobNotTaken,
    Connection,
    LinkLost,
    LinkTimeout,
    Progress,
    StimulatorClient,
    TransferBroken,
    blob_door,
)
from firmware_bridge.radio.process import Radio
from shared.wire.blob_parts import HEAD_BYTES, Verdict, Word, encode_word
from shared.wire.operations import BlobKind, Nothing, Operation, Request
from tests.firmware_bridge.link.conftest import Person
from tests.firmware_bridge.link.test_stimulator import Firmware
from tests.firmware_bridge.small_band import ADDRESS, SmallBand

KIND = BlobKind.PRESCRIPTION
BLOB = bytes(range(256)) * 8
PART_BYTES = 19
PARTS = -(-(HEAD_BYTES + len(BLOB)) // PART_BYTES)
QUICK_MS = 50


class BlobStore:
    """Holds blobs as the band does: by the firmware's own room for them."""

    def __init__(self, band: SmallBand) -> None:
        self.arrived: list[bytes] = []
        self.said: list[Word] = []
        self.room = Blobs()
        self.on_part: Callable[[bytes], Word | None] = self.room.part
        self.on_word: Callable[[Word], Word | None] = lambda word: word
        band.blob_part = self._part

    def held(self, kind: BlobKind) -> bytes:
        return self.room.look(kind)

    def _part(self, value: bytes) -> bytes | None:
        self.arrived.append(value)
        word = self.on_part(value)
        if word is None:
            return None
        self.said.append(word)
        passing = self.on_word(word)
        return None if passing is None else encode_word(passing)


@pytest.fixture
async def store(band: SmallBand, connection: Connection, person: Person) -> BlobStore:
    """A band that holds blobs, at the shortest MTU."""
    band.device.gatt_server.max_mtu = 23
    store = BlobStore(band)
    await connection.pair(person)
    return store


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone that waits less long for a word."""
    monkeypatch.setattr(blob_door, "WORD_LIMIT_MS", QUICK_MS)


async def test_a_blob_arrives_and_its_progress_is_told(
    store: BlobStore, stimulator: StimulatorClient
) -> None:
    told: list[Progress] = []
    await stimulator.send_blob(KIND, BLOB, told.append)
    assert store.held(KIND) == BLOB
    assert len(store.arrived) == PARTS
    assert [word.verdict for word in store.said] == [Verdict.WHOLE]
    assert told[0] == Progress(0, len(BLOB))
    assert told[-1] == Progress(len(BLOB), len(BLOB))
    assert [each.done for each in told] == sorted(each.done for each in told)


@pytest.mark.parametrize("breaks_at", [0, 1, 2, 54, PARTS - 2, PARTS - 1])
async def test_it_goes_on_where_the_band_stands_after_a_loss_at_any_part(
    radio: Radio,
    store: BlobStore,
    connection: Connection,
    stimulator: StimulatorClient,
    breaks_at: int,
) -> None:
    def cut(value: bytes) -> Word | None:
        word = store.room.part(value)
        if len(store.arrived) == breaks_at + 1:
            radio.air.drop()
        return word

    store.on_part = cut
    with pytest.raises(LinkLost):
        await stimulator.send_blob(KIND, BLOB)
    keeping = asyncio.create_task(connection.keep(ADDRESS))
    await connection.until_ready(5_000)
    before = len(store.arrived)
    store.on_part = store.room.part
    await stimulator.send_blob(KIND, BLOB)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert store.held(KIND) == BLOB
    sent_again = b"".join(value[1:] for value in store.arrived[before:])
    question, stream = sent_again[:HEAD_BYTES], sent_again[HEAD_BYTES:]
    assert question[4:6] == b"\xff\xff"
    arrived = max(0, (breaks_at + 1) * PART_BYTES - HEAD_BYTES)
    assert len(stream[HEAD_BYTES:]) <= len(BLOB) - min(len(BLOB), arrived)
    assert BLOB.endswith(stream[HEAD_BYTES:])


Weather = Callable[[BlobStore, bytes], Word | None]


def _loses_some(store: BlobStore, value: bytes) -> Word | None:
    return None if len(store.arrived) in (10, 30, 60, 90) else store.room.part(value)


def _loses_the_first(store: BlobStore, value: bytes) -> Word | None:
    return None if len(store.arrived) == 1 else store.room.part(value)


def _loses_half_a_head(store: BlobStore, value: bytes) -> Word | None:
    return None if len(store.arrived) == 2 else store.room.part(value)


def _loses_the_last(store: BlobStore, value: bytes) -> Word | None:
    return None if len(store.arrived) == PARTS else store.room.part(value)


def _doubles_all(store: BlobStore, value: bytes) -> Word | None:
    first = store.room.part(value)
    return store.room.part(value) or first


def _swaps_some(store: BlobStore, value: bytes) -> Word | None:
    if len(store.arrived) == 40:
        return None
    word = store.room.part(value)
    if len(store.arrived) == 41:
        return store.room.part(store.arrived[-2]) or word
    return word


def _spoils_one(store: BlobStore, value: bytes) -> Word | None:
    spoilt = len(store.arrived) == 50
    return store.room.part(value[:1] + bytes(len(value) - 1) if spoilt else value)


def _begins_again_late(store: BlobStore, value: bytes) -> Word | None:
    if len(store.arrived) == 20:
        store.room.part(store.arrived[0])
    return store.room.part(value)


@pytest.mark.parametrize(
    "weather",
    [
        _loses_some,
        _loses_the_first,
        _loses_half_a_head,
        _loses_the_last,
        _doubles_all,
        _swaps_some,
        _spoils_one,
        _begins_again_late,
    ],
)
async def test_whatever_becomes_of_parts_the_band_has_the_blob_whole(
    store: BlobStore, stimulator: StimulatorClient, impatient: None, weather: Weather
) -> None:
    store.on_part = lambda value: weather(store, value)
    await stimulator.send_blob(KIND, BLOB)
    assert store.held(KIND) == BLOB


async def test_only_what_the_band_lacks_is_sent_again_after_a_loss(
    store: BlobStore, stimulator: StimulatorClient
) -> None:
    store.on_part = lambda value: _loses_some(store, value)
    await stimulator.send_blob(KIND, BLOB)
    offsets = [word.held for word in store.said if word.verdict is Verdict.GO_ON]
    assert offsets == sorted(offsets)
    assert offsets[0] == 9 * PART_BYTES - HEAD_BYTES


Fate = Callable[[BlobStore, Word], Word | None]


def _is_lost(store: BlobStore, word: Word) -> Word | None:
    return None if len(store.said) == 1 else word


def _is_of_another_stream(store: BlobStore, word: Word) -> Word | None:
    return replace(word, stream=word.stream ^ 1) if len(store.said) == 1 else word


def _says_too_much(store: BlobStore, word: Word) -> Word | None:
    return replace(word, held=len(BLOB) + 1) if len(store.said) == 1 else word


@pytest.mark.parametrize("fate", [_is_lost, _is_of_another_stream, _says_too_much])
async def test_a_word_that_does_not_come_is_asked_for(
    store: BlobStore, stimulator: StimulatorClient, impatient: None, fate: Fate
) -> None:
    store.on_word = lambda word: fate(store, word)
    await stimulator.send_blob(KIND, BLOB)
    assert [word.verdict for word in store.said] == [Verdict.WHOLE] * 2
    sent_again = b"".join(value[1:] for value in store.arrived[PARTS:])
    assert len(sent_again) == HEAD_BYTES
    assert store.held(KIND) == BLOB


async def test_a_word_of_an_earlier_stream_is_not_taken_for_this_one(
    band: SmallBand, store: BlobStore, stimulator: StimulatorClient
) -> None:
    await stimulator.send_blob(KIND, BLOB)
    assert store.room.take(KIND) == BLOB
    late = encode_word(store.said[0])

    async def send_anew() -> None:
        await stimulator.send_blob(KIND, BLOB)
        assert store.held(KIND) == BLOB

    def with_a_late_word(value: bytes) -> Word | None:
        if len(store.arrived) == PARTS + 5:
            group.create_task(band.notify_blob_word(late))
        return store.room.part(value)

    store.on_part = with_a_late_word
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(send_anew())


async def test_parts_that_never_arrive_end_in_a_time_out(
    store: BlobStore, stimulator: StimulatorClient, impatient: None
) -> None:
    store.on_part = lambda value: None
    with pytest.raises(LinkTimeout) as caught:
        await stimulator.send_blob(KIND, BLOB)
    assert (caught.value.what, caught.value.limit_ms) == ("blob", QUICK_MS)


async def test_a_part_that_never_arrives_ends_in_the_bands_own_word(
    store: BlobStore, stimulator: StimulatorClient
) -> None:
    store.on_part = lambda value: None if value[0] == 2 else store.room.part(value)
    with pytest.raises(BlobNotTaken) as caught:
        await stimulator.send_blob(KIND, bytes(180))
    assert caught.value.verdict is Verdict.GO_ON


async def test_what_is_changed_each_time_ends_in_the_bands_own_word(
    store: BlobStore, stimulator: StimulatorClient
) -> None:
    store.on_part = lambda value: store.room.part(value[:-1] + b"?" if value[0] == 5 else value)
    with pytest.raises(BlobNotTaken) as caught:
        await stimulator.send_blob(KIND, bytes(180))
    assert caught.value.verdict is Verdict.OTHER_BYTES
    assert KIND not in store.room


async def test_what_the_band_refuses_is_not_sent_again(
    store: BlobStore, stimulator: StimulatorClient
) -> None:
    store.on_part = lambda value: Word(value[1], Verdict.REFUSED, 0) if value[0] == 0 else None
    with pytest.raises(BlobNotTaken) as caught:
        await stimulator.send_blob(KIND, bytes(10))
    assert caught.value.verdict is Verdict.REFUSED
    assert [value[0] for value in store.arrived].count(0) == 1


async def test_another_one_begins_anew(store: BlobStore, stimulator: StimulatorClient) -> None:
    await stimulator.send_blob(KIND, BLOB)
    await stimulator.send_blob(KIND, BLOB[::-1])
    assert store.held(KIND) == BLOB[::-1]


async def test_two_at_a_time_go_one_after_the_other(
    store: BlobStore, stimulator: StimulatorClient
) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(stimulator.send_blob(KIND, BLOB))
        group.create_task(stimulator.send_blob(BlobKind.CERTIFICATE, BLOB[::-1]))
    assert [store.held(KIND), store.held(BlobKind.CERTIFICATE)] == [BLOB, BLOB[::-1]]
    assert [word.verdict for word in store.said] == [Verdict.WHOLE] * 2


@pytest.mark.parametrize("size", [0, 2049])
async def test_a_blob_has_limits(store: BlobStore, stimulator: StimulatorClient, size: int) -> None:
    with pytest.raises(TransferBroken):
        await stimulator.send_blob(KIND, bytes(size))
    assert store.arrived == []


async def test_stop_passes_a_blob(
    band: SmallBand, store: BlobStore, stimulator: StimulatorClient
) -> None:
    firmware = Firmware(band)
    stopped_after: list[int] = []

    def stop(_: Request) -> Nothing:
        stopped_after.append(len(store.arrived))
        return Nothing()

    firmware.replies[Operation.STOP] = stop
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:

        def stop_once(value: bytes) -> Word | None:
            if len(store.arrived) == 20:
                group.create_task(stimulator.stop())
            return store.room.part(value)

        store.on_part = stop_once
        group.create_task(stimulator.send_blob(KIND, BLOB))
    assert stopped_after[0] < 60
    assert store.held(KIND) == BLOB
