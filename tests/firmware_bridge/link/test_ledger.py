"""Records come in order from the number asked for, and go on there after a loss."""

import asyncio
from collections.abc import Callable

import pytest

from firmware_bridge.link import Connection, LinkLost, StimulatorClient, TransferBroken
from firmware_bridge.radio.process import Radio
from shared.wire import canonical, racp
from tests.firmware_bridge.link.conftest import Person
from tests.firmware_bridge.small_band import ADDRESS, SmallBand


def record(number: int) -> bytes:
    return canonical.encode([number, 30, 1, number * 1_000, None, {1: b"\x5a" * 90}])


class Ledger:
    """Reports records as the band does; `reached` is told of each before it's sent."""

    def __init__(self, band: SmallBand, numbers: list[int]) -> None:
        self.numbers = numbers
        self.requests: list[racp.Request] = []
        self.reached: Callable[[int], None] = lambda number: None
        self._aborted = False
        self._band = band
        band.records = self._serve

    async def _serve(self, message: bytes) -> bytes | None:
        request = racp.decode_request(message)
        self.requests.append(request)
        if request.op_code is racp.OpCode.COUNT:
            return racp.encode_response(racp.Response(request.op_code, count=len(self.numbers)))
        if request.op_code is racp.OpCode.ABORT:
            self._aborted = True
            return _result(request, racp.Result.SUCCESS)
        self._aborted = False
        wanted = [number for number in self.numbers if number >= (request.first or 0)]
        for number in wanted:
            self.reached(number)
            await self._band.notify_records(record(number))
            await asyncio.sleep(0)
            if self._aborted:
                return None
        return _result(request, racp.Result.SUCCESS if wanted else racp.Result.NO_RECORDS)


def _result(request: racp.Request, result: racp.Result) -> bytes:
    return racp.encode_response(racp.Response(request.op_code, result=result))


async def read(stimulator: StimulatorClient, first: int) -> list[int]:
    return [line.number async for line in stimulator.ledger(first)]


async def store(stimulator: StimulatorClient, first: int, stored: list[int]) -> None:
    async for line in stimulator.ledger(first):
        stored.append(line.number)


@pytest.fixture
async def ledger(band: SmallBand, connection: Connection, person: Person) -> Ledger:
    ledger = Ledger(band, list(range(1, 201)))
    await connection.pair(person)
    return ledger


async def test_all_records_from_a_number_on(ledger: Ledger, stimulator: StimulatorClient) -> None:
    lines = [line async for line in stimulator.ledger(5)]
    assert [line.number for line in lines] == list(range(5, 201))
    assert lines[0].data == record(5)
    assert await stimulator.record_count() == 200


async def test_nothing_new_is_an_empty_sequence(
    ledger: Ledger, stimulator: StimulatorClient
) -> None:
    assert await read(stimulator, 201) == []


async def test_transfer_goes_on_after_a_loss_at_the_next_record(
    radio: Radio, ledger: Ledger, connection: Connection, stimulator: StimulatorClient
) -> None:
    def cut(number: int) -> None:
        if number == 90:
            radio.air.drop()

    ledger.reached = cut
    stored: list[int] = []
    with pytest.raises(LinkLost):
        await store(stimulator, 1, stored)
    ledger.reached = lambda number: None
    keeping = asyncio.create_task(connection.keep(ADDRESS))
    await connection.until_ready(5_000)
    stored += await read(stimulator, stored[-1] + 1)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert stored == list(range(1, 201))


async def test_doubled_record_is_told_once_and_a_gap_ends_the_transfer(
    ledger: Ledger, stimulator: StimulatorClient
) -> None:
    ledger.numbers = [1, 2, 1, 2, 3, 3]
    assert await read(stimulator, 1) == [1, 2, 3]
    ledger.numbers = [1, 2, 4]
    with pytest.raises(TransferBroken, match="Record 3 is missing"):
        await read(stimulator, 1)


async def test_reader_that_stops_early_aborts_and_may_read_again(
    ledger: Ledger, stimulator: StimulatorClient
) -> None:
    lines = stimulator.ledger(1)
    async for line in lines:
        if line.number == 3:
            break
    await lines.aclose()
    async with asyncio.timeout(5):
        assert await read(stimulator, 198) == [198, 199, 200]
    assert racp.OpCode.ABORT in [request.op_code for request in ledger.requests]
