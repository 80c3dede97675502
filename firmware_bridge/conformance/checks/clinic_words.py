"""What the clinic says to a band beside prescriptions: holds, receipts, revocations."""

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
from shared.trust.keys import SoftwareKey
from shared.trust.staff_words import LiftHold, LiftLine, Supervise
from shared.trust.statements import (
    HASH_BYTES,
    ID_BYTES,
    NONCE_BYTES,
    CatalogueAcceptance,
    ConfirmHold,
    HoldKind,
    Purpose,
    RootRotation,
)
from shared.wire.operations import BlobKind, NoncePurpose, Operation, StatusCode

checks = Checks(Need.ENROLLED)


@checks.add(Section.LOCK_REASONS, Operation.PLACE_HOLD)
async def hold_locks(bench: Bench) -> None:
    """A safety hold of the clinic's locks, and the status says HOLD without being asked."""
    phone, hold_id = await bench.phone(), secrets.token_bytes(ID_BYTES)
    bench.kept.hold_id = hold_id
    state = await _state(phone)
    await _place(phone, bench, hold_id, state.newest_hold + 1)
    await phone.until(lambda s: ReasonCode.HOLD in {r.code for r in s.reasons}, "HOLD")


@checks.add(Section.OPERATIONS, Operation.PLACE_HOLD)
async def hold_again(bench: Bench) -> None:
    """The same hold again is answered OK and writes no record."""
    phone = await bench.phone()
    before = await _state(phone)
    await _place(phone, bench, bench.kept.hold_id, before.newest_hold)
    same((await _state(phone)).number, before.number, "records")


@checks.add(Section.OPERATIONS, Operation.LIFT_HOLD)
async def lifted_by_name(bench: Bench) -> None:
    """A hold is lifted by a word that names the very record that placed it, and by no other."""
    phone = await bench.phone()
    hold = (await _state(phone)).hold(bench.kept.hold_id)
    expect(hold is not None, "the hold on the record", "none")
    await _lift(phone, bench, bytes(HASH_BYTES))
    await refused(phone.ask(Operation.LIFT_HOLD), StatusCode.REFUSED, "hold_unknown")
    await _lift(phone, bench, b"" if hold is None else hold.record_hash)
    await phone.ask(Operation.LIFT_HOLD)
    expect((await _state(phone)).hold(bench.kept.hold_id) is None, "no hold any more", "one")


@checks.add(Section.OPERATIONS, Operation.PLACE_HOLD)
async def ended_hold(bench: Bench) -> None:
    """A hold of the clinic's that has ended isn't placed again."""
    phone = await bench.phone()
    asked = _place(phone, bench, bench.kept.hold_id, (await _state(phone)).newest_hold)
    await refused(asked, StatusCode.ALREADY, "hold_known")


@checks.add(Section.OPERATIONS, Operation.PLACE_HOLD, Operation.CONFIRM_HOLD, Operation.LIFT_HOLD)
async def rest_confirmed(bench: Bench) -> None:
    """A rest hold that is confirmed becomes a safety hold; another one is unknown."""
    phone, clinic = await bench.phone(), bench.demo
    hold_id = bench.kept.hold_id = secrets.token_bytes(ID_BYTES)
    number = (await _state(phone)).newest_hold + 1
    await _place(phone, bench, hold_id, number, HoldKind.REST)
    certificate = clinic.certificate(Purpose.HOLD)
    unknown = clinic.by(Role.HOLD, ConfirmHold(bytes(ID_BYTES)))
    asked = phone.say(Operation.CONFIRM_HOLD, unknown, certificate)
    await refused(asked, StatusCode.REFUSED, "hold_unknown")
    known = clinic.by(Role.HOLD, ConfirmHold(hold_id))
    await phone.say(Operation.CONFIRM_HOLD, known, certificate)
    hold = (await _state(phone)).hold(hold_id)
    same(None if hold is None else hold.kind, HoldKind.SAFETY, "kind")
    await _lift(phone, bench, b"" if hold is None else hold.record_hash)
    await phone.ask(Operation.LIFT_HOLD)


