"""Whatever becomes of any one notification, the phone ends with every record, each once, in order.

Both ends are the real ones, the band's record access and the phone's, with a wire between them that
breaks, doubles, loses or swaps at a point.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.face.outlet import Outlet
from firmware_bridge.emulator.face.records import RecordAccess as BandsRecordAccess
from firmware_bridge.link import LinkError, TransferBroken
from firmware_bridge.link.record_access import RecordAccess
from firmware_bridge.link.transfer import whole_ledger
from firmware_bridge.timebase import SystemClock
from shared.wire import canonical, racp
from shared.wire.batches import RECORDS_IN_A_REPORT, batches
from shared.wire.framing import frames

RECORDS = 40
SEVERAL_REPORTS = 2 * RECORDS_IN_A_REPORT + 20
SHORTEST_VALUE_BYTES = 20
Harm = Callable[[int, bytes], Iterator[bytes]]


def record(number: int) -> bytes:
    return canonical.encode([number, 30, 1, number * 1_000, None, {1: b"\x5a" * (number % 60)}])


class Core:
    """Keeps records."""

    def __init__(self, records: int) -> None:
        self._records = records
        self.said = 0
        """How far it has been read."""

    def record_range(self) -> tuple[int, int]:
        return 1, self._records

    def record(self, number: int) -> bytes:
        self.said = number
        return record(number)


class Wire:
    """One link: each notified value passes through `harm`, which says what arrives."""

    def __init__(self, value_bytes: int, harm: Harm, *, records: int = RECORDS) -> None:
        self.passed = 0
        self.asked: list[racp.Request] = []
        self.core = Core(records)
        self._harm = harm
        self._value_bytes = value_bytes
        self.phone = RecordAccess(self._write, SystemClock())
        answers = _Outlet(lambda value: self.phone.answer_received(value))
        self._band = BandsRecordAccess(
            cast(FirmwareCore, self.core),
            cast(Outlet, answers),
            cast(Outlet, _Outlet(self._notify)),
        )

    async def _write(self, value: bytes) -> None:
        self.asked.append(racp.decode_request(value))
        self._band.write(value)

    def _notify(self, batch: bytes) -> None:
        for value in frames(batch, self._value_bytes):
            self.passed += 1
            for arriving in self._harm(self.passed - 1, value):
                self.phone.record_received(arriving)

    @asynccontextmanager
    async def up(self) -> Any:
        serving = asyncio.create_task(self._band.run())
        try:
            yield self
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


class _Outlet:
    """What the band's record access asks of an outlet."""

    subscribed = True
    full = False

    def __init__(self, deliver: Callable[[bytes], None]) -> None:
        self._deliver = deliver

    def put(self, message: bytes) -> None:
        self._deliver(message)

    async def send(self, message: bytes) -> None:
        self._deliver(message)
        await asyncio.sleep(0)


def unharmed(_: int, value: bytes) -> Iterator[bytes]:
    yield value


async def fetched(wire: Wire, stored: list[bytes]) -> LinkError | None:
    """Fetch what isn't stored yet; return what ended it too early."""
    async with wire.up():
        try:
            async for line in whole_ledger(wire.phone.report, len(stored) + 1):
                assert line.number == len(stored) + 1
                stored.append(line.data)
        except LinkError as error:
            return error
    return None


async def notifications(value_bytes: int) -> int:
    wire = Wire(value_bytes, unharmed)
    assert await fetched(wire, []) is None
    return wire.passed


@pytest.mark.parametrize("value_bytes", [SHORTEST_VALUE_BYTES, 61, 182, 514])
async def test_a_break_at_any_notification_loses_and_doubles_nothing(value_bytes: int) -> None:
    for at in range(await notifications(value_bytes)):
        stored: list[bytes] = []
        wire = Wire(value_bytes, unharmed)

        def breaks(place: int, value: bytes, at: int = at, wire: Wire = wire) -> Iterator[bytes]:
            if place == at:
                wire.phone.lost()
            elif place < at:
                yield value

        wire._harm = breaks
        assert await fetched(wire, stored) is not None
        assert await fetched(Wire(value_bytes, unharmed), stored) is None
        assert stored == [record(number) for number in range(1, RECORDS + 1)]


