"""Somebody with recorded messages who sits on the link; a cloud that lies; strangers' keys."""

from __future__ import annotations

from typing import Any

from firmware_bridge.link import DeviceRefused
from mobile.engine.session import prepare_arm
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import (
    GateAnswers,
    GateOutcome,
    HoldKind,
    HoldSource,
    PlaceHold,
    Purpose,
)
from shared.wire import operations
from shared.wire.blob_parts import parts, stream_of
from shared.wire.errors import WireError
from shared.wire.operations import (
    BlobKind,
    NoncePurpose,
    Nothing,
    Operation,
    Request,
    SealedArguments,
    StatementArguments,
    StatusCode,
)
from tests.campaign.schedules.actions import sessions, words
from tests.campaign.schedules.actions.registry import Done, action
from tests.campaign.schedules.clinic import DEVICE_ID, STRANGER

WORTH_REPLAYING = (
    Operation.ARM,
    Operation.START,
    Operation.OPEN_START_WINDOW,
    Operation.RESUME,
    Operation.BEAT,
    Operation.STILL_HERE,
    Operation.REPOSITIONED,
    Operation.SOFTEN,
    Operation.CLEARANCE,
    Operation.GATE_ANSWERS,
    Operation.SET_TIME,
    Operation.PLACE_HOLD,
    Operation.TAKE_BACK,
    Operation.TAKE_CONTROL,
    Operation.REVOKE,
    Operation.STOP,
)
USED_BY = {
    "prescription": Operation.INSTALL,
    "lift": Operation.LIFT_HOLD,
    "supervise": Operation.SUPERVISE,
    "attest": Operation.ATTEST_TIME,
    "reset": Operation.RESET,
    "enrolment": Operation.AUTHORIZE_APP,
}


def send(done: Done, operation: Operation, arguments: Any = None) -> StatusCode | None:
    """An attacker's own request; return how it was answered."""
    request_id = done.chance.randrange(1, 2**31)
    request = Request(request_id, operation, arguments or Nothing())
    answer = done.stage.air.inject(operations.encode_request(request))
    return None if answer is None else operations.decode_answer(answer, operation).status


def send_blob(done: Done, kind: BlobKind, blob: bytes) -> None:
    """An attacker's own blob."""
    for part in parts(stream_of(kind, blob), 400):
        done.stage.band.part(part)


@action(12, during=18, begins=True)
async def replay(done: Done) -> None:
    """Recorded messages come again, as they were or under a new number."""
    wanted = done.chance.choice(WORTH_REPLAYING)
    recorded = []
    for message in done.stage.air.heard:
        try:
            request = operations.decode_request(message)
        except WireError:
            continue
        if request.operation is wanted:
            recorded.append((message, request))
    for message, request in recorded[-done.chance.randrange(1, 4) :]:
        done.faults[f"replayed {wanted.name.lower()}"] += 1
        if done.chance.random() < 0.5:
            done.stage.air.inject(message)
        else:
            send(done, request.operation, request.arguments)
        if done.chance.random() < 0.3:
            done.stage.band.press()
    await done.wait_ms(1, 4_000)


@action(5, during=2)
async def present_again(done: Done) -> None:
    """An old prescription, a stale lift, an old word of presence or time."""
    used = done.stage.person.words
    if not used:
        return
    name, kind, blob = done.chance.choice(used)
    done.faults[f"old {name} presented"] += 1
    if name == "enrolment":
        certificate = done.stage.clinic.certificate(Purpose.ENROLMENT)
        send_blob(done, BlobKind.CERTIFICATE, certificate)
    send_blob(done, BlobKind(kind), blob)
    send(done, USED_BY[name])
    await done.wait_ms(1, 3_000)


@action(4, during=1)
async def lift_stale(done: Done) -> None:
    """A hold of the app's comes again, and after it the word that lifted it once."""
    if not _lifted(done):
        await words.hold_by_app(done)
        await words.lift_holds(done)
    placed = [m for m in done.stage.air.heard if _operation(m) is Operation.PLACE_HOLD]
    lifted = _lifted(done)
    if placed and lifted:
        done.faults["stale lift"] += 1
        done.stage.air.inject(placed[-1])
        send_blob(done, BlobKind.STAFF_WORD, lifted[-1])
        send(done, Operation.LIFT_HOLD)
    await done.ask(sessions.all_of_it(done))
    await done.wait_ms(1, 4_000)


def _lifted(done: Done) -> list[bytes]:
    """The words that lifted something, as they were sent."""
    return [blob for name, _, blob in done.stage.person.words if name == "lift"]


def _operation(message: bytes) -> Operation | None:
    try:
        return operations.decode_request(message).operation
    except WireError:
        return None


