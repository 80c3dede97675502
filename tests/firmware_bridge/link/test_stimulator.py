"""Commands and their answers: one each, uncertain when lost, STOP first, never sent twice."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from firmware_bridge.link import (
    Beat,
    CommandUncertain,
    Connection,
    DeviceRefused,
    LinkError,
    LinkLost,
    LinkTimeout,
    NoSessionKey,
    StimulatorClient,
    blob_door,
    control_point,
)
from firmware_bridge.radio.process import Radio
from shared.trust.session_key import CommandReader, CommandWriter
from shared.wire.operations import (
    Answer,
    NoncePurpose,
    NonceResult,
    Nothing,
    Operation,
    Outcome,
    OutcomeResult,
    Refusal,
    Request,
    RequestOutcome,
    RequestOutcomeResult,
    StatusCode,
    decode_request,
    encode_answer,
)
from tests.firmware_bridge.link.conftest import Person
from tests.firmware_bridge.small_band import SmallBand

NONCE = bytes(range(16))
SESSION = bytes(16)


class Firmware:
    """Answers as the test says, and remembers what was asked."""

    def __init__(self, band: SmallBand) -> None:
        self.asked: list[Request] = []
        self.replies: dict[Operation, Any] = {}
        self.silent_about: set[Operation] = set()
        self.before: Callable[[Request], Awaitable[None]] | None = None
        band.control = self._answer

    async def _answer(self, message: bytes) -> bytes | None:
        request = decode_request(message)
        self.asked.append(request)
        if self.before is not None:
            await self.before(request)
        if request.operation in self.silent_about:
            return None
        reply = self.replies.get(request.operation, Nothing())
        if callable(reply):
            reply = reply(request)
        status = StatusCode.LOCKED if isinstance(reply, Refusal) else StatusCode.OK
        return encode_answer(Answer(request.request_id, status, reply))

    def operations(self) -> list[Operation]:
        return [request.operation for request in self.asked]


@pytest.fixture
async def firmware(band: SmallBand, connection: Connection, person: Person) -> Firmware:
    firmware = Firmware(band)
    await connection.pair(person)
    return firmware


async def test_answers_find_their_requests(
    firmware: Firmware, stimulator: StimulatorClient
) -> None:
    firmware.replies[Operation.NONCE] = NonceResult(NONCE)
    firmware.replies[Operation.SESSION_OUTCOME] = OutcomeResult(Outcome.PARTIAL, 300)
    nonce, outcome = await asyncio.gather(
        stimulator.nonce(NoncePurpose.ARM), stimulator.session_outcome(SESSION)
    )
    assert nonce == NONCE
    assert outcome == OutcomeResult(Outcome.PARTIAL, 300)


async def test_refusal_carries_status_word_and_lock_reasons(
    firmware: Firmware, stimulator: StimulatorClient
) -> None:
    firmware.replies[Operation.ARM] = Refusal("locked", (3, 7))
    with pytest.raises(DeviceRefused) as caught:
        await stimulator.arm(b"statement")
    refused = caught.value
    assert (refused.status, refused.reason, refused.reason_codes) == (
        StatusCode.LOCKED,
        "locked",
        (3, 7),
    )


async def test_command_whose_answer_is_lost_is_uncertain_and_sent_once(
    radio: Radio, firmware: Firmware, connection: Connection, stimulator: StimulatorClient
) -> None:
    async def cut(request: Request) -> None:
        if request.operation is Operation.ARM:
            radio.air.drop()

    firmware.before = cut
    with pytest.raises(CommandUncertain) as caught:
        await stimulator.arm(b"statement")
    assert caught.value.operation is Operation.ARM
    not_done = RequestOutcomeResult(RequestOutcome.NEVER_ARRIVED)
    firmware.replies[Operation.REQUEST_OUTCOME] = not_done
    keeping = asyncio.create_task(connection.keep("F1:A2:B3:C4:D5:01"))
    await connection.until_ready(5_000)
    assert caught.value.doubt.result == not_done
    firmware.replies[Operation.SESSION_OUTCOME] = OutcomeResult(Outcome.NOT_STARTED, 0)
    assert (await stimulator.session_outcome(SESSION)).outcome is Outcome.NOT_STARTED
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert firmware.operations().count(Operation.ARM) == 1


RESULTS = {
    RequestOutcome.CARRIED_OUT: RequestOutcomeResult(RequestOutcome.CARRIED_OUT),
    RequestOutcome.NEVER_ARRIVED: RequestOutcomeResult(RequestOutcome.NEVER_ARRIVED),
    RequestOutcome.UNKNOWN: RequestOutcomeResult(RequestOutcome.UNKNOWN),
    RequestOutcome.BOOTED_SINCE: RequestOutcomeResult(RequestOutcome.BOOTED_SINCE),
    RequestOutcome.REFUSED: RequestOutcomeResult(
        RequestOutcome.REFUSED, StatusCode.LOCKED, Refusal("locked", (3,))
    ),
}


@pytest.mark.parametrize(
    ("outcome", "learnt"),
    [
        (RequestOutcome.CARRIED_OUT, None),
        (RequestOutcome.NEVER_ARRIVED, LinkLost),
        (RequestOutcome.REFUSED, DeviceRefused),
        (RequestOutcome.UNKNOWN, CommandUncertain),
        (RequestOutcome.BOOTED_SINCE, CommandUncertain),
    ],
)
async def test_the_truth_is_learnt_as_the_answer_would_have_said_it(
    firmware: Firmware,
    stimulator: StimulatorClient,
    outcome: RequestOutcome,
    learnt: type[LinkError] | None,
) -> None:
    uncertain = await _lost_close(firmware, stimulator)
    firmware.replies[Operation.REQUEST_OUTCOME] = RESULTS[outcome]
    truth = await stimulator.learn(uncertain)
    assert truth is None if learnt is None else isinstance(truth, learnt)
    if isinstance(truth, DeviceRefused):
        assert (truth.reason, truth.reason_codes) == ("locked", (3,))


async def test_without_a_link_nobody_knows_yet(
    firmware: Firmware, connection: Connection, stimulator: StimulatorClient
) -> None:
    uncertain = await _lost_close(firmware, stimulator)
    await connection.let_go()
    assert await stimulator.learn(uncertain, limit_ms=100) is uncertain
    assert uncertain.doubt.may_be_done


async def test_a_doubt_is_settled_before_a_new_command_but_never_keeps_back_a_stop(
    firmware: Firmware, stimulator: StimulatorClient
) -> None:
    await _lost_close(firmware, stimulator)
    firmware.replies[Operation.REQUEST_OUTCOME] = RESULTS[RequestOutcome.CARRIED_OUT]
    await stimulator.stop()
    await stimulator.locate()
    assert firmware.operations()[-3:] == [
        Operation.STOP,
        Operation.REQUEST_OUTCOME,
        Operation.LOCATE,
    ]


async def _lost_close(firmware: Firmware, stimulator: StimulatorClient) -> CommandUncertain:
    firmware.silent_about = {Operation.CLOSE}
    with pytest.raises(CommandUncertain) as caught:
        await stimulator._send(Operation.CLOSE, Nothing, 100)
    return caught.value


async def test_command_without_a_link_is_certainly_not_sent(
    firmware: Firmware, connection: Connection, stimulator: StimulatorClient
) -> None:
    await connection.let_go()
    with pytest.raises(LinkLost):
        await stimulator.arm(b"statement")
    assert firmware.asked == []


async def test_silence_is_uncertain_for_a_command_and_a_timeout_for_a_question(
    firmware: Firmware, connection: Connection
) -> None:
    firmware.silent_about = {Operation.CLOSE, Operation.HELLO}
    control = connection.session.control
    with pytest.raises(CommandUncertain):
        await control.ask(Operation.CLOSE, Nothing, 100)
    with pytest.raises(LinkTimeout):
        await control.ask(Operation.HELLO, Nothing, 100)


async def test_stop_passes_every_command_that_waits(
    firmware: Firmware, stimulator: StimulatorClient
) -> None:
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(stimulator.clearance(b"c" * 600))
        await asyncio.sleep(0)
        group.create_task(stimulator.stop())
    operations = firmware.operations()
    assert operations.index(Operation.STOP) <= 1
    assert len(operations) == 9


async def test_sealed_commands_arrive_with_rising_counters_whatever_passes_whom(
    firmware: Firmware, stimulator: StimulatorClient
) -> None:
    stimulator.hold_session_key(CommandWriter(b"k" * 32, SESSION))
    reader = CommandReader(b"k" * 32, SESSION)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(stimulator.clearance(b"c"))
        await asyncio.sleep(0)
        group.create_task(stimulator.resume())
        group.create_task(stimulator.beat())
    for request in firmware.asked[1:]:
        reader.check(request.operation, request.arguments.counter, request.arguments.mac)
    assert set(firmware.operations()[1:]) == {Operation.BEAT, Operation.RESUME}


async def test_sealed_command_needs_a_key(stimulator: StimulatorClient) -> None:
    with pytest.raises(NoSessionKey):
        await stimulator.start()


async def test_beat_goes_on_after_a_loss_and_ends_when_the_band_refuses_it(
    radio: Radio, firmware: Firmware, connection: Connection, stimulator: StimulatorClient
) -> None:
    stimulator.hold_session_key(CommandWriter(b"k" * 32, SESSION))
    beat = Beat(stimulator, connection.clock, period_ms=20)
    beats = 0
    enough = asyncio.Event()

    async def count(request: Request) -> None:
        nonlocal beats
        if request.operation is Operation.BEAT:
            beats += 1
            if beats == 3:
                radio.air.drop()
            if beats == 6:
                firmware.replies[Operation.BEAT] = Refusal("no_session")
                enough.set()

    firmware.before = count
    keeping = asyncio.create_task(connection.keep("F1:A2:B3:C4:D5:01"))
    async with asyncio.timeout(10):
        refusal = await beat.run()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert enough.is_set()
    assert refusal.reason == "no_session"


def test_every_operation_of_the_control_point_has_a_method() -> None:
    """Screens and pages are built over these; none has to invent an operation."""
    places: list[Any] = [StimulatorClient, blob_door, control_point]
    source = "".join(inspect.getsource(place) for place in places)
    asked = {operation for operation in Operation if f"Operation.{operation.name}" in source}
    assert asked == set(Operation)
