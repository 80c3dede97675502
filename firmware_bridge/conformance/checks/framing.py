"""Messages in frames: what is put together, and what empties the buffer."""

from __future__ import annotations

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import expect, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.conformance.wire import TAKEN, Wire
from shared.wire import gatt
from shared.wire.framing import FIRST, LAST, MAXIMUM_MESSAGE_BYTES, MORE, WHOLE, frames
from shared.wire.operations import (
    Nothing,
    Operation,
    StatementArguments,
    StatusCode,
    answer_id_of,
    decode_answer,
)

checks = Checks(Need.BONDED)

REFUSED_VALUE = 0x80
NOT_SUBSCRIBED = 0xFD
SHORT_VALUE_BYTES = 20
"""What the shortest MTU leaves for a value."""


@checks.add(Section.FRAMING)
async def without_subscription(bench: Bench) -> None:
    """A write before subscribing is refused with 0xFD."""
    wire = await bench.fresh_wire()
    for uuid in (gatt.CONTROL_POINT, gatt.RECORD_ACCESS_CONTROL_POINT):
        same(await wire.write(uuid, b"\x00\x01"), NOT_SUBSCRIBED, f"{uuid}: ATT error")


@checks.add(Section.FRAMING, Operation.HELLO)
async def whole(bench: Bench) -> None:
    """A request in one frame is answered."""
    wire = await bench.wire()
    same((await wire.ask(Operation.HELLO, Nothing())).status, StatusCode.OK, "status")


@checks.add(Section.FRAMING, Operation.RECEIPT)
async def in_short_frames(bench: Bench) -> None:
    """A request in many short frames is one request; their numbers go round after 63."""
    wire = await bench.wire()
    message = wire.request(Operation.RECEIPT, StatementArguments(bytes(range(256)) * 2))
    answer = decode_answer(await wire.exchange(message, 7), Operation.RECEIPT)
    same(answer.request_id, answer_id_of(message), "request id")
    judged = (StatusCode.NOT_TRUSTED, StatusCode.NOT_PROVISIONED)
    expect(answer.status in judged, "a statement that was read and refused", answer.status.name)


@checks.add(Section.FRAMING, Operation.STOP)
async def overtaken(bench: Bench) -> None:
    """A first frame in the midst of a message begins another, and nothing is left of the older."""
    wire = await bench.wire()
    begun = list(frames(_long(wire), SHORT_VALUE_BYTES))[:2]
    for frame in begun:
        same(await wire.write(gatt.CONTROL_POINT, frame), TAKEN, "ATT error")
    same((await wire.ask(Operation.STOP, Nothing())).status, StatusCode.OK, "status of STOP")
    code = await wire.write(gatt.CONTROL_POINT, bytes([2 << 2 | LAST]) + bytes(8))
    same(code, REFUSED_VALUE, "the older message's last frame: ATT error")


@checks.add(Section.FRAMING)
async def left_out(bench: Bench) -> None:
    """A frame that was left out empties the buffer with 0x80."""
    wire = await bench.wire()
    first, _, third, *_ = frames(_long(wire), SHORT_VALUE_BYTES)
    await _refused_after(wire, first, third)


@checks.add(Section.FRAMING)
async def doubled(bench: Bench) -> None:
    """A frame that came twice empties the buffer with 0x80."""
    wire = await bench.wire()
    first, second, *_ = frames(_long(wire), SHORT_VALUE_BYTES)
    await _refused_after(wire, first, second, second)


@checks.add(Section.FRAMING)
async def other_length(bench: Bench) -> None:
    """A message longer or shorter than its first frame said is refused with 0x80."""
    wire = await bench.wire()
    first = bytes([FIRST]) + (10).to_bytes(2, "big") + bytes(4)
    await _refused_after(wire, first, bytes([1 << 2 | LAST]) + bytes(4))
    await _refused_after(wire, first, bytes([1 << 2 | LAST]) + bytes(8))


@checks.add(Section.FRAMING)
async def broken_frames(bench: Bench) -> None:
    """Empty values, frames that begin nothing and messages above the maximum: 0x80."""
    wire = await bench.wire()
    await wire.subscribe(gatt.CONTROL_POINT)
    too_long = (MAXIMUM_MESSAGE_BYTES + 1).to_bytes(2, "big")
    broken = {
        "no frame at all": b"",
        "a frame that goes on with nothing": bytes([1 << 2 | MORE]) + bytes(4),
        "a last frame of nothing": bytes([1 << 2 | LAST]) + bytes(4),
        "a whole frame with a number": bytes([1 << 2 | WHOLE]) + bytes(4),
        "a first frame without a length": bytes([FIRST, 0]),
        "a message above the maximum": bytes([FIRST]) + too_long + bytes(4),
    }
    for what, value in broken.items():
        same(await wire.write(gatt.CONTROL_POINT, value), REFUSED_VALUE, f"{what}: ATT error")
    same((await wire.ask(Operation.HELLO, Nothing())).status, StatusCode.OK, "HELLO afterwards:")


@checks.add(Section.FRAMING, Operation.HELLO, needs=(Need.SHORT_MTU,))
async def shortest_mtu(bench: Bench) -> None:
    """At an MTU of 23 a long answer comes in frames of 20 bytes at most, numbered in order."""
    wire = await bench.short_wire()
    same(wire.client.mtu_size, 23, "MTU")
    message = wire.request(Operation.HELLO, Nothing())
    answer = await wire.exchange(message)
    same(answer_id_of(answer), answer_id_of(message), "id of the answer:")
    values = wire.values[gatt.CONTROL_POINT]
    expect(len(values) > 1, "an answer in several frames", len(values))
    expect(max(map(len, values)) <= SHORT_VALUE_BYTES, "20 bytes at most", max(map(len, values)))
    same([each[0] >> 2 for each in values], [*range(len(values))], "numbers")
    await bench.hang_up()


@checks.add(Section.FRAMING)
async def status_in_one_frame(bench: Bench) -> None:
    """A read of the status gives one whole frame."""
    wire = await bench.wire()
    value = await wire.read(gatt.STATUS)
    holds = isinstance(value, bytes) and len(value) > 1 and value[0] == WHOLE
    expect(holds, "a whole frame", repr(value))


async def _refused_after(wire: Wire, *values: bytes) -> None:
    """The last of these is refused, and what was begun is gone."""
    await wire.subscribe(gatt.CONTROL_POINT)
    for value in values[:-1]:
        same(await wire.write(gatt.CONTROL_POINT, value), TAKEN, "a frame in order: ATT error")
    same(await wire.write(gatt.CONTROL_POINT, values[-1]), REFUSED_VALUE, "ATT error")
    code = await wire.write(gatt.CONTROL_POINT, values[-1])
    same(code, REFUSED_VALUE, "again, for the buffer is empty: ATT error")
    same(wire.unheard(gatt.CONTROL_POINT), 0, "answers to it:")


def _long(wire: Wire) -> bytes:
    return wire.request(Operation.RECEIPT, StatementArguments(bytes(80)))
