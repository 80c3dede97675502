"""Any operation in any state: what nobody would think of asking then, by who may ask it.

Arguments are of the right kind and fresh; what would change the harness's own numbers (roots,
revocations) comes from another clinic, and commands without a session's key are forged.
"""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from firmware_bridge.link.doubts import Mark, Uncertain
from shared.trust.statements import (
    Control,
    GateOutcome,
    HoldKind,
    HoldSource,
    PlaceHold,
    Postpone,
    Purpose,
    RevocationKind,
    SideEffectAnswers,
    TakeBackHold,
    TrainingDone,
)
from shared.wire import operations
from shared.wire.operations import (
    BlobKind,
    NoncePurpose,
    Operation,
    SealedArguments,
    SealedPercentArguments,
)
from shared.wire.status import DeviceState
from tests.campaign.schedules.actions import attacks, sessions
from tests.campaign.schedules.actions.registry import HOUR_MS, Done, action
from tests.campaign.schedules.band import KEYED
from tests.campaign.schedules.clinic import Clinic
from tests.campaign.schedules.phone import KNOWN

Asking = Callable[[Done], Awaitable[Any]]
AT_ONCE = 6

_PLAIN = (
    *(Operation.HELLO, Operation.LOCATE, Operation.PRACTICE, Operation.SELF_TEST),
    *(Operation.PAUSE, Operation.STOP, Operation.CLOSE),
    *(Operation.PROVISION, Operation.RESET, Operation.RETIRE),
    *(Operation.ATTEST_TIME, Operation.LIFT_HOLD),
)
_SEALED = (
    *(Operation.OPEN_START_WINDOW, Operation.START, Operation.RESUME),
    *(Operation.REPOSITIONED, Operation.BEAT, Operation.STILL_HERE),
)
_SEALED_PERCENT = (Operation.SOFTEN, Operation.TITRATE)


def _plainly(operation: Operation) -> Asking:
    name = operation.name.lower()
    return lambda done: getattr(done.phone.stimulator, name)()


def _sealed(operation: Operation) -> Asking:
    async def ask(done: Done) -> None:
        chance = done.chance
        percent = (chance.choice((30, 60, 100)),) if operation in _SEALED_PERCENT else ()
        if done.stage.band.state in KEYED:
            await getattr(done.phone.stimulator, operation.name.lower())(*percent)
            return
        counter, mac = chance.randrange(1, 10_000), chance.randbytes(16)
        kind: Any = SealedPercentArguments if percent else SealedArguments
        attacks.send(done, operation, kind(counter, mac, *percent))

    return ask


def _strangers(done: Done) -> Clinic:
    """Another clinic, in a copy: what it signs here changes nothing of it."""
    return copy.copy(done.stage.person.clinics[1 - done.stage.person.clinic])


# Set-up


async def _authorize_app(done: Done) -> None:
    phone, clinic = done.phone, done.stage.clinic
    await phone.blob(BlobKind.ENROLMENT, clinic.enrolment(phone.app, phone.patient_id))
    await phone.blob(BlobKind.CERTIFICATE, clinic.certificate(Purpose.ENROLMENT))
    await phone.stimulator.authorize_app()


async def _install(done: Done) -> None:
    person = done.stage.person
    blob = done.stage.clinic.prescribe(person.prescription, person.staff)
    await done.phone.errands.offer_prescription(blob)


async def _control(done: Done, *, take: bool) -> None:
    phone = done.phone
    nonce = await phone.stimulator.nonce(NoncePurpose.CONTROL)
    said = phone.signed(Control(nonce, phone.patient_id, take))
    await (phone.stimulator.take_control if take else phone.stimulator.release_control)(said)


async def _release_control(done: Done) -> None:
    """Given up, and taken again at once."""
    await _control(done, take=False)
    await _control(done, take=True)


async def _revoke(done: Done) -> None:
    now_s = done.stage.clock.wall_ms() // 1000
    said = _strangers(done).revocation(0, RevocationKind.COMPROMISED, now_s, now_s)
    await done.phone.stimulator.revoke(said)


async def _head(done: Done) -> None:
    await done.phone.stimulator.head(done.chance.randbytes(16))


async def _receipt(done: Done) -> None:
    past = done.phone.ledger
    epoch = past.epoch or done.chance.randbytes(16)
    word = done.stage.clinic.receipt(epoch, max(1, past.state.number), past.state.hash or bytes(32))
    certificate = done.stage.clinic.certificate(Purpose.RECEIPT)
    await done.phone.stimulator.receipt(word, certificate)


# Holds and answers


async def _clearance(done: Done) -> None:
    await done.phone.errands.fetch_clearance(done.stage.clinic.serial)


async def _place_hold(done: Done) -> None:
    """By mistake: it is taken back at once."""
    phone, hold_id = done.phone, done.chance.randbytes(16)
    hold = PlaceHold(hold_id, HoldKind.REST, HoldSource.APP, "tired", 0)
    await phone.stimulator.place_hold(phone.signed(hold))
    await phone.stimulator.take_back(phone.signed(TakeBackHold(hold_id)))


async def _take_back(done: Done) -> None:
    said = done.phone.signed(TakeBackHold(done.chance.randbytes(16)))
    await done.phone.stimulator.take_back(said)


async def _confirm_hold(done: Done) -> None:
    word = done.stage.clinic.confirm_hold(done.chance.randbytes(16))
    certificate = done.stage.clinic.certificate(Purpose.HOLD)
    await done.phone.stimulator.confirm_hold(word, certificate)


