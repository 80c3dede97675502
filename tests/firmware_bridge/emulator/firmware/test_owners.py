"""R23: another patient, another clinic, reset, retired: what goes with the owner, what stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose.reasons import ReasonCode
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.staff_words import HandOver, HandOverPurpose
from shared.trust.statements import (
    HoldKind,
    HoldSource,
    LedgerHead,
    PlaceHold,
    Purpose,
    Scope,
)
from shared.wire.operations import Answer, BlobKind, HeadArguments, Operation, StatusCode
from shared.wire.records import (
    BootBody,
    ProvisionedBody,
    ResetBody,
    RetiredBody,
    SliceReservedBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.shared.clinic import CLINIC_ID, DEVICE_ID, PATIENT_ID, Clinic, itbs

OTHER_PATIENT = b"other patient 16"
HOUR_MS = 3_600_000


def hand_over(band: Band, purpose: HandOverPurpose, **changed: Any) -> HandOver:
    head = band.head()
    word = HandOver(DEVICE_ID, head.epoch, head.number, head.hash, purpose)
    return replace(word, **changed)


def let_go(band: Band, **changed: Any) -> None:
    band.staff_blob(hand_over(band, HandOverPurpose.ANOTHER_OWNER, **changed))


def offer_patient(band: Band, patient_id: bytes = OTHER_PATIENT, *, number: int = 2) -> Answer:
    assignment = band.clinic.assignment(patient_id=patient_id, number=number)
    return band.offer_owner(band.clinic, None, assignment)


def another_clinic(band: Band) -> Clinic:
    return Clinic(manufacturer=band.clinic.manufacturer, clinic_id=b"elsewhere")


def reset(band: Band, **changed: Any) -> Answer:
    return band.staff_says(Operation.RESET, hand_over(band, HandOverPurpose.RESET, **changed))


def retire(band: Band, **changed: Any) -> Answer:
    return band.staff_says(Operation.RETIRE, hand_over(band, HandOverPurpose.RETIRE, **changed))


def treated(band: Band) -> None:
    band.start()
    band.run(itbs().session_ms + 1000, beat=True)
    assert band.fired == 600


class TestAnotherPatient:
    """The same clinic, another of its patients."""

    def test_with_the_present_heads_word_and_the_button_it_changes_hands(self, band: Band) -> None:
        count = len(band.records)
        let_go(band)
        assert code(offer_patient(band)) == "press_the_button"
        assert band.firmware.ledger.patient_id == PATIENT_ID
        band.press()
        assert band.firmware.ledger.patient_id == OTHER_PATIENT
        assert len(band.records) == count + 1
        assert band.bodies(ProvisionedBody)[-1].patient_id == OTHER_PATIENT
        assert len(band.bodies(BootBody)) == 1
        band.reboot()
        assert band.firmware.fault is None
        assert band.firmware.ledger.patient_id == OTHER_PATIENT

    def test_nothing_of_the_former_patient_is_in_force(self, band: Band) -> None:
        let_go(band)
        offer_patient(band)
        band.press()
        assert band.firmware.status().prescription_hash is None
        assert band.reasons >= {ReasonCode.NO_PRESCRIPTION}
        assert code(band.arm()) == "no_app"
        assert code(band.install(itbs(serial=2, replaces_hash=None))) == "other_patient"
        theirs = itbs(patient_id=OTHER_PATIENT, replaces_hash=None)
        assert code(band.install(theirs)) == "serial_taken"
        assert granted(band.install(replace(theirs, serial=2)))

    def test_the_devices_ceilings_and_spacing_stay(self, band: Band) -> None:
        treated(band)
        before = band.firmware.ledger
        let_go(band)
        offer_patient(band)
        band.press()
        after = band.firmware.ledger
        assert after.ceilings == before.ceilings
        assert after.total_pulses == before.total_pulses == 600
        assert after.last_pulse_ms == before.last_pulse_ms
        assert after.counter == before.counter + 1

    def test_who_gets_it_back_the_same_day_is_locked_as_before(self, band: Band) -> None:
        treated(band)
        before = band.firmware.ledger
        let_go(band)
        offer_patient(band)
        band.press()
        let_go(band)
        offer_patient(band, PATIENT_ID, number=3)
        band.press()
        after = band.firmware.ledger
        assert after.patient_id == PATIENT_ID
        assert after.windows == before.windows
        assert after.last_session_pulse_ms == before.last_session_pulse_ms

    def test_an_enrolment_of_before_is_not_newer(self, band: Band) -> None:
        let_go(band)
        offer_patient(band, PATIENT_ID, number=3)
        band.press()
        assert code(band.enrol(band.clinic.app, number=1)) == "enrolment_not_newer"
        assert granted(band.enrol(band.clinic.app, number=2))

    def test_without_a_word_it_stays_whose_it_is(self, band: Band) -> None:
        assert code(offer_patient(band)) == "already_provisioned"

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"device_id": b"x" * 16}, "other_device"),
            ({"epoch": b"x" * 16}, "head_not_current"),
            ({"head_hash": bytes(32)}, "head_not_current"),
            ({"head_number": 1}, "head_not_current"),
        ],
    )
    def test_a_word_over_something_else_is_refused(
        self, band: Band, changed: dict[str, Any], why: str
    ) -> None:
        let_go(band, **changed)
        assert code(offer_patient(band)) == why

    def test_a_word_for_something_else_is_refused(self, band: Band) -> None:
        band.staff_blob(hand_over(band, HandOverPurpose.RESET))
        assert code(offer_patient(band)) == "hand_over_otherwise"

    def test_a_word_of_before_the_newest_record_is_refused(self, band: Band) -> None:
        let_go(band)
        band.clear()
        assert code(offer_patient(band)) == "head_not_current"

    def test_a_record_between_word_and_button_needs_another_word(self, band: Band) -> None:
        let_go(band)
        offer_patient(band)
        band.clear()
        band.press()
        assert band.firmware.ledger.patient_id == PATIENT_ID

    def test_only_a_prescriber_lets_go(self, band: Band) -> None:
        word = hand_over(band, HandOverPurpose.ANOTHER_OWNER)
        band.staff_blob(word, scopes=(Scope.LIFT_HOLD, Scope.SUPERVISE))
        assert code(offer_patient(band)) == "trust_scope"

    def test_a_replayed_assignment_is_refused(self, band: Band) -> None:
        let_go(band)
        assert code(offer_patient(band, number=1)) == "assignment_not_newer"

    def test_the_button_has_a_minute(self, band: Band) -> None:
        let_go(band)
        offer_patient(band)
        band.skip(60_000)
        band.press()
        assert band.firmware.ledger.patient_id == PATIENT_ID

    def test_while_held_it_stays_whose_it_is(self, band: Band) -> None:
        band.place_hold()
        let_go(band)
        assert code(offer_patient(band)) == "holds_open"

    def test_a_rest_hold_keeps_nobody(self, band: Band) -> None:
        hold = PlaceHold(b"a" * 16, HoldKind.REST, HoldSource.APP, "patient", 0)
        band.app_says(Operation.PLACE_HOLD, hold)
        let_go(band)
        assert code(offer_patient(band)) == "press_the_button"

    def test_while_armed_it_stays_whose_it_is(self, band: Band) -> None:
        let_go(band)
        band.arm()
        assert code(offer_patient(band)) == "not_idle"

    def test_a_press_while_armed_is_no_agreement(self, band: Band) -> None:
        let_go(band)
        offer_patient(band)
        band.start()
        assert band.firmware.ledger.patient_id == PATIENT_ID
        assert band.state is DeviceState.STIMULATING

    def test_a_power_cut_between_page_and_record_leaves_it_whose_it_is(self, band: Band) -> None:
        let_go(band)
        offer_patient(band)
        with band.power_cut_before_next_record():
            band.press()
        assert band.firmware.fault is None
        assert band.firmware.ledger.patient_id == PATIENT_ID
        band.answer_gates()
        assert band.arm().status is StatusCode.OK
        band.must(Operation.STOP)
        band.reboot()
        assert code(offer_patient(band)) == "already_provisioned"


class TestAnotherClinic:
    """The maker's transfer with a higher number, and the present clinic's word."""

    def give(self, band: Band, clinic: Clinic, *, number: int = 2) -> Answer:
        return band.offer_owner(clinic, clinic.transfer(number=number), clinic.assignment())

    def test_it_goes_on_to_another_clinic_whose_numbers_begin_anew(self, band: Band) -> None:
        band.server_says(
            Operation.PLACE_HOLD,
            PlaceHold(b"a" * 16, HoldKind.REST, HoldSource.CLOUD, "rule", 1),
            Purpose.HOLD,
        )
        band.skip(72 * HOUR_MS)
        let_go(band)
        clinic = another_clinic(band)
        assert code(self.give(band, clinic)) == "press_the_button"
        band.press()
        assert band.bodies(ProvisionedBody)[-1].another_clinic
        band.clinic = clinic
        assert granted(band.place_hold(number=1))
        assert granted(band.enrol(clinic.app, number=1))
        band.reboot()
        assert band.firmware.fault is None

    def test_the_former_clinic_commands_no_more(self, band: Band) -> None:
        let_go(band)
        self.give(band, another_clinic(band))
        band.press()
        for answer in (
            band.place_hold(),
            band.clear(),
            band.install(itbs(serial=2, replaces_hash=None)),
        ):
            assert code(answer) == "trust_audience"

    def test_a_transfer_of_before_is_refused(self, band: Band) -> None:
        let_go(band)
        answer = self.give(band, another_clinic(band), number=1)
        assert code(answer) == "transfer_not_newer"

    def test_without_the_present_clinics_word_it_stays(self, band: Band) -> None:
        assert code(self.give(band, another_clinic(band))) == "already_provisioned"

    def test_another_makers_transfer_is_refused(self, band: Band) -> None:
        let_go(band)
        assert code(self.give(band, Clinic(clinic_id=b"elsewhere"))) == "trust_issuer"


class TestReset:
    """Keys, bonds and names go; numbers, totals and ceilings stay."""

    def test_it_belongs_to_nobody_and_the_record_goes_on(self, band: Band) -> None:
        treated(band)
        before = band.firmware.ledger
        epoch = band.head().epoch
        band.firmware.on_forget_bonds = lambda: forgotten.append(True)
        forgotten: list[bool] = []
        assert granted(reset(band))
        assert band.state is DeviceState.UNPROVISIONED
        assert forgotten == [True]
        band.reboot()
        assert band.firmware.fault is None
        assert band.state is DeviceState.UNPROVISIONED
        after = band.firmware.ledger
        assert (after.serial, after.total_pulses) == (before.serial, before.total_pulses)
        assert (after.ceilings, after.counter) == (before.ceilings, before.counter)
        assert band.bodies(ResetBody)
        hello = band.must(Operation.HELLO)
        assert (hello.provisioned, hello.initials, hello.app_key_id) == (False, None, None)
        assert hello.epoch == epoch

    def test_nothing_but_reads_works(self, band: Band) -> None:
        reset(band)
        assert code(band.place_hold()) == "not_provisioned"
        assert band.install().status is StatusCode.NOT_PROVISIONED
        assert band.arm().status is StatusCode.NOT_PROVISIONED
        assert band.must(Operation.HEAD, HeadArguments(bytes(16)))

    def test_names_and_keys_are_gone_from_the_pages(self, band: Band) -> None:
        reset(band)
        read = band.board.flash.read_page
        kept = [name for name in ("app-0", "app-1", "app-2", "prescription-0") if read(name)]
        assert kept == []
        assert b"T.P." not in (read("owner-0") or b"") + (read("owner-1") or b"")

    def test_the_same_clinic_takes_it_again_by_the_same_transfer_and_a_new_assignment(
        self, band: Band
    ) -> None:
        reset(band)
        clinic = band.clinic
        old = band.offer_owner(clinic, band.first_transfer, clinic.assignment())
        assert code(old) == "assignment_not_newer"
        answer = band.offer_owner(clinic, band.first_transfer, clinic.assignment(number=2))
        assert code(answer) == "press_the_button"
        band.press()
        assert band.state is DeviceState.IDLE
        assert code(band.install(itbs())) == "serial_taken"

    def test_another_transfer_with_the_same_number_is_refused(self, band: Band) -> None:
        reset(band)
        clinic = another_clinic(band)
        answer = band.offer_owner(clinic, clinic.transfer(), clinic.assignment())
        assert code(answer) == "transfer_not_newer"

    def test_another_clinic_takes_it_by_a_newer_transfer(self, band: Band) -> None:
        reset(band)
        clinic = another_clinic(band)
        assert (
            code(band.offer_owner(clinic, clinic.transfer(number=2), clinic.assignment()))
            == "press_the_button"
        )
        band.press()
        assert band.bodies(ProvisionedBody)[-1].another_clinic

    def test_the_same_patient_goes_on_where_they_were(self, band: Band) -> None:
        treated(band)
        reset(band)
        clinic = band.clinic
        band.offer_owner(clinic, band.first_transfer, clinic.assignment(number=2))
        band.press()
        now_ms = band.firmware.status().proven_ms
        assert band.firmware.ledger.windows.within(20 * HOUR_MS, now_ms).pulses == 600
        assert band.firmware.ledger.last_session is not None

    def test_it_needs_a_prescriber_over_the_present_head(self, band: Band) -> None:
        assert code(band.ask(Operation.RESET)) == "no_staff_word"
        assert code(reset(band, head_hash=bytes(32))) == "head_not_current"
        word = hand_over(band, HandOverPurpose.RESET)
        assert code(band.staff_says(Operation.RESET, word, scopes=())) == "trust_scope"
        band.place_hold()
        assert code(reset(band)) == "holds_open"
        assert band.state is DeviceState.IDLE

    def test_while_armed_it_is_refused(self, band: Band) -> None:
        band.arm()
        assert code(reset(band)) == "not_idle"

    def test_a_power_cut_before_its_record_resets_nothing(self, band: Band) -> None:
        word = hand_over(band, HandOverPurpose.RESET)
        with band.power_cut_before_next_record():
            band.staff_says(Operation.RESET, word)
        assert band.state is DeviceState.IDLE
        assert band.firmware.fault is None
        band.answer_gates()
        assert band.reasons == set()

    def test_a_power_cut_behind_its_record_is_made_good_at_the_next_boot(
        self, band: Band, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        forgotten: list[bool] = []
        with monkeypatch.context() as patch:
            patch.setattr("firmware_bridge.emulator.firmware.owners.Owners.finish_reset", _nothing)
            reset(band)
        assert band.board.flash.read_page("prescription-0")
        band.power_cut()
        band.power_on(before_boot=lambda core: setattr(core, "on_forget_bonds", note(forgotten)))
        assert forgotten == [True]
        assert not band.board.flash.read_page("prescription-0")
        band.reboot()
        assert band.state is DeviceState.UNPROVISIONED


def _nothing(_: Any) -> None:
    """Do nothing."""


def note(heard: list[bool]) -> Any:
    return lambda: heard.append(True)


class TestRetire:
    """Out of use: its last head is signed, and nothing but reads works."""

    def test_its_last_head_says_so_and_can_be_had_again(self, band: Band) -> None:
        answer = retire(band)
        assert granted(answer)
        head = sign1.verify(
            LedgerHead, answer.result.head, audience=CLINIC_ID, key=band.device_key.public_key
        )
        assert (head.retired, head.number) == (True, len(band.records))
        assert band.bodies(RetiredBody)
        band.reboot()
        assert band.head().retired

    def test_nothing_but_reads_works(self, band: Band) -> None:
        retire(band)
        assert band.state is DeviceState.UNPROVISIONED
        assert code(band.place_hold()) == "retired"
        assert band.arm().status is StatusCode.NOT_PROVISIONED
        band.run(10_000)
        assert not band.bodies(SliceReservedBody)

    def test_only_a_newer_transfer_brings_it_back(self, band: Band) -> None:
        retire(band)
        clinic, assignment = band.clinic, band.clinic.assignment(number=2)
        again = band.offer_owner(clinic, band.first_transfer, assignment)
        assert code(again) == "transfer_not_newer"
        newer = band.offer_owner(clinic, clinic.transfer(number=2), assignment)
        assert code(newer) == "press_the_button"
        band.press()
        assert band.state is DeviceState.IDLE
        assert not band.head().retired

    def test_held_it_may_still_retire(self, band: Band) -> None:
        band.place_hold()
        assert granted(retire(band))
        assert band.firmware.ledger.holds

    def test_a_faulty_band_may_retire(self, band: Band) -> None:
        band.board.coil.miscount(1)
        band.start()
        band.run(20_000, beat=True)
        assert band.state is DeviceState.FAULT
        assert granted(retire(band))

    def test_it_needs_a_prescriber_over_the_present_head(self, band: Band) -> None:
        assert code(retire(band, head_number=1)) == "head_not_current"
        word = hand_over(band, HandOverPurpose.RESET)
        assert code(band.staff_says(Operation.RETIRE, word)) == "hand_over_otherwise"
        word = hand_over(band, HandOverPurpose.RETIRE)
        stranger = SoftwareKey.generate()
        band.clinic.root, root = stranger, band.clinic.root
        assert code(band.staff_says(Operation.RETIRE, word)) == "trust_issuer"
        band.clinic.root = root

    def test_while_armed_it_is_refused(self, band: Band) -> None:
        band.arm()
        assert code(retire(band)) == "not_idle"


class TestReleased:
    """R25, R30: a released band takes no demo clinic."""

    def offer(self, band: Band, clinic: Clinic) -> Answer:
        return band.offer_owner(clinic, clinic.transfer(), clinic.assignment())

    def test_a_demo_clinic_is_refused_and_a_real_one_is_not(self, new_band: Band) -> None:
        new_band.board.fuse.release()
        assert code(self.offer(new_band, new_band.clinic)) == "demo_owner"
        real = Clinic(demo=False, manufacturer=new_band.clinic.manufacturer)
        assert code(self.offer(new_band, real)) == "press_the_button"

    def test_released_later_it_works_for_no_demo_clinic_that_it_had(self, band: Band) -> None:
        band.board.fuse.release()
        band.reboot()
        assert band.firmware.fault == "demo_owner"
        assert band.state is DeviceState.FAULT


def test_a_first_owner_needs_no_word_but_the_blobs(new_band: Band) -> None:
    assert code(new_band.ask(Operation.PROVISION)) == "no_transfer"
    new_band.blob(BlobKind.TRANSFER, new_band.clinic.transfer())
    assert code(new_band.ask(Operation.PROVISION)) == "no_certificate"
