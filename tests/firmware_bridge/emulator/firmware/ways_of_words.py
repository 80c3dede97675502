"""Ways to refusals of what is said: by the clinic, of holds, around a session and in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from shared.stimulation.catalogue import catalogue
from shared.stimulation.recalled import closed_digest
from shared.trust.staff_words import AttestTime, LiftHold, LiftLine
from shared.trust.statements import (
    CatalogueAcceptance,
    Clearance,
    GateAnswers,
    GateOutcome,
    HoldKind,
    HoldSource,
    PlaceHold,
    Postpone,
    Purpose,
    Receipt,
    Revocation,
    RevocationKind,
    RootRotation,
    SideEffectAnswers,
    TrainingDone,
)
from shared.wire.operations import (
    Answer,
    NoncePurpose,
    Operation,
    SealedPercentArguments,
    StatementArguments,
)
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.offers import NO_KEY
from tests.firmware_bridge.emulator.firmware.test_hold_ends import (
    ID,
    app_holds,
    cloud_holds,
    confirm,
    lift,
    take_back,
)
from tests.firmware_bridge.emulator.firmware.test_presence import supervise
from tests.firmware_bridge.emulator.firmware.test_roots import NEW_ROOT, left, revoke
from tests.firmware_bridge.emulator.firmware.test_time_word import lose_clock
from tests.firmware_bridge.emulator.firmware.test_titration import arm as arm_titration
from tests.firmware_bridge.emulator.firmware.ways_of_owners import (
    ELSEWHERE,
    HOUR_MS,
    Way,
    after,
    asking,
    clock_lost,
    following,
)
from tests.shared.clinic import DEVICE_ID, NOW_S, PATIENT_ID, itbs
from tests.shared.prescribed import titration

# The clinic's word


def certified_for_long(band: Band) -> Answer:
    """The clinic is none of a demonstration; its certificates are for more than a year."""
    return band.clear()


def clears(issued_s: int) -> Way:
    return lambda band: band.server_says(
        Operation.CLEARANCE,
        Clearance(band.nonce(NoncePurpose.CLEARANCE), issued_s, 1, 0, 0),
        Purpose.CLEARANCE,
    )


def without_certificate(operation: Operation) -> Way:
    return asking(operation, StatementArguments(b"x"))


def receipts(**changed: Any) -> Way:
    def give(band: Band) -> Answer:
        head = band.head()
        said = replace(Receipt(head.epoch, head.number, head.hash), **changed)
        return band.server_says(Operation.RECEIPT, said, Purpose.RECEIPT)

    return give


def rotates(**changed: Any) -> Way:
    own = NEW_ROOT.public_key.data
    return lambda band: band.root_says(
        Operation.ROTATE_ROOT, replace(RootRotation(1, own, own), **changed)
    )


def rotated(band: Band) -> None:
    rotates()(band)
    band.press()
    band.clinic.root = NEW_ROOT


def accepts(**changed: Any) -> Way:
    own = catalogue()
    said = replace(CatalogueAcceptance(own.version, own.digest, closed_digest(), NOW_S), **changed)
    return lambda band: band.root_says(Operation.ACCEPT_CATALOGUE, said)


def revoked_until_full(band: Band) -> Answer:
    answers = [
        band.root_says(
            Operation.REVOKE,
            Revocation(n, n.to_bytes(16, "big"), RevocationKind.COMPROMISED, NOW_S, NOW_S),
        )
        for n in range(1, 66)
    ]
    return answers[-1]


def set_back(band: Band) -> Answer:
    return band.set_time(offset_ms=-HOUR_MS)


CLINIC: dict[tuple[Operation, str], Way] = {
    (Operation.SET_TIME, "no_certificate"): without_certificate(Operation.SET_TIME),
    (Operation.SET_TIME, "clock_step"): set_back,
    (Operation.CLEARANCE, "clock_not_trusted"): after(clock_lost, clears(NOW_S)),
    (Operation.CLEARANCE, "no_certificate"): without_certificate(Operation.CLEARANCE),
    (Operation.CLEARANCE, "certificate_too_long"): certified_for_long,
    (Operation.CLEARANCE, "clearance_from_the_future"): clears(NOW_S + 601),
    (Operation.CLEARANCE, "clearance_not_newer"): clears(NOW_S - 1),
    (Operation.RECEIPT, "no_certificate"): without_certificate(Operation.RECEIPT),
    (Operation.RECEIPT, "receipt_other_epoch"): receipts(epoch=ELSEWHERE),
    (Operation.RECEIPT, "receipt_beyond_head"): receipts(number=10_000),
    (Operation.RECEIPT, "receipt_not_newer"): after(receipts(), receipts()),
    (Operation.RECEIPT, "receipt_other_hash"): receipts(hash=bytes(32)),
    (Operation.REVOKE, "revocation_known"): after(
        lambda band: revoke(band, NEW_ROOT), lambda band: revoke(band, NEW_ROOT)
    ),
    (Operation.REVOKE, "revocation_not_next"): lambda band: revoke(band, NEW_ROOT, number=2),
    (Operation.REVOKE, "revocation_until"): lambda band: left(band, 31),
    (Operation.REVOKE, "revocations_full"): revoked_until_full,
    (Operation.ROTATE_ROOT, "trust_key"): rotates(clinic_root=NO_KEY),
    (Operation.ROTATE_ROOT, "rotation_known"): after(rotated, rotates()),
    (Operation.ROTATE_ROOT, "rotation_not_next"): rotates(number=2),
    (Operation.ROTATE_ROOT, "press_the_button"): rotates(),
    (Operation.ACCEPT_CATALOGUE, "other_catalogue"): accepts(version=9),
    (Operation.ACCEPT_CATALOGUE, "catalogue_not_closed"): accepts(closed=bytes(32)),
}

# Holds


def other_source(band: Band) -> Answer:
    said = PlaceHold(ID, HoldKind.REST, HoldSource.CLOUD, "patient", 0)
    return band.app_says(Operation.PLACE_HOLD, said)


def lifted(band: Band) -> None:
    held = band.firmware.ledger.holds[0]
    lift(band, LiftLine(held.hold_id, held.record_hash))


def late(band: Band) -> None:
    band.skip(60_001)


HOLDS: dict[tuple[Operation, str], Way] = {
    (Operation.PLACE_HOLD, "hold_source"): other_source,
    (Operation.PLACE_HOLD, "hold_known"): after(
        Band.place_hold, lifted, lambda band: cloud_holds(band, HoldKind.SAFETY)
    ),
    (Operation.CONFIRM_HOLD, "no_certificate"): without_certificate(Operation.CONFIRM_HOLD),
    (Operation.CONFIRM_HOLD, "hold_unknown"): lambda band: confirm(band, ELSEWHERE),
    (Operation.TAKE_BACK, "hold_unknown"): lambda band: take_back(band, ELSEWHERE),
    (Operation.TAKE_BACK, "hold_not_yours"): after(app_holds, Band.reboot, take_back),
    (Operation.TAKE_BACK, "take_back_late"): after(app_holds, late, take_back),
    (Operation.LIFT_HOLD, "no_staff_word"): asking(Operation.LIFT_HOLD),
    (Operation.LIFT_HOLD, "other_device"): lambda band: band.staff_says(
        Operation.LIFT_HOLD, LiftHold(ELSEWHERE, (LiftLine(ID, bytes(32)),))
    ),
    (Operation.LIFT_HOLD, "nothing_to_lift"): lift,
    (Operation.LIFT_HOLD, "hold_unknown"): lambda band: lift(band, LiftLine(ID, bytes(32))),
    (Operation.LIFT_HOLD, "postponement_unknown"): lambda band: band.staff_says(
        Operation.LIFT_HOLD, LiftHold(DEVICE_ID, (), bytes(32))
    ),
}

# Around a session


def attests(**changed: Any) -> Way:
    """A word over the record's second to last head, ten hours of darkness later."""

    def give(band: Band) -> Answer:
        head = band.head()
        lose_clock(band, off_ms=10 * HOUR_MS)
        band.skip(60_000)
        band.set_time()
        nonce = band.nonce(NoncePurpose.ATTEST_TIME)
        boot_count = band.head().boot_count
        word = AttestTime(DEVICE_ID, boot_count, head.number, head.hash, nonce, 8 * HOUR_MS)
        return band.staff_says(Operation.ATTEST_TIME, replace(word, **changed))

    return give