async def _gate_answers(done: Done) -> None:
    confirmed = sessions.confirmed(done.stage.person.prescription)
    await done.phone.answer_gates(GateOutcome.PASS, 0, confirmed, None)


async def _postpone(done: Done) -> None:
    nonce = await done.phone.stimulator.nonce(NoncePurpose.POSTPONE)
    said = done.phone.signed(Postpone(nonce, done.phone.patient_id, 60))
    await done.phone.stimulator.postpone(said)


async def _training_done(done: Done) -> None:
    said = done.phone.signed(TrainingDone(done.phone.patient_id, 1))
    await done.phone.stimulator.training_done(said)


async def _side_effect_answers(done: Done) -> None:
    said = SideEffectAnswers(done.stage.person.last_session_id, done.phone.patient_id, 1, None)
    await done.phone.stimulator.side_effect_answers(done.phone.signed(said))


async def _request_outcome(done: Done) -> None:
    message = (done.stage.air.heard or [b""])[-1]
    doubt = Uncertain(Operation.STOP, operations.request_id_of(message), message, Mark(1, 0))
    control = done.phone.connection.session.control
    await control.ask(Operation.REQUEST_OUTCOME, lambda: doubt.question)


ASKED: dict[Operation, Asking] = {
    **{operation: _plainly(operation) for operation in _PLAIN},
    **{operation: _sealed(operation) for operation in (*_SEALED, *_SEALED_PERCENT)},
    Operation.NONCE: lambda done: done.phone.stimulator.nonce(
        done.chance.choice(list(NoncePurpose))
    ),
    Operation.HEAD: _head,
    Operation.SESSION_OUTCOME: lambda done: done.phone.stimulator.session_outcome(
        done.stage.person.last_session_id
    ),
    Operation.REQUEST_OUTCOME: _request_outcome,
    Operation.AUTHORIZE_APP: _authorize_app,
    Operation.INSTALL: _install,
    Operation.ARM: lambda done: done.phone.arm(
        done.stage.person.prescription, done.stage.named(), make_up=False
    ),
    Operation.TAKE_CONTROL: lambda done: _control(done, take=True),
    Operation.RELEASE_CONTROL: _release_control,
    Operation.REVOKE: _revoke,
    Operation.ROTATE_ROOT: lambda done: done.phone.stimulator.rotate_root(
        _strangers(done).rotation(by_recovery=False)
    ),
    Operation.ACCEPT_CATALOGUE: lambda done: done.phone.stimulator.accept_catalogue(
        done.stage.clinic.acceptance()
    ),
    Operation.SUPERVISE: sessions.supervise_now,
    Operation.SET_TIME: lambda done: done.phone.set_time(),
    Operation.CLEARANCE: _clearance,
    Operation.RECEIPT: _receipt,
    Operation.PLACE_HOLD: _place_hold,
    Operation.TAKE_BACK: _take_back,
    Operation.CONFIRM_HOLD: _confirm_hold,
    Operation.GATE_ANSWERS: _gate_answers,
    Operation.POSTPONE: _postpone,
    Operation.TRAINING_DONE: _training_done,
    Operation.SIDE_EFFECT_ANSWERS: _side_effect_answers,
}
"""How each operation is asked for; blobs go with those that need them."""


# Moments


async def _as_it_is(done: Done) -> None:
    """Whatever state that is."""


async def _armed(done: Done) -> None:
    await sessions.arm_now(done)


async def _closing(done: Done) -> None:
    if done.stage.band.state not in KEYED:
        await sessions.all_of_it(done)
    await done.phone.stimulator.close()


async def _practising(done: Done) -> None:
    await done.phone.stimulator.practice()


async def _testing(done: Done) -> None:
    await done.phone.stimulator.self_test()


async def _updating(done: Done) -> None:
    done.stage.band.begin_update()


MOMENTS: tuple[Asking, ...] = (
    *(_as_it_is, _as_it_is, _as_it_is),
    *(_armed, _closing, _practising, _testing, _updating),
)


async def come_to(done: Done, moment: Asking) -> None:
    """Bring the device to a moment, if it will."""
    with suppress(*KNOWN):
        await moment(done)


async def ask_several(done: Done) -> None:
    """Come to some moment, and ask at once for several things that have nothing to do with it."""
    await come_to(done, done.chance.choice(MOMENTS))
    await _ask(done)


async def _ask(done: Done) -> None:
    for operation in done.chance.sample(list(ASKED), AT_ONCE):
        with suppress(*KNOWN):
            await ASKED[operation](done)


@action(6, during=4, begins=True)
async def ask_anything(done: Done) -> None:
    await done.ask(ask_several(done))
    band, chance = done.stage.band, done.chance
    if chance.random() < 0.3:
        band.press()
    if chance.random() < 0.2:
        band.begin_update()
    await done.wait_ms(1, 2_000)
    band.end_update()


@action(3, begins=True)
async def ask_on_the_way(done: Done) -> None:
    """The same once a session may open: while armed, within it, or between its parts."""
    stage, chance = done.stage, done.chance
    await stage.sleep_ms(chance.choice((5, 24)) * HOUR_MS)
    await done.ask(sessions.arm_now(done))
    armed = stage.band.state is DeviceState.ARMED
    if armed and chance.random() < 0.5:
        await done.ask(sessions.start_now(done))
        for _ in range(chance.randrange(20)):
            if stage.band.state is not DeviceState.REPOSITIONING:
                await done.wait_ms(100, 1_000)
    await done.ask(_ask(done))
    await done.wait_ms(1, 2_000)
