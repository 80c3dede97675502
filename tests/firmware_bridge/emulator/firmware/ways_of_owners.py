"""Ways to refusals about owners, apps and prescriptions: each brings the band to where an
operation refuses with a code of its own, and asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from shared.dose.changes import Issue, amend
from shared.dose.prescription import Prescription
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.staff_words import HandOverPurpose
from shared.trust.statements import (
    Control,
    Purpose,
    Transfer,
)
from shared.wire.operations import (
    Answer,
    BlobKind,
    HeadArguments,
    NoncePurpose,
    Operation,
)
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.test_install import TestReplacement as Replacing
from tests.firmware_bridge.emulator.firmware.test_owners import (
    hand_over,
    let_go,
    offer_patient,
    reset,
    retire,
)
from tests.shared.clinic import DAY_S, DEVICE_ID, NOW_S, PATIENT_ID, itbs

ELSEWHERE = b"somebody else 16"
HOUR_MS = 3_600_000
BLOB = b"a blob"
Way = Callable[[Band], Answer]


def after(*steps: Callable[[Band], Any]) -> Way:
    """Do one thing after the other; the last one's answer counts."""

    def done(band: Band) -> Answer:
        for step in steps[:-1]:
            step(band)
        answer: Answer = steps[-1](band)
        return answer

    return done


def asking(operation: Operation, arguments: Any = None) -> Way:
    return lambda band: band.ask(operation, arguments)


def clock_lost(band: Band) -> None:
    band.board.clock.break_supply()


# Owners


def failed(band: Band) -> None:
    band.firmware.part_failed()


def transferred(band: Band, **changed: Any) -> None:
    clinic = band.clinic
    plain = Transfer(
        clinic.clinic_id, clinic.root.public_key.data, clinic.recovery.public_key.data, 1, False
    )
    said = replace(plain, **changed)
    band.blob(BlobKind.TRANSFER, sign1.sign(said, audience=DEVICE_ID, signer=clinic.manufacturer))


def provides_certificate(band: Band) -> None:
    band.blob(BlobKind.CERTIFICATE, band.clinic.certificate(Purpose.ENROLMENT))


def released(band: Band) -> None:
    band.board.fuse.release()


PROVISION = asking(Operation.PROVISION)
OWNERS: dict[tuple[Operation, str], Way] = {
    (Operation.PROVISION, "out_of_service"): after(failed, PROVISION),
    (Operation.PROVISION, "holds_open"): after(Band.place_hold, let_go, PROVISION),
    (Operation.PROVISION, "already_provisioned"): PROVISION,
    (Operation.PROVISION, "other_device"): after(
        lambda band: let_go(band, device_id=ELSEWHERE), PROVISION
    ),
    (Operation.PROVISION, "hand_over_otherwise"): after(
        lambda band: band.staff_blob(hand_over(band, HandOverPurpose.RESET)), PROVISION
    ),
    (Operation.PROVISION, "head_not_current"): after(
        lambda band: let_go(band, head_number=1), PROVISION
    ),
    (Operation.PROVISION, "transfer_not_newer"): after(let_go, transferred, PROVISION),
    (Operation.PROVISION, "no_certificate"): after(let_go, PROVISION),
    (Operation.PROVISION, "no_assignment"): after(let_go, provides_certificate, PROVISION),
    (Operation.PROVISION, "assignment_not_newer"): after(
        let_go, lambda band: offer_patient(band, number=1)
    ),
    (Operation.PROVISION, "press_the_button"): after(let_go, offer_patient),
    (Operation.HEAD, "not_provisioned"): asking(Operation.HEAD, HeadArguments(bytes(16))),
    (Operation.PROVISION, "no_transfer"): PROVISION,
    (Operation.PROVISION, "demo_owner"): after(
        released, lambda band: transferred(band, demo=True), PROVISION
    ),
}
Leave = Callable[..., Answer]


def leaving(operation: Operation, leave: Leave) -> dict[tuple[Operation, str], Way]:
    """Return the ways to what RESET and RETIRE refuse alike."""

    def otherwise(band: Band) -> Answer:
        return band.staff_says(operation, hand_over(band, HandOverPurpose.ANOTHER_OWNER))

    return {
        (operation, "no_staff_word"): asking(operation),
        (operation, "other_device"): partial(leave, device_id=ELSEWHERE),
        (operation, "hand_over_otherwise"): otherwise,
        (operation, "head_not_current"): partial(leave, head_hash=bytes(32)),
    }


LEAVING: dict[tuple[Operation, str], Way] = {
    **leaving(Operation.RESET, reset),
    **leaving(Operation.RETIRE, retire),
    (Operation.RESET, "holds_open"): after(Band.place_hold, reset),
}

# Apps


def enrolled(number: int = 2, **changed: Any) -> Way:
    def offer(band: Band) -> Answer:
        band.blob(BlobKind.ENROLMENT, band.clinic.enrolment(number=number, **changed))
        provides_certificate(band)
        return band.ask(Operation.AUTHORIZE_APP)

    return offer