def over_first_record(band: Band) -> Answer:
    """Record 1 was written before any clock was set."""
    return attests(head_number=1, head_hash=band.firmware.hash_at(1))(band)


def over_a_session_since(band: Band) -> Answer:
    """The head is from before a session, the loss and the nonce behind it."""
    head = band.head()
    ended(band)
    return attests(head_number=head.number, head_hash=head.hash)(band)


def over_a_session(band: Band) -> Answer:
    head, nonce = band.head(), band.nonce(NoncePurpose.ATTEST_TIME)
    ended(band)
    word = AttestTime(DEVICE_ID, head.boot_count, head.number, head.hash, nonce, HOUR_MS)
    return band.staff_says(Operation.ATTEST_TIME, word)


def ended(band: Band) -> None:
    band.start()
    band.run_until_fired(30)
    band.must(Operation.CLOSE)
    band.run(1_000)


def says_of_another(operation: Operation, word: Callable[[Band], Any]) -> Way:
    return lambda band: band.app_says(operation, replace(word(band), patient_id=ELSEWHERE))


def gates(band: Band) -> GateAnswers:
    nonce = band.nonce(NoncePurpose.GATE_ANSWERS)
    return GateAnswers(nonce, PATIENT_ID, 1, GateOutcome.PASS, 0)


