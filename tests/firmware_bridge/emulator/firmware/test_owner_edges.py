"""Owners and apps at their edges: numbers, dates, pages, what a former owner leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose.reasons import ReasonCode
from shared.trust import sign1
from shared.trust.statements import (
    Certificate,
    Control,
    GateAnswers,
    GateOutcome,
    HoldKind,
    HoldSource,
    PlaceHold,
    Purpose,
    Transfer,
)
from shared.wire.operations import (
    Answer,
    BlobKind,
    HelloResult,
    NoncePurpose,
    Operation,
    StatusCode,
)
from shared.wire.records import (
    HoldPlacedBody,
)
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.firmware_bridge.emulator.firmware.test_hold_ends import app_holds
from tests.firmware_bridge.emulator.firmware.test_owners import (
    another_clinic,
    let_go,
    note,
    offer_patient,
    reset,
)
from tests.firmware_bridge.emulator.firmware.test_recovery import log_of, reopened_with
from tests.shared.clinic import (
    CLINIC_ID,
    DAY_S,
    DEVICE_ID,
    NOW_S,
    PATIENT_ID,
    itbs,
)
from tests.shared.prescribed import titration

FINISH = "firmware_bridge.emulator.firmware.owners.Owners.finish_reset"


def now_s(band: Band) -> int:
    return NOW_S + band.now_ms // 1000


def pages(band: Band) -> set[str]:
    """The slots of ownership in which something stands."""
    kinds = ("owner", "app", "prescription", "titration")
    names = {f"{kind}-{slot}" for kind in kinds for slot in range(4)}
    return {name for name in names if band.board.flash.read_page(name)}


# Owners


def test_a_band_of_nobody_says_so(new_band: Band) -> None:
    hello: HelloResult = new_band.must(Operation.HELLO)
    assert (hello.epoch, hello.provisioned, hello.initials) == (bytes(16), False, None)
    assert (hello.app_key_id, hello.control_key_id, hello.head_number) == (None, None, 0)
    assert code(app_holds(new_band)) == "not_provisioned"
    for operation in (Operation.RESET, Operation.RETIRE, Operation.INSTALL):
        answer = new_band.ask(operation)
        assert (answer.status, code(answer)) == (StatusCode.NOT_PROVISIONED, "not_provisioned")


@pytest.mark.parametrize("root", ["clinic_root", "recovery_root"])
def test_a_transfer_to_roots_that_are_no_keys_is_refused(new_band: Band, root: str) -> None:
    clinic = new_band.clinic
    plain = Transfer(
        CLINIC_ID, clinic.root.public_key.data, clinic.recovery.public_key.data, 1, True
    )
    wrong: dict[str, Any] = {root: b"\x02" + b"\xff" * 32}
    transfer = sign1.sign(replace(plain, **wrong), audience=DEVICE_ID, signer=clinic.manufacturer)
    assert code(new_band.offer_owner(clinic, transfer, clinic.assignment())) == "trust_key"


def take_patient(band: Band, patient_id: bytes, *, number: int) -> None:
    let_go(band)
    assert code(offer_patient(band, patient_id, number=number)) == "press_the_button"
    band.press()
    assert band.firmware.ledger.patient_id == patient_id


def enrol_for(band: Band, patient_id: bytes, *, number: int) -> Answer:
    enrolment = band.clinic.enrolment(number=number, patient_id=patient_id)
    band.blob(BlobKind.ENROLMENT, enrolment)
    band.blob(BlobKind.CERTIFICATE, band.clinic.certificate(Purpose.ENROLMENT))
    return band.ask(Operation.AUTHORIZE_APP)


def test_no_enrolment_comes_again_after_two_owners_without_one(band: Band) -> None:
    take_patient(band, b"1" * 16, number=2)
    take_patient(band, b"2" * 16, number=3)
    assert code(enrol_for(band, b"2" * 16, number=1)) == "enrolment_not_newer"
    assert granted(enrol_for(band, b"2" * 16, number=2))


def test_another_clinics_numbers_begin_at_one(band: Band) -> None:
    elsewhere = another_clinic(band)
    let_go(band)
    transfer = elsewhere.transfer(number=2)
    answer = band.offer_owner(elsewhere, transfer, elsewhere.assignment())
    assert code(answer) == "press_the_button"
    band.press()
    band.clinic = elsewhere
    assert granted(enrol_for(band, PATIENT_ID, number=1))


def test_a_former_owners_pages_are_wiped_and_bonds_forgotten_once(
    owned_band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slot in range(3):
        owned_band.board.flash.lose_page(f"app-{slot}")
    owned_band.reboot()
    with monkeypatch.context() as patch:
        patch.setattr(FINISH, lambda _: None)
        assert granted(reset(owned_band))
    assert len(pages(owned_band)) == 2
    forgotten: list[bool] = []

    def listen(core: Any) -> None:
        core.on_forget_bonds = note(forgotten)

    for _ in range(2):
        owned_band.power_cut()
        owned_band.power_on(before_boot=listen)
        assert forgotten == [True]
        assert len(pages(owned_band)) == 1


def test_a_former_owners_keys_alone_are_wiped_too(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(FINISH, lambda _: None)
        assert granted(reset(band))
    band.board.flash.lose_page("owner-0")
    assert pages(band) == {"owner-1", "app-0", "prescription-0"}
    band.reboot()
    assert pages(band) == {"owner-1"}


def test_pages_stand_in_slots_of_their_names(band: Band) -> None:
    assert pages(band) == {"owner-0", "app-0", "prescription-0"}
    assert granted(band.install(titration(itbs())))
    assert "titration-0" in pages(band)


def test_each_next_page_spares_the_one_in_force(band: Band) -> None:
    for serial in (2, 3, 4):
        named = band.firmware.status().prescription_hash
        following = itbs(serial=serial, replaces_hash=named, new_course=False)
        with band.power_cut_before_next_record():
            band.install(following)
        assert band.firmware.status().prescription_hash == named
        assert granted(band.install(following))
    band.reboot()
    assert band.firmware.status().serial == 4
    assert ReasonCode.NO_PRESCRIPTION not in band.reasons


@pytest.mark.parametrize("page", ["prescription-0", "titration-0"])
def test_a_page_that_is_lost_is_in_force_no_more(band: Band, page: str) -> None:
    assert granted(band.install(titration(itbs())))
    band.board.flash.lose_page(page)
    band.reboot()
    known = band.firmware._ownership
    assert (known.prescription_hash is None) is (page == "prescription-0")
    assert (known.titration_hash is None) is (page == "titration-0")
    assert band.firmware.status().prescription_hash == known.prescription_hash


# Apps


@pytest.mark.parametrize(
    ("from_s", "until_s", "said"),
    [(0, 1, None), (1, 2, "enrolment_expired"), (-1, 0, "enrolment_expired"), (-1, 1, None)],
)
def test_an_enrolment_is_valid_from_its_first_second_to_before_its_last(
    owned_band: Band, from_s: int, until_s: int, said: str | None
) -> None:
    at_s = now_s(owned_band)
    enrolment = owned_band.clinic.enrolment(
        number=2, not_before_s=at_s + from_s, not_after_s=at_s + until_s
    )
    owned_band.blob(BlobKind.ENROLMENT, enrolment)
    owned_band.blob(BlobKind.CERTIFICATE, owned_band.clinic.certificate(Purpose.ENROLMENT))
    answer = owned_band.ask(Operation.AUTHORIZE_APP)
    assert (code(answer) if said else None) == said
    assert said or granted(answer)


def test_where_no_app_is_enrolled_that_is_said(new_band: Band) -> None:
    clinic = new_band.clinic
    new_band.offer_owner(clinic, clinic.transfer(), clinic.assignment())
    new_band.press()
    answer = app_holds(new_band)
    assert (answer.status, code(answer)) == (StatusCode.NOT_TRUSTED, "no_app")


def test_an_app_that_is_enrolled_already_is_enrolled_once(band: Band) -> None:
    count = len(band.records)
    assert granted(band.enrol(band.clinic.app, number=1))
    assert len(band.records) == count
    control = Control(band.nonce(NoncePurpose.CONTROL), PATIENT_ID, True)
    assert granted(band.app_says(Operation.TAKE_CONTROL, control))
    assert len(band.records) == count, "it has control already"


def test_a_reason_to_hold_is_named_where_there_is_one(band: Band) -> None:
    for reason, named in ((None, "screening:"), ("fever", "screening:fever")):
        nonce = band.nonce(NoncePurpose.GATE_ANSWERS)
        said = GateAnswers(nonce, PATIENT_ID, 1, GateOutcome.HOLD, 0, reason)
        assert granted(band.app_says(Operation.GATE_ANSWERS, said))
        held = band.bodies(HoldPlacedBody)[-1]
        assert (held.reason, held.number) == (named, 0)
        assert (held.kind, held.source) == (HoldKind.SAFETY, HoldSource.DEVICE)
        assert len(set(held.hold_id)) > 1


def test_a_hold_by_a_key_whose_certificate_has_ended_counts_for_nothing(band: Band) -> None:
    key = band.clinic.online[Purpose.HOLD]
    ended = Certificate(Purpose.HOLD, key.public_key.data, "hold", NOW_S - DAY_S, NOW_S - 1)
    hold = PlaceHold(b"h" * 16, HoldKind.SAFETY, HoldSource.CLOUD, "rule", 1)
    answer = band.says(Operation.PLACE_HOLD, hold, key, band.clinic.certify(ended))
    assert code(answer) == "trust_expired"
    band.board.clock.break_supply()
    assert granted(band.says(Operation.PLACE_HOLD, hold, key, band.clinic.certify(ended)))


def test_an_owner_whose_record_was_never_written_comes_by_no_later_one(band: Band) -> None:
    let_go(band)
    offer_patient(band)
    with band.power_cut_before_next_record():
        band.press()
    assert len([page for page in pages(band) if page.startswith("owner")]) == 1
    for _ in range(3):
        band.place_hold(number=len(band.records))
        band.reboot()
    assert band.firmware._ownership.require_owner().patient_id == PATIENT_ID
    assert band.firmware.ledger.patient_id == PATIENT_ID


def test_where_records_are_missing_no_owners_page_is_wiped(band: Band) -> None:
    """What is left tells whose it was: it stays, as all does on a log that is sealed."""
    before = log_of(band).read_bytes()
    take_patient(band, b"1" * 16, number=2)
    band.head()
    kept = {page for page in pages(band) if page.startswith("owner")}
    assert len(kept) == 2
    reopened_with(band, before)
    assert band.firmware.fault == "ledger_behind_counter"
    assert {page for page in pages(band) if page.startswith("owner")} == kept