@action(5, during=5, begins=True)
async def forge_command(done: Done) -> None:
    """A command by somebody without the session's key."""
    wanted = done.chance.choice(
        (
            Operation.START,
            Operation.RESUME,
            Operation.BEAT,
            Operation.STILL_HERE,
            Operation.OPEN_START_WINDOW,
            Operation.REPOSITIONED,
        )
    )
    done.faults["command forged"] += 1
    counter = done.chance.randrange(1, 10_000)
    send(done, wanted, SealedArguments(counter, done.chance.randbytes(16)))
    if done.chance.random() < 0.5:
        done.stage.band.press()
    await done.wait_ms(1, 4_000)


@action(4)
async def forge_statement(done: Done) -> None:
    """A stranger, or a key with another purpose, says what opens a session."""
    stage, stranger = done.stage, STRANGER
    done.faults["statement forged"] += 1

    async def forged() -> None:
        phone, chance = done.phone, done.chance
        what = chance.choice(("arm", "gates", "clearance", "prescription", "hold"))
        if what == "arm":
            plan = stage.named()
            arming = await prepare_arm(phone.stimulator, phone.enrolment, plan, stranger)
            await phone.stimulator.arm(arming.message)
        elif what == "gates":
            nonce = await phone.stimulator.nonce(NoncePurpose.GATE_ANSWERS)
            said = GateAnswers(nonce, phone.patient_id, 1, GateOutcome.PASS, 0)
            await phone.stimulator.gate_answers(_signed(said, stranger))
        elif what == "clearance":
            nonce = await phone.stimulator.nonce(NoncePurpose.CLEARANCE)
            word = stage.clinic.clearance(nonce, stage.clock.wall_ms() // 1000)
            await phone.stimulator.clearance(word, stage.clinic.certificate(Purpose.TIME))
        elif what == "prescription":
            nurse = stage.clinic.prescribe(stage.person.prescription, 2)
            await phone.errands.offer_prescription(nurse)
        else:
            hold = PlaceHold(chance.randbytes(16), HoldKind.REST, HoldSource.APP, "x", 0)
            await phone.stimulator.place_hold(_signed(hold, stranger))

    await done.ask(forged())
    if stage.band.on:
        stage.band.press()
    await done.wait_ms(1, 3_000)


def _signed(statement: Any, signer: SoftwareKey) -> bytes:
    return sign1.sign(statement, audience=DEVICE_ID, signer=signer)


@action(3, during=3)
async def second_arm(done: Done) -> None:
    """A whole second session is asked for while one is under way, or right after it."""

    async def again() -> None:
        phone, stage = done.phone, done.stage
        arming = await prepare_arm(phone.stimulator, phone.enrolment, stage.named(), phone.app)
        try:
            await phone.stimulator.arm(arming.message)
        except DeviceRefused:
            return

    done.faults["armed twice"] += 1
    await done.ask(again())
    await done.wait_ms(1, 3_000)


@action(3)
async def cloud_lies(done: Done) -> None:
    """The cloud leaves out what it knows, for a while or for good."""
    cloud, clinic = done.stage.cloud, done.stage.clinic
    done.faults["cloud lied"] += 1
    cloud.lies = done.chance.choice(
        ({}, {"hold": 0}, {"serial": 1}, {"revocation": 0, "hold": 0}, {"hold": clinic.holds + 1})
    )
    await done.ask(sessions.all_of_it(done))
    if done.chance.random() < 0.7:
        cloud.lies = {}


@action(2)
async def lose_clouds_answer(done: Done) -> None:
    done.faults["cloud's answer lost"] += 1
    done.stage.cloud.answers_lost = done.chance.randrange(1, 3)
    await done.ask(done.phone.round())


@action(2)
async def no_network(done: Done) -> None:
    done.faults["no network"] += 1
    done.stage.cloud.reachable = False
    await done.ask(done.phone.round())
    await done.ask(sessions.begin(done))
    await done.wait_ms(1, 4_000)
    done.stage.cloud.reachable = True


@action(2)
async def replay_statement_of(done: Done) -> None:
    """A statement under another operation than its own."""
    known = [
        operations.decode_request(message).arguments
        for message in done.stage.air.heard[-200:]
        if _is_statement(message)
    ]
    if known:
        done.faults["statement misused"] += 1
        wanted = done.chance.choice(
            (Operation.TAKE_BACK, Operation.CONFIRM_HOLD, Operation.ARM, Operation.POSTPONE)
        )
        arguments: StatementArguments = done.chance.choice(known)
        send(done, wanted, arguments)


def _is_statement(message: bytes) -> bool:
    try:
        request = operations.decode_request(message)
    except WireError:
        return False
    return isinstance(request.arguments, StatementArguments)