def side_effects(band: Band) -> SideEffectAnswers:
    return SideEffectAnswers(b"s" * 16, PATIENT_ID, 1)


def postpones(band: Band) -> Postpone:
    return Postpone(band.nonce(NoncePurpose.POSTPONE), PATIENT_ID, 3_600)


AROUND: dict[tuple[Operation, str], Way] = {
    (Operation.GATE_ANSWERS, "other_patient"): says_of_another(Operation.GATE_ANSWERS, gates),
    (Operation.POSTPONE, "other_patient"): says_of_another(Operation.POSTPONE, postpones),
    (Operation.TRAINING_DONE, "other_patient"): says_of_another(
        Operation.TRAINING_DONE, lambda _: TrainingDone(PATIENT_ID, 1)
    ),
    (Operation.SIDE_EFFECT_ANSWERS, "other_patient"): says_of_another(
        Operation.SIDE_EFFECT_ANSWERS, side_effects
    ),
    (Operation.SIDE_EFFECT_ANSWERS, "other_session"): lambda band: band.app_says(
        Operation.SIDE_EFFECT_ANSWERS, side_effects(band)
    ),
    (Operation.SUPERVISE, "no_staff_word"): asking(Operation.SUPERVISE),
    (Operation.SUPERVISE, "other_device"): lambda band: supervise(band, device_id=ELSEWHERE),
    (Operation.SUPERVISE, "other_patient"): lambda band: supervise(band, patient_id=ELSEWHERE),
    (Operation.ATTEST_TIME, "no_staff_word"): asking(Operation.ATTEST_TIME),
    (Operation.ATTEST_TIME, "other_device"): attests(device_id=ELSEWHERE),
    (Operation.ATTEST_TIME, "nonce_void"): over_a_session,
    (Operation.ATTEST_TIME, "other_boot"): attests(boot_count=1),
    (Operation.ATTEST_TIME, "other_head"): attests(head_hash=bytes(32)),
    (Operation.ATTEST_TIME, "head_before_wait"): over_a_session_since,
    (Operation.ATTEST_TIME, "head_without_clock"): over_first_record,
    (Operation.ATTEST_TIME, "more_than_passed"): attests(elapsed_ms=11 * HOUR_MS),
    (Operation.ATTEST_TIME, "nothing_gained"): attests(elapsed_ms=1),
}

# A session


def armed(band: Band) -> None:
    band.arm()


def without_contact(band: Band) -> None:
    band.board.sensors.change(contact=False)


def running(band: Band) -> None:
    band.start()
    band.run_until_fired(40)


def paused(band: Band) -> None:
    band.must(Operation.PAUSE)


def sealed(operation: Operation) -> Way:
    return lambda band: band.sealed(operation)


def waived(band: Band) -> None:
    """The prescription lets the app start."""
    band.install(following(button_required=False))
    band.clear(serial=2)


def titrates(band: Band) -> Answer:
    assert band.writer is not None
    mac = band.writer.seal(int(Operation.TITRATE), 40)
    return band.ask(Operation.TITRATE, SealedPercentArguments(*mac, 40))


def measuring(band: Band) -> None:
    band.install(titration(itbs()))
    band.clear(serial=2)
    supervise(band)
    arm_titration(band)
    band.sealed(Operation.OPEN_START_WINDOW)
    band.press()


def measured(band: Band) -> None:
    """A hundred pulses, as far apart as they must be."""
    for _ in range(100):
        titrates(band)
        band.run(4_000, beat=True)


def moved(band: Band) -> None:
    """Between the two parts of a bilateral session."""
    band.start()
    band.run(45_000, beat=True)


SESSION: dict[tuple[Operation, str], Way] = {
    (Operation.ARM, "other_patient"): lambda band: band.arm(patient_id=ELSEWHERE),
    (Operation.ARM, "other_prescription"): lambda band: band.arm(prescription_hash=bytes(32)),
    (Operation.ARM, "locked"): after(without_contact, Band.arm),
    (Operation.ARM, "ephemeral_key"): lambda band: band.arm(ephemeral_key=NO_KEY),
    (Operation.START, "press_the_button"): after(armed, sealed(Operation.START)),
    (Operation.START, "locked"): after(waived, armed, without_contact, sealed(Operation.START)),
    (Operation.RESUME, "locked"): after(running, paused, without_contact, sealed(Operation.RESUME)),
    (Operation.TITRATE, "not_titrating"): after(running, titrates),
    (Operation.TITRATE, "titration_too_soon"): after(measuring, titrates, titrates),
    (Operation.TITRATE, "titration_pulses_used"): after(measuring, measured, titrates),
    (Operation.REPOSITIONED, "locked"): after(
        moved, without_contact, sealed(Operation.REPOSITIONED)
    ),
}
