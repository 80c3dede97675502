"""What each stolen key gains with the operations that it is granted, and that it gains no more.

Whoever holds a key here also has a paired phone, or the person's: the link is no obstacle.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from shared.dose import prescription as prescriptions
from shared.dose.prescription import OpeningBalance, PrescriptionKind, Replacement
from shared.dose.reasons import ReasonCode
from shared.trust import certificates, sign1
from shared.trust.keys import SoftwareKey
from shared.trust.staff_words import AttestTime, HandOver, HandOverPurpose, LiftHold, LiftLine
from shared.trust.statements import (
    Certificate,
    Clearance,
    ConfirmHold,
    Enrolment,
    HoldKind,
    HoldSource,
    LedgerHead,
    PlaceHold,
    Purpose,
    Receipt,
    RootRotation,
    TakeBackHold,
    TimeToken,
)
from shared.wire.operations import (
    BlobKind,
    NoncePurpose,
    Operation,
    StatementArguments,
    StatusCode,
)
from shared.wire.records import GateAnswersBody, SessionOpenedBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.safe import Safe
from tests.firmware_bridge.emulator.firmware.words import (
    HOUR_MS,
    NEW_APP,
    Hand,
    head_of,
    now_s,
)
from tests.shared.clinic import CLINIC_ID, DAY_S, DEVICE_ID, FAR_S, NOW_S, PATIENT_ID, itbs

DAY_MS = DAY_S * 1000
CEILING = prescriptions.Limits(20 * 3600, 12, 100_000, 84, 700_000, 400, 2_000_000, 14_400)


@pytest.fixture
def safe(band: Band) -> Safe:
    return Safe(band.clinic)


def hand(band: Band, name: str) -> Hand:
    safe = Safe(band.clinic)
    return Hand(safe, safe[name])


def code(answer: object) -> str:
    said: str = answer.result.code  # type: ignore[attr-defined]
    return said


def treat(band: Band, pulses: int = 600) -> None:
    """Give a session, whole or broken off."""
    band.start()
    band.run_until_fired(band.fired + pulses)
    band.ask(Operation.CLOSE)
    band.run(10_000)
    assert band.state is DeviceState.IDLE


def until_open(band: Band) -> int | None:
    """First proven instant at which the lock names no reason that only time ends."""
    ends = [reason.ends_proven_ms for reason in band.firmware.status().reasons]
    return max((each for each in ends if each is not None), default=None)


class TestTimeKey:
    """Ends permissions sooner or, after a loss, later; ends no lock."""

    def set_to(self, band: Band, ahead_ms: int) -> StatusCode:
        word = TimeToken(band.nonce(NoncePurpose.TIME), now_s(band) * 1000 + ahead_ms)
        return hand(band, "time").says(band, Operation.SET_TIME, word).status

    @pytest.mark.parametrize("ahead_ms", [3_000, HOUR_MS, 300 * DAY_MS, -3_000, -HOUR_MS])
    def test_a_clock_that_runs_is_moved_by_seconds_at_most(self, band: Band, ahead_ms: int) -> None:
        before = band.firmware.status().clock_ms
        assert self.set_to(band, ahead_ms) is StatusCode.REFUSED
        assert band.firmware.status().clock_ms == before

    def test_all_corrections_together_stay_within_100_ppm(self, band: Band) -> None:
        for _ in range(24):
            band.skip(HOUR_MS)
            self.set_to(band, 100_000)
            for ahead_ms in (2_000, 500, 100):
                self.set_to(band, ahead_ms)
        moved_ms = (band.firmware.status().clock_ms or 0) - (NOW_S * 1000 + band.now_ms)
        assert 0 <= moved_ms <= 2_000 + 24 * HOUR_MS // 10_000

    def test_no_token_brings_a_session_nearer(self, band: Band) -> None:
        treat(band)
        opens_ms = until_open(band)
        band.board.clock.break_supply()
        band.reboot()
        for ahead_ms in (0, DAY_MS, 60 * DAY_MS):
            self.set_to(band, ahead_ms)
            band.skip(2 * HOUR_MS)
            self.set_to(band, ahead_ms)
            assert until_open(band) == opens_ms
            assert (
                ReasonCode.SESSION_INTERVAL in band.reasons
                or band.firmware.status().proven_ms >= 14_400_000
            )

    def test_after_a_loss_it_sets_no_clock_before_the_newest_record(self, band: Band) -> None:
        band.skip(3 * DAY_MS)
        band.place_hold()
        band.board.clock.break_supply()
        band.reboot()
        assert self.set_to(band, -HOUR_MS) is StatusCode.REFUSED
        assert ReasonCode.CLOCK_NOT_TRUSTED in band.reasons


class TestClearanceKey:
    """Hides from the band that something newer exists; takes nothing away that is there."""

    def clear(self, band: Band, serial: int, hold: int, revocation: int) -> StatusCode:
        word = Clearance(band.nonce(NoncePurpose.CLEARANCE), now_s(band), serial, hold, revocation)
        return hand(band, "clearance").says(band, Operation.CLEARANCE, word).status

    def test_it_locks_until_the_clinics_own_word_comes(self, band: Band) -> None:
        huge = 2**53 - 1
        assert self.clear(band, huge, huge, huge) is StatusCode.OK
        assert band.reasons == {
            ReasonCode.NEWER_VERSION_EXISTS,
            ReasonCode.HOLD_ON_ITS_WAY,
            ReasonCode.REVOCATION_ON_ITS_WAY,
        }
        assert band.clear().status is StatusCode.OK
        assert band.reasons == set()

    def test_a_hold_that_is_there_stays(self, band: Band) -> None:
        band.place_hold()
        self.clear(band, 0, 0, 0)
        assert band.reasons == {ReasonCode.HOLD}

    def test_it_brings_no_session_nearer(self, band: Band) -> None:
        treat(band)
        before = until_open(band)
        self.clear(band, 0, 0, 0)
        assert until_open(band) == before
        assert ReasonCode.SESSION_INTERVAL in band.reasons


class TestHoldKey:
    """Locks, and lets nobody out."""

    def test_it_places_and_confirms_and_lifts_nothing(self, band: Band) -> None:
        thief = hand(band, "hold")
        placed = PlaceHold(b"t" * 16, HoldKind.REST, HoldSource.CLOUD, "cloud", 1)
        assert thief.says(band, Operation.PLACE_HOLD, placed).status is StatusCode.OK
        confirmed = ConfirmHold(b"t" * 16)
        assert thief.says(band, Operation.CONFIRM_HOLD, confirmed).status is StatusCode.OK
        assert not thief.tries(band, Operation.LIFT_HOLD)
        assert not thief.tries(band, Operation.TAKE_BACK)
        band.skip(30 * DAY_MS)
        assert ReasonCode.HOLD in band.reasons

    def test_a_person_with_the_scope_lifts_what_it_placed(self, band: Band) -> None:
        for number in range(1, 12):
            placed = PlaceHold(
                bytes([number]) * 16, HoldKind.SAFETY, HoldSource.CLOUD, "cloud", number
            )
            hand(band, "hold").says(band, Operation.PLACE_HOLD, placed)
        assert hand(band, "lift_hold").tries(band, Operation.LIFT_HOLD)
        assert ReasonCode.HOLD not in band.reasons

    def test_the_clinics_next_hold_is_heard_whatever_number_it_used(self, band: Band) -> None:
        far = PlaceHold(b"t" * 16, HoldKind.SAFETY, HoldSource.CLOUD, "cloud", 2**53 - 1)
        assert hand(band, "hold").says(band, Operation.PLACE_HOLD, far).status is StatusCode.OK
        assert hand(band, "lift_hold").tries(band, Operation.LIFT_HOLD)
        assert band.place_hold(1).status is StatusCode.OK
        assert band.reasons == {ReasonCode.HOLD}


class TestReceiptKey:
    """Says that the clinic has what it may not have: records may go after 30 days, for room."""

    def test_it_covers_no_more_than_a_head_that_left(self, band: Band) -> None:
        head = head_of(band)
        band.place_hold()
        thief = hand(band, "receipt")
        beyond = Receipt(head.epoch, head.number + 1, band.firmware.ledger.hash)
        assert code(thief.says(band, Operation.RECEIPT, beyond)) == "receipt_beyond_head"
        other = Receipt(head.epoch, head.number, bytes(32))
        assert code(thief.says(band, Operation.RECEIPT, other)) == "receipt_other_hash"

    def test_it_takes_no_record_away_and_moves_no_lock(self, band: Band) -> None:
        treat(band, 40)
        head, before = head_of(band), (len(band.records), band.reasons, until_open(band))
        said = Receipt(head.epoch, head.number, head.hash)
        assert hand(band, "receipt").says(band, Operation.RECEIPT, said).status is StatusCode.OK
        assert (len(band.records), band.reasons, until_open(band)) == before


class TestEnrolmentKey:
    """An app of its own, that can do what an app can (DESIGN 3)."""

    def enrol(self, band: Band, number: int = 2, **changes: object) -> object:
        own = NEW_APP.public_key.data
        plain = Enrolment(own, own, PATIENT_ID, number, NOW_S - 60, FAR_S)
        return hand(band, "enrolment").enrols(band, replace(plain, **changes))  # type: ignore[arg-type]

    def test_its_app_arms_only_what_a_prescriber_signed(self, band: Band) -> None:
        self.enrol(band)
        band.clinic.app = NEW_APP
        assert code(band.arm(prescription_hash=bytes(32))) == "other_prescription"
        assert code(band.arm(patient_id=b"x" * 16)) == "other_patient"
        assert band.arm().status is StatusCode.OK

    def test_its_app_starts_nothing_without_the_bands_button(self, band: Band) -> None:
        self.enrol(band)
        band.clinic.app = NEW_APP
        assert band.arm().status is StatusCode.OK
        band.sealed(Operation.OPEN_START_WINDOW)
        assert band.sealed(Operation.START).status is StatusCode.BUTTON_NEEDED
        band.run(130_000, beat=True)
        assert (band.fired, band.state) == (0, DeviceState.IDLE)

    def test_its_app_meets_every_lock(self, band: Band) -> None:
        treat(band, 40)
        self.enrol(band)
        band.clinic.app = NEW_APP
        band.answer_gates()
        refused = band.arm()
        assert refused.status is StatusCode.LOCKED
        assert int(ReasonCode.SESSION_INTERVAL) in refused.result.reasons

    def test_the_persons_own_app_takes_control_back(self, band: Band) -> None:
        self.enrol(band)
        assert hand(band, "app").tries(band, Operation.TAKE_CONTROL)
        assert band.arm().status is StatusCode.OK

    def test_it_gives_the_band_to_no_other_patient(self, band: Band) -> None:
        assert code(self.enrol(band, patient_id=b"x" * 16)) == "other_patient"
        assert not hand(band, "enrolment").tries(band, Operation.PROVISION)

    def test_it_interrupts_no_session(self, band: Band) -> None:
        band.start()
        assert code(self.enrol(band)) == "not_idle"


class TestAppKey:
    """Answers for the person and arms: no more than whoever holds the phone."""

    def test_its_answers_open_no_lock_but_their_own(self, band: Band) -> None:
        treat(band, 40)
        before = until_open(band)
        band.answer_gates()
        for operation in (Operation.SIDE_EFFECT_ANSWERS, Operation.TRAINING_DONE):
            assert hand(band, "app").tries(band, operation)
        assert until_open(band) == before
        assert band.arm().status is StatusCode.LOCKED

    def test_it_takes_back_no_hold_of_anybody_else(self, band: Band) -> None:
        band.place_hold()
        said = TakeBackHold(b"h" * 16)
        thief = hand(band, "app")
        assert code(thief.says(band, Operation.TAKE_BACK, said)) == "hold_not_yours"
        assert ReasonCode.HOLD in band.reasons

    def test_a_second_app_takes_back_no_hold_of_the_first(self, band: Band) -> None:
        placed = PlaceHold(b"p" * 16, HoldKind.REST, HoldSource.APP, "patient", 0)
        hand(band, "app").says(band, Operation.PLACE_HOLD, placed)
        TestEnrolmentKey().enrol(band)
        band.clinic.app = NEW_APP
        answer = hand(band, "app").says(band, Operation.TAKE_BACK, TakeBackHold(b"p" * 16))
        assert code(answer) == "hold_not_yours"
        assert ReasonCode.HOLD in band.reasons

    def test_a_recorded_answer_is_good_once(self, band: Band) -> None:
        answers = len(band.bodies(GateAnswersBody))
        message = band.arm_request()
        assert band.resend_arm(message).status is StatusCode.OK
        band.must(Operation.STOP)
        assert band.resend_arm(message).status is StatusCode.NONCE_UNKNOWN
        assert len(band.bodies(GateAnswersBody)) == answers

    def test_an_armed_session_obeys_no_other_key(self, band: Band) -> None:
        assert band.arm().status is StatusCode.OK
        first = band.writer
        band.writer = None
        assert code(band.send_sealed(Operation.OPEN_START_WINDOW, (1, bytes(16)))) == "trust_mac"
        band.writer = first
        assert band.sealed(Operation.OPEN_START_WINDOW).status is StatusCode.OK


class TestStaffKeys:
    """Each scope for itself."""

    def test_prescribe_passes_no_cap_and_no_ceiling(self, band: Band) -> None:
        thief = hand(band, "prescribe")
        wide = itbs(
            serial=2, replaces_hash=band.firmware.status().prescription_hash, new_course=False
        )
        for changes in (
            {"beat_limit_ms": 6_000},
            {"not_after_s": NOW_S + 91 * DAY_S},
            {"limits": replace(wide.limits, min_interval_s=4 * 3600 - 1)},
            {"limits": CEILING},
        ):
            data = prescriptions.to_bytes(replace(wide, **changes))
            assert code(thief.installs(band, data)) == "outside_envelope"

    def test_prescribe_attests_so_much_time_once_and_over_one_head(self, band: Band) -> None:
        """What R6 grants: the one way in which a stolen prescriber's key ends an interval early."""
        treat(band, 40)
        head, opens_ms = head_of(band), until_open(band)
        nonce = band.nonce(NoncePurpose.ATTEST_TIME)
        thief = hand(band, "prescribe")
        word = AttestTime(DEVICE_ID, head.boot_count, head.number, head.hash, nonce, HOUR_MS)
        before_ms = band.firmware.status().proven_ms
        for wrong in (
            replace(word, nonce=bytes(16)),
            replace(word, head_hash=bytes(32)),
            replace(word, boot_count=head.boot_count + 1),
            replace(word, device_id=b"x" * 16),
        ):
            assert thief.says(band, Operation.ATTEST_TIME, wrong).status is not StatusCode.OK
        assert thief.says(band, Operation.ATTEST_TIME, word).status is StatusCode.OK
        assert band.firmware.status().proven_ms - before_ms <= HOUR_MS
        assert code(thief.says(band, Operation.ATTEST_TIME, word)) == "nonce_unknown"
        assert until_open(band) == opens_ms

    def test_prescribe_lifts_no_hold(self, band: Band) -> None:
        band.place_hold()
        thief = hand(band, "prescribe")
        assert not thief.tries(band, Operation.LIFT_HOLD)
        assert not thief.tries(band, Operation.RESET)
        assert ReasonCode.HOLD in band.reasons

    def test_lift_hold_shortens_no_interval(self, band: Band) -> None:
        treat(band, 40)
        before = until_open(band)
        band.place_hold()
        assert hand(band, "lift_hold").tries(band, Operation.LIFT_HOLD)
        assert until_open(band) == before
        assert ReasonCode.SESSION_INTERVAL in band.reasons

    def test_a_lift_names_what_is_there_and_is_good_once(self, band: Band) -> None:
        band.place_hold()
        hold = band.firmware.ledger.holds[0]
        thief = hand(band, "lift_hold")
        lift = LiftHold(DEVICE_ID, ())
        assert code(thief.says(band, Operation.LIFT_HOLD, lift)) == "nothing_to_lift"
        assert thief.tries(band, Operation.LIFT_HOLD)
        band.place_hold(2, b"i" * 16)
        for hold_id in (b"i" * 16, hold.hold_id):
            stale = LiftHold(DEVICE_ID, (LiftLine(hold_id, hold.record_hash),))
            assert code(thief.says(band, Operation.LIFT_HOLD, stale)) == "hold_unknown"
        assert ReasonCode.HOLD in band.reasons

    def test_supervise_shortens_no_interval_and_opens_no_window(self, band: Band) -> None:
        treat(band)
        before = until_open(band)
        assert hand(band, "supervise").tries(band, Operation.SUPERVISE)
        assert until_open(band) == before
        assert {ReasonCode.SESSION_INTERVAL, ReasonCode.DAY_WINDOW} <= band.reasons

    def test_supervise_is_good_for_an_hour(self, band: Band) -> None:
        assert hand(band, "supervise").tries(band, Operation.SUPERVISE)
        proven_ms = band.firmware.status().proven_ms
        assert band.firmware.ledger.supervised(proven_ms + HOUR_MS - 1)
        assert not band.firmware.ledger.supervised(proven_ms + HOUR_MS)


