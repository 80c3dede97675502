"""At the shortest ATT value a request takes many frames: STOP doesn't wait for the last of them.

And the link may break at each of them, on the way there or back.
"""

from __future__ import annotations

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.link import CommandUncertain, LinkLost
from firmware_bridge.link.control_point import ControlPoint
from firmware_bridge.link.doubts import Doubts
from firmware_bridge.timebase import SystemClock
from shared.wire.framing import Reassembler, frames
from shared.wire.operations import (
    Answer,
    ArmResult,
    HeadArguments,
    HeadResult,
    Nothing,
    Operation,
    StatementArguments,
    StatusCode,
    decode_request,
    encode_answer,
)

SHORTEST_VALUE_BYTES = 20
STATEMENT = StatementArguments(bytes(range(200)), None)

LONG_RESULTS = {Operation.ARM: ArmResult(bytes(100)), Operation.HEAD: HeadResult(bytes(100))}


class Wire:
    """Carries one frame at a time, when the test lets it."""

    def __init__(self) -> None:
        self.done: list[Operation] = []
        self.frames_sent = 0
        self.responses: list[bool] = []
        self.pass_on = asyncio.Semaphore(0)
        self.breaks_at: int | None = None
        self.answers_until: int | None = None
        self._buffer = Reassembler()
        self.point = ControlPoint(
            self._write, SHORTEST_VALUE_BYTES, SystemClock(), itertools.count(), Doubts()
        )

    async def _write(self, frame: bytes, *, response: bool) -> None:
        self.responses.append(response)
        await self.pass_on.acquire()
        if self.frames_sent == self.breaks_at:
            raise LinkLost()
        self.frames_sent += 1
        message = self._buffer.feed(frame)
        if message is None:
            return
        request = decode_request(message)
        self.done.append(request.operation)
        result = LONG_RESULTS.get(request.operation, Nothing())
        answer = encode_answer(Answer(request.request_id, StatusCode.OK, result))
        parts = list(frames(answer, SHORTEST_VALUE_BYTES))
        for part in parts[: self.answers_until]:
            self.point.received(part)
        if len(parts) > len(parts[: self.answers_until]):
            self.point.lost()

    async def begin(self, operation: Operation, arguments: object = None) -> asyncio.Task[object]:
        given = Nothing() if arguments is None else arguments
        asking = asyncio.create_task(self.point.ask(operation, lambda: given))
        await asyncio.sleep(0)
        return asking

    def let_pass(self, count: int) -> None:
        for _ in range(count):
            self.pass_on.release()


@pytest.fixture
def wire() -> Wire:
    return Wire()


async def test_stop_is_next_after_the_frame_that_is_under_way(wire: Wire) -> None:
    placing = await wire.begin(Operation.PLACE_HOLD, STATEMENT)
    wire.let_pass(3)
    stopping = await wire.begin(Operation.STOP)
    wire.let_pass(100)
    async with asyncio.timeout(5):
        await asyncio.gather(placing, stopping)
    assert wire.done == [Operation.STOP, Operation.PLACE_HOLD]


@pytest.mark.parametrize("operation", [Operation.HEAD, Operation.PLACE_HOLD, Operation.STOP])
async def test_what_changes_anything_is_written_with_a_response(
    wire: Wire, operation: Operation
) -> None:
    arguments = {Operation.HEAD: HeadArguments(bytes(16)), Operation.PLACE_HOLD: STATEMENT}
    wire.let_pass(100)
    async with asyncio.timeout(5):
        await (await wire.begin(operation, arguments.get(operation)))
    assert set(wire.responses) == {operation is not Operation.HEAD}


async def test_stop_needs_one_frame_and_the_message_before_it_no_more_than_its_first(
    wire: Wire,
) -> None:
    placing = await wire.begin(Operation.PLACE_HOLD, STATEMENT)
    stopping = await wire.begin(Operation.STOP)
    wire.let_pass(2)
    async with asyncio.timeout(5):
        await stopping
    assert (wire.frames_sent, wire.done) == (2, [Operation.STOP])
    wire.let_pass(100)
    async with asyncio.timeout(5):
        await placing


async def test_other_commands_let_a_message_come_to_its_end(wire: Wire) -> None:
    placing = await wire.begin(Operation.PLACE_HOLD, STATEMENT)
    locating = await wire.begin(Operation.LOCATE)
    wire.let_pass(100)
    async with asyncio.timeout(5):
        await asyncio.gather(placing, locating)
    assert wire.done == [Operation.PLACE_HOLD, Operation.LOCATE]


async def test_a_message_left_off_for_stop_is_not_uncertain_when_the_link_breaks(
    wire: Wire,
) -> None:
    placing = await wire.begin(Operation.PLACE_HOLD, STATEMENT)
    stopping = await wire.begin(Operation.STOP)
    wire.breaks_at = 2
    wire.let_pass(100)
    async with asyncio.timeout(5):
        await stopping
        with pytest.raises(LinkLost):
            await placing
    assert wire.done == [Operation.STOP]


async def test_only_the_last_frame_leaves_a_doubt(wire: Wire) -> None:
    placing = await wire.begin(Operation.PLACE_HOLD, STATEMENT)
    wire.let_pass(100)
    await placing
    last = wire.frames_sent - 1
    doubts = [await broken_at(number) for number in range(last + 1)]
    assert [type(doubt) for doubt in doubts] == [LinkLost] * last + [CommandUncertain]


async def broken_at(frame: int) -> object:
    wire = Wire()
    placing = await wire.begin(Operation.PLACE_HOLD, STATEMENT)
    wire.breaks_at = frame
    wire.let_pass(100)
    return (await asyncio.gather(placing, return_exceptions=True))[0]


CHANGING = [
    Operation.ARM,
    Operation.CLEARANCE,
    Operation.GATE_ANSWERS,
    Operation.PLACE_HOLD,
    Operation.SET_TIME,
]


@given(
    operation=st.sampled_from(CHANGING),
    statement=st.binary(min_size=1, max_size=700),
    breaks_at=st.none() | st.integers(0, 60),
    answers_until=st.none() | st.integers(0, 3),
)
async def test_wherever_the_link_breaks_the_phone_never_thinks_that_nothing_was_done_when_it_was(
    operation: Operation, statement: bytes, breaks_at: int | None, answers_until: int | None
) -> None:
    wire = Wire()
    wire.breaks_at, wire.answers_until = breaks_at, answers_until
    asking = await wire.begin(operation, StatementArguments(statement, None))
    wire.let_pass(1_000)
    outcome = (await asyncio.gather(asking, return_exceptions=True))[0]
    assert len(wire.done) <= 1
    match outcome:
        case CommandUncertain():
            assert outcome.operation is operation
        case LinkLost():
            assert wire.done == []
        case _:
            assert wire.done == [operation]
