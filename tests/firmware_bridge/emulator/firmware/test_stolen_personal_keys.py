"""Each key of a person, a device or the safe, stolen alone: what it gains, and no more.

Whoever has one here also has a paired phone: the link is no obstacle.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from shared.dose import prescription as prescriptions
from shared.dose.prescription import OpeningBalance, PrescriptionKind, Replacement
from shared.dose.reasons import ReasonCode
from shared.trust import certificates, sign1
from shared.trust.keys import SoftwareKey
from shared.trust.staff_words import AttestTime, HandOver, HandOverPurpose, LiftHold, LiftLine
from shared.trust.statements import (
    Certificate,
    HoldKind,
    HoldSource,
    LedgerHead,
    PlaceHold,
    Purpose,
    RootRotation,
    TakeBackHold,
)
from shared.wire.operations import (
    BlobKind,
    NoncePurpose,
    Operation,
    StatusCode,
)
from shared.wire.records import GateAnswersBody
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.thief import (
    code,
    enrol_new_app,
    hand,
    opens_ms,
    treat,
)
from tests.firmware_bridge.emulator.firmware.words import (
    HOUR_MS,
    NEW_APP,
    head_of,
)
from tests.shared.clinic import CLINIC_ID, DAY_S, DEVICE_ID, FAR_S, NOW_S, itbs

CEILING = prescriptions.Limits(20 * 3600, 12, 100_000, 84, 700_000, 400, 2_000_000, 14_400)


class TestAppKey:
    """Answers for the person and arms: no more than whoever holds the phone."""

    def test_its_answers_open_no_lock_but_their_own(self, band: Band) -> None:
        treat(band, 40)
        before = opens_ms(band)
        band.answer_gates()
        for operation in (Operation.SIDE_EFFECT_ANSWERS, Operation.TRAINING_DONE):
            assert hand(band, "app").tries(band, operation)
        assert opens_ms(band) == before
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
        enrol_new_app(band)
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

    def test_prescribe_attests_no_more_time_than_passed(self, band: Band) -> None:
        """R6 grants what the trusted wall clock saw pass, and where none was lost nothing: this key
        alone ends no interval early."""
        treat(band, 40)
        head, would_open_ms = head_of(band), opens_ms(band)
        nonce = band.nonce(NoncePurpose.ATTEST_TIME)
        thief = hand(band, "prescribe")
        word = AttestTime(DEVICE_ID, head.boot_count, head.number, head.hash, nonce, HOUR_MS)
        for wrong in (
            word,
            replace(word, nonce=bytes(16)),
            replace(word, head_hash=bytes(32)),
            replace(word, boot_count=head.boot_count + 1),
            replace(word, device_id=b"x" * 16),
        ):
            assert thief.says(band, Operation.ATTEST_TIME, wrong).status is not StatusCode.OK
        assert opens_ms(band) == would_open_ms
        assert code(thief.says(band, Operation.ATTEST_TIME, word)) == "more_than_passed"

    def test_prescribe_lifts_no_hold(self, band: Band) -> None:
        band.place_hold()
        thief = hand(band, "prescribe")
        assert not thief.tries(band, Operation.LIFT_HOLD)
        assert not thief.tries(band, Operation.RESET)
        assert ReasonCode.HOLD in band.reasons

    def test_lift_hold_shortens_no_interval(self, band: Band) -> None:
        treat(band, 40)
        before = opens_ms(band)
        band.place_hold()
        assert hand(band, "lift_hold").tries(band, Operation.LIFT_HOLD)
        assert opens_ms(band) == before
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
        before = opens_ms(band)
        assert hand(band, "supervise").tries(band, Operation.SUPERVISE)
        assert opens_ms(band) == before
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


def test_hand_over_words_are_over_one_head(band: Band, tmp_path: Path) -> None:
    """A prescriber's recorded word does not reset a band that went on since."""
    head = head_of(band)
    word = HandOver(DEVICE_ID, head.epoch, head.number, head.hash, HandOverPurpose.RESET)
    treat(band, 40)
    assert code(hand(band, "prescribe").says(band, Operation.RESET, word)) == "head_not_current"
    assert band.firmware.ledger.ceilings != Band(tmp_path / "new").firmware.ledger.ceilings