class TestOtherDevicesKey:
    """Another band's word about this one, or about itself, moves nothing here."""

    def test_it_is_no_final_head_of_the_old_device(self, band: Band) -> None:
        """Its certificate names another device than the one that is replaced."""
        old, other = b"o" * 16, SoftwareKey.generate()
        head = LedgerHead(old, b"e" * 16, 9, bytes(32), bytes(16), 1, 1, retired=True)
        envelope = sign1.sign(head, audience=CLINIC_ID, signer=other)
        own = Certificate(Purpose.DEVICE, other.public_key.data, "other", NOW_S - DAY_S, FAR_S)
        certificate = certificates.issue(
            own, clinic_id=b"another device!!", root=band.clinic.manufacturer
        )
        band.blob(BlobKind.FINAL_HEAD, envelope)
        band.blob(BlobKind.DEVICE_CERTIFICATE, certificate)
        replacement = Replacement(
            old,
            FAR_S,
            False,
            OpeningBalance(0, 0, 0, 0, 600, 1, 1),
            sign1.name_of(envelope),
        )
        wanted = itbs(
            kind=PrescriptionKind.REPLACEMENT,
            serial=2,
            replaces_hash=band.firmware.status().prescription_hash,
            new_course=False,
            course_id=b"d" * 16,
            replacement=replacement,
        )
        answer = hand(band, "prescribe").installs(band, prescriptions.to_bytes(wanted))
        assert code(answer) == "trust_audience"


