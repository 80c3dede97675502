"""R9, R15, R16, R22: what app and staff say around a session, and which app may command."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose.reasons import ReasonCode
from shared.trust.keys import SoftwareKey
from shared.trust.staff_words import Supervise
from shared.trust.statements import (
    Control,
    Gate,
    GateAnswers,
    GateOutcome,
    Postpone,
    Purpose,
    Receipt,
    Scope,
    SideEffectAnswers,
    TrainingDone,
)
from shared.wire.operations import Answer, NoncePurpose, Operation
from shared.wire.records import (
    CloseCause,
    ControlTakenBody,
    HoldPlacedBody,
    PostponedBody,
    SessionClosedBody,
    SideEffectAnswersBody,
    SupervisedBody,
    TrainingDoneBody,
)
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.shared.clinic import DEVICE_ID, PATIENT_ID, itbs

HOUR_MS = 3_600_000
OTHER = SoftwareKey.generate()


@pytest.fixture
def gated(owned_band: Band) -> Band:
    """A band whose prescription asks for everything that it can."""
    assert granted(owned_band.install(itbs(gates=tuple(Gate))))
    owned_band.clear()
    return owned_band


def answer(
    band: Band,
    *confirmed: Gate,
    outcome: GateOutcome = GateOutcome.PASS,
    app: SoftwareKey | None = None,
    patient_id: bytes = PATIENT_ID,
) -> Answer:
    nonce = band.nonce(NoncePurpose.GATE_ANSWERS)
    said = GateAnswers(nonce, patient_id, 1, outcome, 0, None, confirmed)
    return band.app_says(Operation.GATE_ANSWERS, said, app)


def supervise(band: Band, *, scopes: tuple[Scope, ...] | None = None, **changed: Any) -> Answer:
    word = Supervise(DEVICE_ID, PATIENT_ID, band.nonce(NoncePurpose.SUPERVISE))
    return band.staff_says(Operation.SUPERVISE, replace(word, **changed), scopes=scopes)


def trained(band: Band, version: int = 1, patient_id: bytes = PATIENT_ID) -> Answer:
    return band.app_says(Operation.TRAINING_DONE, TrainingDone(patient_id, version))


class TestGates:
    """R15, R16: each gate opens by its own word and no other."""

    def test_with_every_word_the_lock_opens(self, gated: Band) -> None:
        asked = {
            ReasonCode.TRAINING_NEEDED,
            ReasonCode.SUPERVISION_NEEDED,
            ReasonCode.SCREENING_NEEDED,
            ReasonCode.ATTENDANT_NEEDED,
            ReasonCode.EAR_PROTECTION_NEEDED,
        }
        assert gated.reasons == asked
        assert granted(trained(gated))
        assert granted(supervise(gated))
        assert granted(answer(gated, Gate.ATTENDED, Gate.EAR_PROTECTION))
        assert gated.reasons == set()

    @pytest.mark.parametrize(
        ("confirmed", "left"),
        [
            (Gate.ATTENDED, ReasonCode.EAR_PROTECTION_NEEDED),
            (Gate.EAR_PROTECTION, ReasonCode.ATTENDANT_NEEDED),
        ],
    )
    def test_what_was_not_confirmed_stays_asked_for(
        self, gated: Band, confirmed: Gate, left: ReasonCode
    ) -> None:
        trained(gated)
        supervise(gated)
        answer(gated, confirmed)
        assert gated.reasons == {left}

    def test_an_answer_for_another_patient_is_refused(self, gated: Band) -> None:
        assert code(answer(gated, patient_id=b"x" * 16)) == "other_patient"

    def test_an_answer_counts_once(self, gated: Band) -> None:
        nonce = gated.nonce(NoncePurpose.GATE_ANSWERS)
        said = GateAnswers(nonce, PATIENT_ID, 1, GateOutcome.PASS, 0)
        assert granted(gated.app_says(Operation.GATE_ANSWERS, said))
        assert code(gated.app_says(Operation.GATE_ANSWERS, said)) == "nonce_unknown"

    def test_an_answer_that_holds_closes_a_running_session(self, band: Band) -> None:
        band.start()
        band.run_until_fired(40)
        fired = band.fired
        assert granted(answer(band, outcome=GateOutcome.HOLD))
        band.run(10_000)
        assert band.fired == fired
        assert band.bodies(SessionClosedBody)[-1].cause is CloseCause.HOLD

    def test_only_the_app_in_control_answers(self, gated: Band) -> None:
        gated.enrol(OTHER, number=2)
        assert code(answer(gated)) == "not_in_control"
        assert granted(answer(gated, app=OTHER))


class TestSupervise:
    """R15: a statement of presence is good for one session within an hour."""

    def test_for_an_hour(self, gated: Band) -> None:
        supervise(gated)
        gated.skip(HOUR_MS - 1)
        assert ReasonCode.SUPERVISION_NEEDED not in gated.reasons
        gated.skip(1)
        assert ReasonCode.SUPERVISION_NEEDED in gated.reasons

    def test_for_one_session(self, gated: Band) -> None:
        trained(gated)
        supervise(gated)
        answer(gated, Gate.ATTENDED, Gate.EAR_PROTECTION)
        gated.start()
        gated.run_until_fired(40)
        gated.must(Operation.CLOSE)
        gated.run(1_000)
        assert ReasonCode.SUPERVISION_NEEDED in gated.reasons

    def test_its_session_is_charged_to_the_devices_ceilings_too(self, band: Band) -> None:
        """R8."""
        supervise(band)
        band.start()
        band.run_until_fired(40)
        band.must(Operation.CLOSE)
        band.run(1_000)
        state = band.firmware.ledger
        charged = state.ceilings.within(HOUR_MS, state.proven_ms)
        assert (charged.pulses, charged.sessions) == (40, 1)

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"device_id": b"x" * 16}, "other_device"),
            ({"patient_id": b"x" * 16}, "other_patient"),
            ({"nonce": bytes(16)}, "nonce_unknown"),
        ],
    )
    def test_for_somebody_else_or_another_moment_it_is_refused(
        self, gated: Band, changed: dict[str, Any], why: str
    ) -> None:
        assert code(supervise(gated, **changed)) == why
        assert not gated.bodies(SupervisedBody)

    def test_only_with_the_scope(self, gated: Band) -> None:
        scopes = (Scope.PRESCRIBE, Scope.LIFT_HOLD)
        assert code(supervise(gated, scopes=scopes)) == "trust_scope"

    def test_its_nonce_lives_ten_minutes_and_is_used_once(self, gated: Band) -> None:
        word = Supervise(DEVICE_ID, PATIENT_ID, gated.nonce(NoncePurpose.SUPERVISE))
        gated.skip(600_000)
        assert code(gated.staff_says(Operation.SUPERVISE, word)) == "nonce_expired"
        word = Supervise(DEVICE_ID, PATIENT_ID, gated.nonce(NoncePurpose.SUPERVISE))
        assert granted(gated.staff_says(Operation.SUPERVISE, word))
        assert code(gated.staff_says(Operation.SUPERVISE, word)) == "nonce_unknown"

    def test_while_armed_it_is_refused(self, band: Band) -> None:
        band.arm()
        assert code(supervise(band)) == "not_idle"


class TestTraining:
    """R15: the lessons of a version were gone through."""

    def test_again_or_an_older_version_changes_nothing(self, gated: Band) -> None:
        for version, newest in ((2, 2), (2, 2), (1, 2), (3, 3)):
            assert granted(trained(gated, version))
            assert gated.firmware.ledger.trained == newest
        assert len(gated.bodies(TrainingDoneBody)) == 2

    def test_another_patients_lessons_do_not_count(self, gated: Band) -> None:
        assert code(trained(gated, patient_id=b"x" * 16)) == "other_patient"
        assert ReasonCode.TRAINING_NEEDED in gated.reasons

    def test_a_strangers_word_does_not_count(self, gated: Band) -> None:
        said = TrainingDone(PATIENT_ID, 1)
        assert code(gated.app_says(Operation.TRAINING_DONE, said, OTHER)) == "trust_issuer"


class TestSideEffects:
    """R9: the questions after a session; a red flag holds in the same step."""

    @pytest.fixture
    def after(self, band: Band) -> Band:
        band.start()
        band.run_until_fired(40)
        band.must(Operation.CLOSE)
        band.run(1_000)
        return band

    def give(self, band: Band, flag: str | None = None, **changed: Any) -> Answer:
        said = SideEffectAnswers(band.session_id, PATIENT_ID, 1, flag)
        return band.app_says(Operation.SIDE_EFFECT_ANSWERS, replace(said, **changed))

    def test_without_a_flag_nothing_is_held(self, after: Band) -> None:
        assert granted(self.give(after))
        assert after.bodies(SideEffectAnswersBody)[-1].red_flag is False
        assert ReasonCode.HOLD not in after.reasons
        last = after.firmware.ledger.last_session
        assert last is not None
        assert last.red_flag is False

    def test_a_red_flag_holds_and_the_hold_stands_before_the_answer(self, after: Band) -> None:
        assert granted(self.give(after, "seizure"))
        kinds = [type(record.body) for record in after.records[-2:]]
        assert kinds == [HoldPlacedBody, SideEffectAnswersBody]
        assert after.bodies(HoldPlacedBody)[-1].reason == "side effect:seizure"
        assert ReasonCode.HOLD in after.reasons

    def test_a_power_cut_before_the_answer_leaves_the_hold_or_neither(self, after: Band) -> None:
        with after.power_cut_before_next_record():
            self.give(after, "seizure")
        assert not after.bodies(SideEffectAnswersBody)
        assert granted(self.give(after, "seizure"))

    def test_a_red_flag_needs_no_clock_an_answer_without_one_does(self, after: Band) -> None:
        after.board.clock.break_supply()
        assert code(self.give(after)) == "enrolment_expired"
        assert granted(self.give(after, "stroke"))
        assert ReasonCode.HOLD in after.reasons

    def test_a_long_flag_is_shortened_to_what_a_record_holds(self, after: Band) -> None:
        assert granted(self.give(after, "x" * 32))
        assert len(after.bodies(HoldPlacedBody)[-1].reason) == 32

    def test_the_same_again_writes_no_record(self, after: Band) -> None:
        self.give(after)
        count = len(after.records)
        self.give(after)
        assert len(after.records) == count
        assert granted(self.give(after, "stroke"))
        count = len(after.records)
        self.give(after, "stroke")
        self.give(after)
        assert len(after.records) == count
        assert ReasonCode.HOLD in after.reasons

    def test_about_another_session_it_is_refused(self, after: Band) -> None:
        assert code(self.give(after, session_id=b"x" * 16)) == "other_session"
        assert code(self.give(after, patient_id=b"x" * 16)) == "other_patient"

    def test_before_any_session_it_is_refused(self, band: Band) -> None:
        assert code(self.give(band)) == "other_session"


class TestPostpone:
    """R16: the app puts the next session off, and never nearer."""

    def give(self, band: Band, hours: int, **changed: Any) -> Answer:
        said = Postpone(band.nonce(NoncePurpose.POSTPONE), PATIENT_ID, hours * 3600)
        return band.app_says(Operation.POSTPONE, replace(said, **changed))

    def test_it_lasts_its_hours_and_a_shorter_one_changes_nothing(self, band: Band) -> None:
        assert granted(self.give(band, 24))
        assert granted(self.give(band, 1))
        band.skip(24 * HOUR_MS - 1)
        assert ReasonCode.SCREENING_POSTPONED in band.reasons
        band.skip(1)
        assert ReasonCode.SCREENING_POSTPONED not in band.reasons
        assert len(band.bodies(PostponedBody)) == 2

    def test_it_needs_no_clock(self, band: Band) -> None:
        band.board.clock.break_supply()
        assert granted(self.give(band, 1))

    def test_a_replay_or_another_patients_is_refused(self, band: Band) -> None:
        assert code(self.give(band, 1, nonce=bytes(16))) == "nonce_unknown"
        assert code(self.give(band, 1, patient_id=b"x" * 16)) == "other_patient"
        assert not band.bodies(PostponedBody)


class TestControl:
    """R22: two apps at most, one of them in control, and that changes in idle only."""

    def control(
        self, band: Band, *, take: bool, app: SoftwareKey | None = None, **changed: Any
    ) -> Answer:
        operation = Operation.TAKE_CONTROL if take else Operation.RELEASE_CONTROL
        said = Control(band.nonce(NoncePurpose.CONTROL), PATIENT_ID, take)
        return band.app_says(operation, replace(said, **changed), app)

    @pytest.fixture
    def two(self, band: Band) -> Band:
        """The first app, and another that was enrolled later and so has control."""
        assert granted(band.enrol(OTHER, number=2))
        return band

    def test_control_passes_to_an_enrolled_app_that_takes_it(self, two: Band) -> None:
        assert code(two.arm()) == "not_in_control"
        assert granted(self.control(two, take=True))
        assert two.must(Operation.HELLO).control_key_id == two.clinic.app.public_key.key_id
        two.reboot()
        two.answer_gates()
        assert granted(two.arm())

    def test_taking_what_one_has_writes_no_record(self, band: Band) -> None:
        assert granted(self.control(band, take=True))
        assert not band.bodies(ControlTakenBody)

    def test_given_up_nobody_commands_until_it_is_taken(self, band: Band) -> None:
        assert granted(self.control(band, take=False))
        assert code(band.arm()) == "not_in_control"
        assert code(self.control(band, take=False)) == "not_in_control"
        assert granted(self.control(band, take=True))
        assert granted(band.arm())

    def test_only_the_app_in_control_gives_it_up(self, two: Band) -> None:
        assert code(self.control(two, take=False)) == "not_in_control"
        assert granted(self.control(two, take=False, app=OTHER))

    def test_while_armed_control_does_not_pass(self, two: Band) -> None:
        self.control(two, take=True)
        two.arm()
        assert code(self.control(two, take=True, app=OTHER)) == "not_idle"

    def test_what_says_something_else_is_refused(self, two: Band) -> None:
        said = Control(two.nonce(NoncePurpose.CONTROL), PATIENT_ID, False)
        assert code(two.app_says(Operation.TAKE_CONTROL, said)) == "control_otherwise"
        assert code(self.control(two, take=True, nonce=bytes(16))) == "nonce_unknown"
        assert code(self.control(two, take=True, patient_id=b"x" * 16)) == "other_patient"
        stranger = SoftwareKey.generate()
        assert code(self.control(two, take=True, app=stranger)) == "trust_issuer"
        assert not two.bodies(ControlTakenBody)

    def test_both_are_found_again_after_a_reboot(self, two: Band) -> None:
        two.reboot()
        for app in (OTHER, None):
            assert granted(self.control(two, take=True, app=app))

    def test_the_third_takes_the_oldest_ones_place_over_a_power_cut_too(self, two: Band) -> None:
        third = SoftwareKey.generate()
        with two.power_cut_before_next_record():
            two.enrol(third, number=3)
        for app in (OTHER, None):
            assert granted(self.control(two, take=True, app=app))
        assert code(self.control(two, take=True, app=third)) == "trust_issuer"
        assert granted(two.enrol(third, number=3))
        assert code(self.control(two, take=True)) == "trust_issuer"
        assert granted(self.control(two, take=True, app=OTHER))

    def test_an_app_whose_enrolment_has_ended_takes_nothing(self, two: Band) -> None:
        two.skip(401 * 24 * HOUR_MS)
        two.set_time()
        assert code(self.control(two, take=True)) == "enrolment_expired"


class TestReceipt:
    """R28: the clinic's receipt, by its key, over this record and no more than was sent."""

    def give(self, band: Band, by: Purpose = Purpose.RECEIPT, **changed: Any) -> Answer:
        head = band.head()
        said = replace(Receipt(head.epoch, head.number, head.hash), **changed)
        return band.server_says(Operation.RECEIPT, said, by)

    def test_it_is_kept_once(self, band: Band) -> None:
        assert granted(self.give(band))
        assert code(self.give(band)) == "receipt_not_newer"

    def test_another_record_or_more_than_was_sent_is_refused(self, band: Band) -> None:
        assert code(self.give(band, hash=bytes(32))) == "receipt_other_hash"
        assert code(self.give(band, epoch=bytes(16))) == "receipt_other_epoch"
        assert code(self.give(band, number=10_000)) == "receipt_beyond_head"
        assert code(self.give(band, Purpose.CLEARANCE)) == "trust_purpose"


def test_locate_sounds_and_shows_for_ten_seconds(band: Band) -> None:
    band.must(Operation.LOCATE)
    assert band.firmware.display.text == "Here"
    assert band.board.buzzer.is_sounding
    band.skip(10_000)
    assert band.firmware.display.text != "Here"
    assert not band.board.buzzer.is_sounding


def test_hello_says_coil_control_and_what_records_are_kept(band: Band) -> None:
    hello = band.must(Operation.HELLO)
    assert (hello.coil, hello.first_number) == ("figure-8", 1)
    assert hello.control_key_id == hello.app_key_id == band.clinic.app.public_key.key_id