def with_enrolment_alone(band: Band) -> Answer:
    band.blob(BlobKind.ENROLMENT, band.clinic.enrolment(number=2))
    return band.ask(Operation.AUTHORIZE_APP)


def controls(operation: Operation, *, take: bool, patient_id: bytes = PATIENT_ID) -> Way:
    return lambda band: band.app_says(
        operation, Control(band.nonce(NoncePurpose.CONTROL), patient_id, take)
    )


APPS: dict[tuple[Operation, str], Way] = {
    (Operation.AUTHORIZE_APP, "no_enrolment"): asking(Operation.AUTHORIZE_APP),
    (Operation.AUTHORIZE_APP, "no_certificate"): with_enrolment_alone,
    (Operation.AUTHORIZE_APP, "clock_not_trusted"): after(clock_lost, enrolled()),
    (Operation.AUTHORIZE_APP, "other_patient"): enrolled(patient_id=ELSEWHERE),
    (Operation.AUTHORIZE_APP, "enrolment_expired"): enrolled(not_after_s=NOW_S - 1),
    (Operation.AUTHORIZE_APP, "enrolment_not_newer"): enrolled(
        1, app_key=SoftwareKey.generate().public_key.data
    ),
    (Operation.AUTHORIZE_APP, "enrolment_not_next"): enrolled(1_002),
    (Operation.TAKE_CONTROL, "other_patient"): controls(
        Operation.TAKE_CONTROL, take=True, patient_id=ELSEWHERE
    ),
    (Operation.TAKE_CONTROL, "control_otherwise"): controls(Operation.TAKE_CONTROL, take=False),
    (Operation.RELEASE_CONTROL, "other_patient"): controls(
        Operation.RELEASE_CONTROL, take=False, patient_id=ELSEWHERE
    ),
    (Operation.RELEASE_CONTROL, "control_otherwise"): controls(
        Operation.RELEASE_CONTROL, take=True
    ),
}

# Prescriptions


def following(**changed: Any) -> Prescription:
    """The next serial after the treatment in force."""
    return amend(itbs(), Issue(2, NOW_S, NOW_S + DAY_S), **changed)


def installs(prescription: Prescription) -> Way:
    return lambda band: band.install(prescription)


def junk(band: Band) -> Answer:
    band.blob(BlobKind.PRESCRIPTION, b"junk")
    return band.ask(Operation.INSTALL)


def forgets_a_charge(band: Band) -> Answer:
    old = Replacing()
    band.install(old.replacing(in_clinics_hands=True))
    less = old.replacing(in_clinics_hands=True, opening=old.opening(course_pulses=5_999))
    named = band.firmware.status().prescription_hash
    return band.install(replace(less, serial=2, replaces_hash=named))


def names_a_head(band: Band) -> Answer:
    old = Replacing()
    named = sign1.name_of(old.final_head())
    return band.install(old.replacing(final_head_hash=named))


def with_head_alone(band: Band) -> Answer:
    band.blob(BlobKind.FINAL_HEAD, Replacing().final_head())
    return names_a_head(band)


def with_another_head(band: Band) -> Answer:
    old = Replacing()
    old.final = old.final_head()
    return old.give(band, old.final_head(number=10), old.device_certificate(band))


PRESCRIPTIONS: dict[tuple[Operation, str], Way] = {
    (Operation.INSTALL, why): way
    for why, way in {
        "no_prescription": asking(Operation.INSTALL),
        "prescription_unreadable": junk,
        "clock_not_trusted": after(clock_lost, installs(following())),
        "other_device": installs(following(device_id=ELSEWHERE)),
        "other_patient": installs(following(patient_id=ELSEWHERE)),
        "other_clinic": installs(following(clinic_id=b"elsewhere")),
        "already_installed": installs(itbs()),
        "serial_taken": installs(replace(following(), serial=1)),
        "serial_not_next": installs(replace(following(), serial=1_002)),
        "replaces_another": installs(following(replaces_hash=None)),
        "course_not_opened": installs(following(course_id=ELSEWHERE)),
        "install_by_passed": installs(
            replace(following(), issued_s=NOW_S - 2, install_by_s=NOW_S - 1)
        ),
        "issued_in_the_future": installs(replace(following(), issued_s=NOW_S + 601)),
        "other_coil": installs(following(coil="H1")),
        "outside_envelope": installs(following(beat_limit_ms=5_001)),
        "opening_below_course": forgets_a_charge,
        "no_final_head": names_a_head,
        "no_device_certificate": with_head_alone,
        "not_the_final_head": with_another_head,
        "old_device_at_large": lambda band: band.install(Replacing().replacing()),
        "record_too_long": lambda band: band.install(Replacing().replacing(in_clinics_hands=True)),
        "catalogue_not_accepted": installs(itbs()),
    }.items()
}