class TestRecoveryRoot:
    """Names new roots, and only with the band in somebody's hand."""

    def rotation(self) -> RootRotation:
        return RootRotation(1, NEW_APP.public_key.data, NEW_APP.public_key.data)

    def staff_of(self, band: Band, root: SoftwareKey) -> bytes:
        certificate = band.clinic.staff_certificate()
        return certificates.issue(certificate, clinic_id=CLINIC_ID, root=root)

    def install_under(self, band: Band, root: SoftwareKey) -> str:
        named = band.firmware.status().prescription_hash
        data = prescriptions.to_bytes(itbs(serial=2, replaces_hash=named, new_course=False))
        answer = hand(band, "prescribe").installs(band, data, self.staff_of(band, root))
        return "installed" if answer.status is StatusCode.OK else code(answer)

    def test_without_the_button_its_rotation_does_nothing(self, band: Band) -> None:
        thief = hand(band, "recovery root")
        answer = thief.says(band, Operation.ROTATE_ROOT, self.rotation())
        assert answer.status is StatusCode.BUTTON_NEEDED
        band.skip(60_000)
        band.press()
        assert self.install_under(band, NEW_APP) == "trust_issuer"
        assert band.clear().status is StatusCode.OK

    def test_with_the_button_the_new_root_counts_and_the_old_one_no_more(self, band: Band) -> None:
        hand(band, "recovery root").says(band, Operation.ROTATE_ROOT, self.rotation())
        band.press()
        assert code(band.clear()) == "trust_issuer"
        assert self.install_under(band, NEW_APP) == "installed"

    def test_it_certifies_nobody_itself(self, band: Band) -> None:
        assert self.install_under(band, band.clinic.recovery) == "trust_issuer"


