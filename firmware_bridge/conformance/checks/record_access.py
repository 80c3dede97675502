"""The Record Access Control Point, below the link."""

from __future__ import annotations

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import expect, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.conformance.wire import Wire
from shared.wire import gatt
from shared.wire.batches import number_of, records_of
from shared.wire.operations import Nothing, Operation
from shared.wire.racp import (
    OpCode,
    Operator,
    Request,
    Response,
    Result,
    decode_response,
    encode_request,
)

checks = Checks(Need.BONDED)
with_records = Checks(Need.BONDED, Need.OWNED)

POINT = gatt.RECORD_ACCESS_CONTROL_POINT
REFUSED_VALUE = 0x80
BEYOND_ALL = 2**32 - 1


@checks.add(Section.RECORD_ACCESS)
async def broken_requests(bench: Bench) -> None:
    """Values that are no request are refused with 0x80."""
    wire = await bench.fresh_wire()
    await wire.subscribe(POINT, gatt.LEDGER_DATA)
    broken = {
        "one byte": b"\x01",
        "an unknown op code": b"\x63\x01",
        "an unknown operator": b"\x01\x63",
        "FROM without a number": b"\x01\x03",
        "another filter": b"\x01\x03\x02\x01\x00\x00\x00",
        "an operand that ALL doesn't take": b"\x01\x01\x01",
    }
    for what, value in broken.items():
        same(await wire.write(POINT, value), REFUSED_VALUE, f"{what}: ATT error")


@checks.add(Section.RECORD_ACCESS)
async def no_operator(bench: Bench) -> None:
    """A report or count without an operator is INVALID_OPERATOR."""
    wire = await bench.wire()
    await wire.subscribe(POINT, gatt.LEDGER_DATA)
    for op_code in (OpCode.REPORT, OpCode.COUNT):
        response = await _ask(wire, Request(op_code, Operator.NULL))
        same(response, Response(op_code, Result.INVALID_OPERATOR), "answer")


@checks.add(Section.RECORD_ACCESS)
async def nothing_to_abort(bench: Bench) -> None:
    """ABORT is answered SUCCESS, also where no report is under way."""
    wire = await bench.wire()
    await wire.subscribe(POINT, gatt.LEDGER_DATA)
    response = await _ask(wire, Request(OpCode.ABORT, Operator.NULL))
    same(response, Response(OpCode.ABORT, Result.SUCCESS), "answer")


@checks.add(Section.RECORD_ACCESS)
async def beyond_the_last(bench: Bench) -> None:
    """A report from beyond the last record is NO_RECORDS, and none come."""
    wire = await bench.wire()
    await wire.subscribe(POINT, gatt.LEDGER_DATA)
    response = await _ask(wire, Request(OpCode.REPORT, Operator.FROM, BEYOND_ALL))
    same(response, Response(OpCode.REPORT, Result.NO_RECORDS), "answer")
    same(wire.unheard(gatt.LEDGER_DATA), 0, "batches")


@with_records.add(Section.RECORD_ACCESS)
async def without_data(bench: Bench) -> None:
    """A report without a subscription to Ledger Data is NOT_COMPLETED."""
    wire = await bench.fresh_wire()
    await wire.subscribe(POINT)
    response = await _ask(wire, Request(OpCode.REPORT, Operator.ALL))
    same(response, Response(OpCode.REPORT, Result.NOT_COMPLETED), "answer")


@with_records.add(Section.RECORD_ACCESS, Operation.HELLO)
async def all_in_order(bench: Bench) -> None:
    """A report of all brings as many records as are counted, in order, then SUCCESS."""
    wire = await bench.wire()
    hello = (await wire.ask(Operation.HELLO, Nothing())).result
    await wire.subscribe(POINT, gatt.LEDGER_DATA)
    counted = (await _ask(wire, Request(OpCode.COUNT, Operator.ALL))).count
    same(counted, hello.head_number - hello.first_number + 1, "count")
    response = await _ask(wire, Request(OpCode.REPORT, Operator.ALL))
    same(response, Response(OpCode.REPORT, Result.SUCCESS), "answer")
    wanted = [*range(hello.first_number, hello.head_number + 1)]
    same(await _numbers(wire), wanted, "record numbers")


@with_records.add(Section.RECORD_ACCESS)
async def from_a_number(bench: Bench) -> None:
    """A report from a number begins there; the count says as many."""
    wire = await bench.wire()
    hello = (await wire.ask(Operation.HELLO, Nothing())).result
    await wire.subscribe(POINT, gatt.LEDGER_DATA)
    first = hello.first_number + 2
    counted = (await _ask(wire, Request(OpCode.COUNT, Operator.FROM, first))).count
    same(counted, hello.head_number - first + 1, "count")
    await _ask(wire, Request(OpCode.REPORT, Operator.FROM, first))
    numbers = await _numbers(wire)
    expect(numbers and numbers[0] == first, f"records from {first}", numbers)


async def _ask(wire: Wire, request: Request) -> Response:
    same(await wire.write(POINT, encode_request(request)), 0, "ATT error")
    return decode_response(await wire.heard(POINT))


async def _numbers(wire: Wire) -> list[int]:
    """The numbers of all records that came before the answer."""
    numbers: list[int] = []
    while wire.unheard(gatt.LEDGER_DATA):
        batch = await wire.heard(gatt.LEDGER_DATA)
        numbers += [number_of(record) for record in records_of(batch)]
    return numbers
