"""Each key that a server holds, stolen alone: what it gains, and that it gains no more.

Whoever has one here also has a paired phone: the link is no obstacle.
"""

from __future__ import annotations

import pytest

from shared.dose.reasons import ReasonCode
from shared.trust.statements import (
    Clearance,
    ConfirmHold,
    HoldKind,
    HoldSource,
    PlaceHold,
    Receipt,
    TimeToken,
)
from shared.wire.operations import (
    NoncePurpose,
    Operation,
    StatementArguments,
    StatusCode,
)
from shared.wire.records import SessionOpenedBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.safe import Safe
from tests.firmware_bridge.emulator.firmware.thief import (
    DAY_MS,
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
    now_s,
)
from tests.shared.clinic import NOW_S


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
        would_open_ms = opens_ms(band)
        band.board.clock.break_supply()
        band.reboot()
        for ahead_ms in (0, DAY_MS, 60 * DAY_MS):
            self.set_to(band, ahead_ms)
            band.skip(2 * HOUR_MS)
            self.set_to(band, ahead_ms)
            assert opens_ms(band) == would_open_ms
            assert (
                ReasonCode.SESSION_INTERVAL in band.reasons
                or band.firmware.status().proven_ms >= 14_400_000
            )

    def test_after_a_loss_it_sets_no_clock_before_what_has_passed_for_certain(
        self, band: Band
    ) -> None:
        """Proven time is a floor for the wall clock too: together with hands that break the
        clock's supply the key makes no permission last longer (R7)."""
        treat(band, 40)
        band.skip(8 * DAY_MS)
        assert ReasonCode.CLEARANCE_OLD in band.reasons
        band.board.clock.break_supply()
        band.reboot()
        assert self.set_to(band, -8 * DAY_MS) is StatusCode.REFUSED
        assert ReasonCode.CLOCK_NOT_TRUSTED in band.reasons
        assert self.set_to(band, 0) is StatusCode.OK
        assert ReasonCode.CLEARANCE_OLD in band.reasons

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
        before = opens_ms(band)
        self.clear(band, 0, 0, 0)
        assert opens_ms(band) == before
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

    def test_a_number_that_it_used_is_the_clinics_no_more(self, band: Band) -> None:
        """What it gains: once a person lifted its hold, the clinic's hold of the same number is
        answered as known, and the clinic has to place it under the next number."""
        used = PlaceHold(b"t" * 16, HoldKind.SAFETY, HoldSource.CLOUD, "cloud", 1)
        assert hand(band, "hold").says(band, Operation.PLACE_HOLD, used).status is StatusCode.OK
        assert hand(band, "lift_hold").tries(band, Operation.LIFT_HOLD)
        assert code(band.place_hold(1)) == "hold_known"
        assert band.place_hold(2).status is StatusCode.OK
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
        head, before = head_of(band), (len(band.records), band.reasons, opens_ms(band))
        said = Receipt(head.epoch, head.number, head.hash)
        assert hand(band, "receipt").says(band, Operation.RECEIPT, said).status is StatusCode.OK
        assert (len(band.records), band.reasons, opens_ms(band)) == before


class TestEnrolmentKey:
    """An app of its own, that can do what an app can (DESIGN 3)."""

    def test_its_app_arms_only_what_a_prescriber_signed(self, band: Band) -> None:
        enrol_new_app(band)
        band.clinic.app = NEW_APP
        assert code(band.arm(prescription_hash=bytes(32))) == "other_prescription"
        assert code(band.arm(patient_id=b"x" * 16)) == "other_patient"
        assert band.arm().status is StatusCode.OK

    def test_its_app_starts_nothing_without_the_bands_button(self, band: Band) -> None:
        enrol_new_app(band)
        band.clinic.app = NEW_APP
        assert band.arm().status is StatusCode.OK
        band.sealed(Operation.OPEN_START_WINDOW)
        assert band.sealed(Operation.START).status is StatusCode.BUTTON_NEEDED
        band.run(130_000, beat=True)
        assert (band.fired, band.state) == (0, DeviceState.IDLE)

    def test_its_app_meets_every_lock(self, band: Band) -> None:
        treat(band, 40)
        enrol_new_app(band)
        band.clinic.app = NEW_APP
        band.answer_gates()
        refused = band.arm()
        assert refused.status is StatusCode.LOCKED
        assert int(ReasonCode.SESSION_INTERVAL) in refused.result.reasons

    def test_the_persons_own_app_takes_control_back(self, band: Band) -> None:
        enrol_new_app(band)
        assert hand(band, "app").tries(band, Operation.TAKE_CONTROL)
        assert band.arm().status is StatusCode.OK

    def test_it_gives_the_band_to_no_other_patient(self, band: Band) -> None:
        assert code(enrol_new_app(band, patient_id=b"x" * 16)) == "other_patient"
        assert not hand(band, "enrolment").tries(band, Operation.PROVISION)

    def test_it_interrupts_no_session(self, band: Band) -> None:
        band.start()
        assert code(enrol_new_app(band)) == "not_idle"


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