class TestKeysThatSignNothingHere:
    """Request, vault and care key: the band knows no word of theirs (the operations are tried one
    by one beside this file)."""

    @pytest.mark.parametrize("name", ["vault", "care"])
    def test_their_certificates_are_good_for_nothing(self, band: Band, name: str) -> None:
        safe = Safe(band.clinic)
        word = band.clinic.clearance(band.nonce(NoncePurpose.CLEARANCE), NOW_S, serial=1)
        arguments = StatementArguments(word, safe[name].certificate)
        assert code(band.ask(Operation.CLEARANCE, arguments)) == "trust_purpose"

    def test_the_request_key_arms_nothing(self, band: Band) -> None:
        band.clinic.app = band.clinic.request
        assert code(band.arm()) == "trust_issuer"
        assert not band.bodies(SessionOpenedBody)


def test_hand_over_words_are_over_one_head(band: Band, tmp_path: Path) -> None:
    """A prescriber's recorded word does not reset a band that went on since."""
    head = head_of(band)
    word = HandOver(DEVICE_ID, head.epoch, head.number, head.hash, HandOverPurpose.RESET)
    treat(band, 40)
    assert code(hand(band, "prescribe").says(band, Operation.RESET, word)) == "head_not_current"
    assert band.firmware.ledger.ceilings != Band(tmp_path / "new").firmware.ledger.ceilings