async def test_a_break_near_the_end_of_a_report_loses_and_doubles_nothing() -> None:
    counted = Wire(514, unharmed, records=RECORDS_IN_A_REPORT)
    assert await fetched(counted, []) is None
    for at in range(counted.passed - 3, counted.passed + 3):
        stored: list[bytes] = []
        wire = Wire(514, unharmed, records=SEVERAL_REPORTS)

        def breaks(place: int, value: bytes, at: int = at, wire: Wire = wire) -> Iterator[bytes]:
            if place == at:
                wire.phone.lost()
            elif place < at:
                yield value

        wire._harm = breaks
        assert await fetched(wire, stored) is not None
        assert await fetched(Wire(514, unharmed, records=SEVERAL_REPORTS), stored) is None
        assert stored == [record(number) for number in range(1, SEVERAL_REPORTS + 1)]


async def test_the_next_report_is_asked_for_before_the_last_records_are_stored() -> None:
    wire = Wire(514, unharmed, records=SEVERAL_REPORTS)
    asked_before: dict[int, list[int | None]] = {}
    async with wire.up():
        async for line in whole_ledger(wire.phone.report, 1, SEVERAL_REPORTS):
            asked_before[line.number] = [request.first for request in wire.asked]
    assert asked_before[1] == [1]
    assert asked_before[RECORDS_IN_A_REPORT] == [1, RECORDS_IN_A_REPORT + 1]
    assert asked_before[SEVERAL_REPORTS] == [1, 513, 1025]


async def test_records_of_two_reports_at_most_wait_for_a_slow_reader() -> None:
    wire, taken = Wire(514, unharmed, records=SEVERAL_REPORTS), 0
    async with wire.up():
        async for records in wire.phone.report(1):
            for _ in range(RECORDS_IN_A_REPORT):
                await asyncio.sleep(0)
            assert wire.core.said - taken <= 2 * RECORDS_IN_A_REPORT
            taken += len(records)
    assert taken == SEVERAL_REPORTS


async def test_who_knows_the_last_record_waits_for_no_word_that_there_are_no_more() -> None:
    wire = Wire(514, unharmed)
    async with wire.up():
        lines = [line async for line in whole_ledger(wire.phone.report, 1, RECORDS)]
    assert len(lines) == RECORDS
    assert [request.first for request in wire.asked] == [1]


@pytest.mark.parametrize("value_bytes", [SHORTEST_VALUE_BYTES, 514])
async def test_notifications_that_all_come_twice_or_three_times_count_once(
    value_bytes: int,
) -> None:
    for times in (2, 3):

        def again(_: int, value: bytes, times: int = times) -> Iterator[bytes]:
            yield from [value] * times

        stored: list[bytes] = []
        assert await fetched(Wire(value_bytes, again), stored) is None
        assert stored == [record(number) for number in range(1, RECORDS + 1)]


@given(
    value_bytes=st.sampled_from([SHORTEST_VALUE_BYTES, 61, 182]),
    harms=st.lists(
        st.tuples(st.integers(0, 120), st.sampled_from(["lose", "double", "swap"])), max_size=6
    ),
)
async def test_lost_and_swapped_notifications_are_noticed_and_fetched_again(
    value_bytes: int, harms: list[tuple[int, str]]
) -> None:
    planned, held = dict(harms), []

    def harm(place: int, value: bytes) -> Iterator[bytes]:
        what = planned.pop(place, "")
        if what == "swap":
            held.append(value)
        elif what != "lose":
            yield from [value] * (2 if what == "double" else 1)
            yield from held
            held.clear()

    stored: list[bytes] = []
    for _ in range(len(harms) + 1):
        if await fetched(Wire(value_bytes, harm), stored) is None and len(stored) == RECORDS:
            break
        held.clear()
    else:
        assert await fetched(Wire(value_bytes, unharmed), stored) is None
    assert stored == [record(number) for number in range(1, RECORDS + 1)]


async def test_a_band_that_sends_more_than_a_report_fills_no_memory() -> None:
    async def write(_: bytes) -> None:
        for batch in batches(record(number) for number in range(1, 5 * RECORDS_IN_A_REPORT)):
            for value in frames(batch, 514):
                phone.record_received(value)

    phone = RecordAccess(write, SystemClock())
    heard: list[int] = []

    async def read() -> None:
        async for batch in phone.report(1):
            heard.append(len(batch))

    with pytest.raises(TransferBroken, match="more records than it was asked for"):
        await read()
    assert sum(heard) <= RECORDS_IN_A_REPORT


async def test_the_count_is_of_the_records_that_are_still_to_come() -> None:
    wire = Wire(SHORTEST_VALUE_BYTES, unharmed)
    async with wire.up():
        assert await wire.phone.count() == RECORDS
        assert await wire.phone.count(31) == RECORDS - 30
