"""Wherever the link breaks, the phone learns what the real firmware did, and sends nothing twice.

Every kind of command, with the link broken before and after each frame of the request and of the
answer, and once more with the band booting before the phone is back.
"""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from firmware_bridge.link import CommandUncertain, DeviceRefused, LinkLost, Uncertain
from firmware_bridge.link.control_point import ControlPoint
from firmware_bridge.link.doubts import REMEMBERED, Doubts, Mark
from firmware_bridge.timebase import SystemClock
from shared.trust import sign1
from shared.trust.statements import (
    Control,
    GateAnswers,
    GateOutcome,
    HoldKind,
    HoldSource,
    PlaceHold,
    TrainingDone,
)
from shared.wire import operations
from shared.wire.framing import Reassembler, frames
from shared.wire.operations import (
    REPEATABLE,
    TABLE,
    Answer,
    NoncePurpose,
    Nothing,
    Operation,
    Outcome,
    PauseArguments,
    RequestOutcome,
    SealedArguments,
    SealedPercentArguments,
    SessionArguments,
    StatementArguments,
    StatusCode,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import LINK, Band
from tests.firmware_bridge.emulator.firmware.memory_band import MemoryBand
from tests.shared.clinic import DEVICE_ID, PATIENT_ID, itbs

VALUE_BYTES = 61
SESSION = SessionArguments(b"s" * 16)
DEPLOYED = itertools.count(1_000)


class Broken(Exception):
    """The link breaks at this point."""


@dataclass
class Line:
    """One link to a real firmware: frames there and back, until it breaks at a point."""

    band: Band
    doubts: Doubts
    breaks_at: int | None = None
    passed: int = 0
    taken: list[tuple[bytes, bytes]] = field(default_factory=list)
    """Each request that the firmware took whole, with its answer."""

    def __post_init__(self) -> None:
        status = self.band.firmware.status()
        self._requests = Reassembler()
        self.point = ControlPoint(self.write, VALUE_BYTES, SystemClock(), DEPLOYED, self.doubts)
        self.point.mark = Mark(status.boot_count, status.requests_taken)
        self.band.firmware.connected(LINK)

    async def write(self, frame: bytes, *, response: bool) -> None:
        try:
            self._there_and_back(frame)
        except Broken:
            self.band.firmware.disconnected()
            self.point.lost()
            raise LinkLost() from None

    def _there_and_back(self, frame: bytes) -> None:
        self._point()
        message = self._requests.feed(frame)
        if message is not None:
            answer = self.band.firmware.control(message, LINK)
            self.taken.append((message, answer))
            self._point()
            for part in frames(answer, VALUE_BYTES):
                self._point()
                self.point.received(part)
        self._point()

    def _point(self) -> None:
        if self.passed == self.breaks_at:
            raise Broken
        self.passed += 1

    def answers_to(self, operation: Operation) -> list[Answer]:
        """What the firmware made of each request of this kind."""
        found = []
        for message, answer in self.taken:
            if operations.decode_request(message).operation is operation:
                found.append(operations.decode_answer(answer, operation))
        return found


# Commands

Make = Callable[[Band], Any]


@dataclass(frozen=True)
class Case:
    """A command, how its arguments are made, and what state the band is in before."""

    operation: Operation
    arguments: Make
    state: DeviceState = DeviceState.IDLE


def signed(statement: Any) -> Make:
    """A statement by the app, made from the band where it needs a nonce."""

    def made(band: Band) -> StatementArguments:
        said = statement(band) if callable(statement) else statement
        return StatementArguments(sign1.sign(said, audience=DEVICE_ID, signer=band.clinic.app))

    return made


def sealed(operation: Operation) -> Make:
    def made(band: Band) -> SealedArguments:
        assert band.writer is not None
        ends = operation in operations.ENDS_A_PAUSE
        pause = band.firmware.status().pauses if ends else 0
        return SealedArguments(*band.writer.seal(int(operation), pause))

    return made


def softened(band: Band) -> SealedPercentArguments:
    assert band.writer is not None
    return SealedPercentArguments(*band.writer.seal(int(Operation.SOFTEN), 40), 40)


def anything(operation: Operation) -> Make:
    """Arguments that can be read and that no band accepts."""
    kinds = {
        StatementArguments: StatementArguments(b"no statement"),
        SealedArguments: SealedArguments(1, bytes(16)),
        SealedPercentArguments: SealedPercentArguments(1, bytes(16), 50),
        PauseArguments: PauseArguments(),
        Nothing: Nothing(),
    }
    return lambda _: kinds[TABLE[operation].arguments]


def pass_of(band: Band) -> GateAnswers:
    nonce = band.nonce(NoncePurpose.GATE_ANSWERS)
    return GateAnswers(nonce, PATIENT_ID, 1, GateOutcome.PASS, 0)


def take_control(band: Band) -> Control:
    return Control(band.nonce(NoncePurpose.CONTROL), PATIENT_ID, True)


HOLD = PlaceHold(b"h" * 16, HoldKind.REST, HoldSource.APP, "tired", 1)
S = DeviceState

GRANTED = [
    Case(Operation.ARM, lambda band: StatementArguments(band.arm_request())),
    Case(Operation.OPEN_START_WINDOW, sealed(Operation.OPEN_START_WINDOW), S.ARMED),
    Case(Operation.START, sealed(Operation.START), S.ARMED),
    Case(Operation.RESUME, sealed(Operation.RESUME), S.PAUSED),
    Case(Operation.STILL_HERE, sealed(Operation.STILL_HERE), S.STIMULATING),
    Case(Operation.SOFTEN, softened, S.STIMULATING),
    Case(Operation.PAUSE, lambda _: PauseArguments(), S.STIMULATING),
    Case(Operation.STOP, lambda _: Nothing(), S.STIMULATING),
    Case(Operation.CLOSE, lambda _: Nothing(), S.STIMULATING),
    Case(Operation.LOCATE, lambda _: Nothing()),
    Case(Operation.PRACTICE, lambda _: Nothing()),
    Case(Operation.SELF_TEST, lambda _: Nothing()),
    Case(Operation.PLACE_HOLD, signed(HOLD)),
    Case(Operation.GATE_ANSWERS, signed(pass_of)),
    Case(Operation.TRAINING_DONE, signed(TrainingDone(PATIENT_ID, 1))),
    Case(Operation.TAKE_CONTROL, signed(take_control)),
]
REFUSED = [
    Case(operation, anything(operation))
    for operation in Operation
    if operation not in REPEATABLE | {Operation.STOP, Operation.PAUSE, Operation.CLOSE}
]


def brought_to(band: Band, state: DeviceState) -> None:
    """Bring a ready band to a state, over a link of its own."""
    if state is DeviceState.ARMED:
        assert band.arm().status is StatusCode.OK
    elif state is not DeviceState.IDLE:
        band.start()
        band.run(2_000, beat=True)
    if state is DeviceState.PAUSED:
        band.must(Operation.PAUSE)
    assert band.firmware.state is state


@pytest.fixture(scope="module")
def ready() -> MemoryBand:
    """A band that waits for arming only; its prescription waives the button."""
    band = MemoryBand()
    band.ready(replace(itbs(), button_required=False))
    return band


# What the phone learns


async def asked(case: Case, band: Band, line: Line) -> Answer | Uncertain | None:
    """The answer as the app learns it, the doubt that is left, or None: certainly not done."""
    arguments = case.arguments(band)
    try:
        result = await line.point.ask(case.operation, lambda: arguments)
    except DeviceRefused as refusal:
        words = operations.Refusal(refusal.reason, refusal.reason_codes)
        return Answer(0, refusal.status, words)
    except CommandUncertain as uncertain:
        return uncertain.doubt
    except LinkLost:
        return None
    return Answer(0, StatusCode.OK, result)


async def points_of(case: Case, band: MemoryBand) -> int:
    line = Line(prepared(case, band), Doubts())
    assert isinstance(await asked(case, line.band, line), Answer)
    return line.passed


def prepared(case: Case, band: MemoryBand) -> MemoryBand:
    twin = band.twin()
    twin.answer_gates()
    brought_to(twin, case.state)
    return twin


async def settled(band: Band, doubts: Doubts) -> Line:
    """The phone is back, and asks before anything else."""
    line = Line(band, doubts)
    await line.point.settle_doubts()
    return line


def check_settled(doubt: Uncertain, done: list[Answer]) -> None:
    assert doubt.result is not None
    if not done:
        assert doubt.result.outcome is RequestOutcome.NEVER_ARRIVED
        assert not doubt.may_be_done
    elif done[0].status is StatusCode.OK:
        assert doubt.result.outcome is RequestOutcome.CARRIED_OUT
        assert doubt.may_be_done
    else:
        assert doubt.result.outcome is RequestOutcome.REFUSED
        assert (doubt.result.status, doubt.result.refusal) == (done[0].status, done[0].result)
        assert not doubt.may_be_done


@pytest.mark.parametrize("case", [*GRANTED, *REFUSED], ids=lambda case: case.operation.name)
async def test_whatever_point_the_link_breaks_at_the_truth_is_learnt_and_nothing_sent_twice(
    case: Case, ready: MemoryBand
) -> None:
    whole = await points_of(case, ready)
    for breaks_at in range(whole):
        band, doubts = prepared(case, ready), Doubts()
        line = Line(band, doubts, breaks_at)
        learnt = await asked(case, band, line)
        done = line.answers_to(case.operation)
        assert len(done) <= 1
        if learnt is None:
            assert done == []
        elif isinstance(learnt, Answer):
            assert [(each.status, each.result) for each in done] == [(learnt.status, learnt.result)]
        else:
            back = await settled(band, doubts)
            check_settled(learnt, done)
            assert back.answers_to(case.operation) == []


@pytest.mark.parametrize("case", GRANTED, ids=lambda case: case.operation.name)
async def test_a_band_that_booted_meanwhile_says_so_and_facts_settle_the_rest(
    case: Case, ready: MemoryBand
) -> None:
    whole = await points_of(case, ready)
    for breaks_at in range(whole):
        band, doubts = prepared(case, ready), Doubts()
        line = Line(band, doubts, breaks_at)
        learnt = await asked(case, band, line)
        if not isinstance(learnt, Uncertain):
            continue
        ledger = band.firmware.ledger
        opened = ledger.session is not None or ledger.last_session is not None
        band.reboot()
        back = await settled(band, doubts)
        assert learnt.result is not None
        assert learnt.result.outcome is RequestOutcome.BOOTED_SINCE
        assert learnt.may_be_done
        fact = await back.point.ask(Operation.SESSION_OUTCOME, lambda: SESSION)
        assert fact.outcome is (Outcome.PARTIAL if opened else Outcome.UNKNOWN)


@pytest.mark.parametrize("case", GRANTED, ids=lambda case: case.operation.name)
async def test_what_is_tried_as_granted_is_granted(case: Case, ready: MemoryBand) -> None:
    line = Line(prepared(case, ready), Doubts())
    learnt = await asked(case, line.band, line)
    assert isinstance(learnt, Answer)
    assert learnt.status is StatusCode.OK


def test_every_operation_that_can_be_in_doubt_is_tried() -> None:
    tried = {case.operation for case in [*GRANTED, *REFUSED]}
    assert tried == set(Operation) - REPEATABLE


async def test_of_too_many_doubts_the_oldest_stay_unknown() -> None:
    doubts = Doubts()
    many = [Uncertain(Operation.STOP, n, b"", Mark()) for n in range(REMEMBERED + 1)]
    for doubt in many:
        doubts.add(doubt)
    assert many[0].result is not None
    assert many[0].result.outcome is RequestOutcome.UNKNOWN
    assert many[1].result is None


async def test_doubts_are_asked_about_once_by_however_many(
    ready: MemoryBand,
) -> None:
    band, doubts = ready.twin(), Doubts()
    broken = Line(band, doubts, breaks_at=1)
    with pytest.raises(CommandUncertain):
        await broken.point.ask(Operation.LOCATE, Nothing)
    line = Line(band, doubts)
    await asyncio.gather(*(line.point.settle_doubts() for _ in range(3)))
    assert len(line.answers_to(Operation.REQUEST_OUTCOME)) == 1