@checks.add(Section.OPERATIONS, Operation.RECEIPT, Operation.HEAD)
async def receipted(bench: Bench) -> None:
    """A receipt stands for records that a sent head covers, with their hash, and rises."""
    phone, clinic = await bench.phone(), bench.demo
    await phone.client.head(secrets.token_bytes(NONCE_BYTES))
    state, epoch = await _state(phone), (await phone.client.hello()).epoch
    certificate = clinic.certificate(Purpose.RECEIPT)
    beyond = clinic.receipt(epoch, state.number + 1, state.hash)
    await refused(
        phone.say(Operation.RECEIPT, beyond, certificate),
        StatusCode.REFUSED,
        "receipt_beyond_head",
    )
    other = clinic.receipt(epoch, state.number, bytes(HASH_BYTES))
    await refused(
        phone.say(Operation.RECEIPT, other, certificate),
        StatusCode.REFUSED,
        "receipt_other_hash",
    )
    right = clinic.receipt(epoch, state.number, state.hash)
    await phone.say(Operation.RECEIPT, right, certificate)
    await refused(
        phone.say(Operation.RECEIPT, right, certificate),
        StatusCode.ALREADY,
        "receipt_not_newer",
    )


@checks.add(Section.OPERATIONS, Operation.REVOKE)
async def revoked(bench: Bench) -> None:
    """Revocations are numbered without a gap, and each is taken once."""
    phone, clinic, key = await bench.phone(), bench.demo, SoftwareKey.generate()
    newest = (await _state(phone)).newest_revocation
    gap = phone.say(Operation.REVOKE, clinic.revocation(newest + 2, key))
    await refused(gap, StatusCode.REFUSED, "revocation_not_next")
    word = clinic.revocation(newest + 1, key)
    await phone.say(Operation.REVOKE, word)
    await refused(phone.say(Operation.REVOKE, word), StatusCode.ALREADY, "revocation_known")


@checks.add(Section.OPERATIONS, Operation.ROTATE_ROOT)
async def rotated_in_order(bench: Bench) -> None:
    """Roots rotate by the next number only."""
    phone, clinic = await bench.phone(), bench.demo
    other = SoftwareKey.generate().public_key.data
    number = (await _state(phone)).root_number + 2
    asked = phone.say(Operation.ROTATE_ROOT, clinic.by_root(RootRotation(number, other, other)))
    await refused(asked, StatusCode.REFUSED, "rotation_not_next")


@checks.add(Section.OPERATIONS, Operation.ACCEPT_CATALOGUE)
async def other_catalogue(bench: Bench) -> None:
    """Another catalogue than the firmware's isn't accepted."""
    phone, clinic = await bench.phone(), bench.demo
    other = CatalogueAcceptance(1, bytes(HASH_BYTES), bytes(HASH_BYTES), clinic.now_s)
    asked = phone.say(Operation.ACCEPT_CATALOGUE, clinic.by_root(other))
    await refused(asked, StatusCode.REFUSED, "other_catalogue")


@checks.add(Section.OPERATIONS, Operation.SUPERVISE)
async def supervised(bench: Bench) -> None:
    """A word of presence answers a nonce of the band's, once."""
    phone, clinic = await bench.phone(), bench.demo
    nonce = await phone.client.nonce(NoncePurpose.SUPERVISE)
    word = clinic.by_staff(Supervise(clinic.keys.device_id, clinic.keys.patient_id, nonce))
    await phone.client.send_blob(BlobKind.STAFF_WORD, word)
    await phone.ask(Operation.SUPERVISE)
    await phone.client.send_blob(BlobKind.STAFF_WORD, word)
    await refused(phone.ask(Operation.SUPERVISE), StatusCode.NONCE_UNKNOWN, "nonce_unknown")


async def _state(phone: Phone) -> LedgerState:
    return (await read_record(phone.client)).state


async def _place(
    phone: Phone, bench: Bench, hold_id: bytes, number: int, kind: HoldKind = HoldKind.SAFETY
) -> None:
    statement = bench.demo.hold(hold_id, number, kind)
    await phone.say(Operation.PLACE_HOLD, statement, bench.demo.certificate(Purpose.HOLD))


async def _lift(phone: Phone, bench: Bench, record_hash: bytes) -> None:
    """Put the word that lifts the present hold on the band."""
    line = LiftLine(bench.kept.hold_id, record_hash)
    word = bench.demo.by_staff(LiftHold(bench.demo.keys.device_id, (line,)))
    await phone.client.send_blob(BlobKind.STAFF_WORD, word)
