"""What an enrolled phone says around a session: control, lessons, holds of its own, answers."""

from __future__ import annotations

import secrets

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import expect, refused, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.phone import Phone
from firmware_bridge.conformance.sections import Section
from firmware_bridge.demo.keys import Role
from firmware_bridge.demo.record import read_record
from shared.dose.ledger import LedgerState
from shared.dose.reasons import ReasonCode
from shared.trust.statements import (
    ID_BYTES,
    Control,
    Postpone,
    SideEffectAnswers,
    TakeBackHold,
    TrainingDone,
)
from shared.wire.operations import NoncePurpose, Operation, StatusCode

checks = Checks(Need.ENROLLED)

POSTPONE_S = 60


@checks.add(Section.OPERATIONS, Operation.RELEASE_CONTROL, Operation.TAKE_CONTROL)
async def control(bench: Bench) -> None:
    """An app gives control up and takes it again, each over a nonce of its own."""
    phone, own = await bench.phone(), bench.demo.keys.private[Role.APP].public_key.key_id
    await phone.say(Operation.RELEASE_CONTROL, await _control(phone, bench, take=False))
    same((await phone.client.hello()).control_key_id, None, "app in control")
    otherwise = phone.say(Operation.TAKE_CONTROL, await _control(phone, bench, take=False))
    await refused(otherwise, StatusCode.REFUSED, "control_otherwise")
    await phone.say(Operation.TAKE_CONTROL, await _control(phone, bench, take=True))
    same((await phone.client.hello()).control_key_id, own, "app in control")


@checks.add(Section.OPERATIONS, Operation.TRAINING_DONE)
async def trained(bench: Bench) -> None:
    """Lessons are noted; those of an older version change nothing."""
    phone = await bench.phone()
    version = ((await _state(phone)).trained or 0) + 2
    await phone.say(Operation.TRAINING_DONE, _training(bench, version))
    before = await _state(phone)
    same(before.trained, version, "version")
    await phone.say(Operation.TRAINING_DONE, _training(bench, version - 1))
    same((await _state(phone)).number, before.number, "records")


@checks.add(Section.OPERATIONS, Operation.PLACE_HOLD, Operation.TAKE_BACK)
async def slip(bench: Bench) -> None:
    """A hold touched by mistake is taken back by the app that placed it, at once."""
    phone, hold_id = await bench.phone(), secrets.token_bytes(ID_BYTES)
    await phone.say(Operation.PLACE_HOLD, bench.demo.own_hold(hold_id))
    expect((await _state(phone)).hold(hold_id) is not None, "a hold", "none")
    word = bench.demo.by(Role.APP, TakeBackHold(hold_id))
    await phone.say(Operation.TAKE_BACK, word)
    expect((await _state(phone)).hold(hold_id) is None, "no hold any more", "one")
    await refused(phone.say(Operation.TAKE_BACK, word), StatusCode.REFUSED, "hold_unknown")


@checks.add(Section.OPERATIONS, Operation.SIDE_EFFECT_ANSWERS, needs=(Need.TREATED,))
async def side_effects(bench: Bench) -> None:
    """Answers after a session are about the last one, and no other."""
    phone, armed = await bench.phone(), bench.kept.armed
    session_id = b"" if armed is None else armed.session_id
    asked = phone.say(Operation.SIDE_EFFECT_ANSWERS, _answers(bench, bytes(ID_BYTES)))
    await refused(asked, StatusCode.REFUSED, "other_session")
    await phone.say(Operation.SIDE_EFFECT_ANSWERS, _answers(bench, session_id))
    last = (await _state(phone)).last_session
    same(None if last is None else last.red_flag, False, "red flag on the record")


@checks.add(Section.OPERATIONS, Operation.POSTPONE)
async def postponed(bench: Bench) -> None:
    """A postponement locks for as long as it says."""
    phone, clinic = await bench.phone(), bench.demo
    nonce = await phone.client.nonce(NoncePurpose.POSTPONE)
    word = clinic.by(Role.APP, Postpone(nonce, clinic.keys.patient_id, POSTPONE_S))
    await phone.say(Operation.POSTPONE, word)
    code = ReasonCode.SCREENING_POSTPONED
    await phone.until(lambda s: code in {r.code for r in s.reasons}, code.name)


@checks.add(Section.STATES, Operation.PRACTICE, Operation.STOP)
async def practice(bench: Bench) -> None:
    """PRACTICE is entered from idle, takes no session, and ends by STOP."""
    phone = await bench.phone()
    await phone.ask(Operation.PRACTICE)
    await phone.until(lambda s: s.state.name == "PRACTICE", "PRACTICE")
    await refused(phone.ask(Operation.SELF_TEST), StatusCode.WRONG_STATE, "not_idle")
    await phone.client.stop()
    await phone.until(lambda s: s.state.name == "IDLE", "IDLE")


@checks.add(Section.STATES, Operation.SELF_TEST)
async def self_test(bench: Bench) -> None:
    """SELF_TEST comes back to idle by itself, and its result stands on the record."""
    phone = await bench.phone()
    before = (await _state(phone)).number
    await phone.ask(Operation.SELF_TEST)
    await phone.until(lambda s: s.state.name == "IDLE", "IDLE", 10_000)
    record = await read_record(phone.client)
    found = [r for r in record.records if r.number > before and r.type.name == "SELF_TEST"]
    expect(found, "a SELF_TEST record", "none")


async def _state(phone: Phone) -> LedgerState:
    return (await read_record(phone.client)).state


async def _control(phone: Phone, bench: Bench, *, take: bool) -> bytes:
    nonce = await phone.client.nonce(NoncePurpose.CONTROL)
    return bench.demo.by(Role.APP, Control(nonce, bench.demo.keys.patient_id, take))


def _training(bench: Bench, version: int) -> bytes:
    return bench.demo.by(Role.APP, TrainingDone(bench.demo.keys.patient_id, version))


def _answers(bench: Bench, session_id: bytes) -> bytes:
    answers = SideEffectAnswers(session_id, bench.demo.keys.patient_id, 1)
    return bench.demo.by(Role.APP, answers)
