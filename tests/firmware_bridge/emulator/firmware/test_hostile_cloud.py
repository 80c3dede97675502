"""A hostile cloud: enrolment, time, clearance, hold and receipt key in one hand, and every message
that ever passed.

It shortens no interval and no window, installs nothing, lifts nothing, and fires nothing without
the band's button. Silent, it keeps a hold from the band for the clearance limit at most; lying with
its clearance key, no longer than that key's certificate, which lasts no longer than the longest
limit (ADR 20).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from shared.dose import prescription as prescriptions
from shared.dose.reasons import ReasonCode
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import (
    Certificate,
    Clearance,
    ConfirmHold,
    Enrolment,
    HoldKind,
    HoldSource,
    PlaceHold,
    Purpose,
    Receipt,
    TimeToken,
)
from shared.wire import fields
from shared.wire.operations import (
    Answer,
    BlobKind,
    NoncePurpose,
    Operation,
    StatementArguments,
    StatusCode,
)
from shared.wire.records import HoldLiftedBody, PrescriptionInstalledBody, SessionOpenedBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.safe import Safe
from tests.firmware_bridge.emulator.firmware.thief import DAY_MS, opens_ms, treat
from tests.firmware_bridge.emulator.firmware.words import (
    HOUR_MS,
    SIGNED_OPERATIONS,
    Hand,
    head_of,
    now_s,
)
from tests.shared.clinic import DAY_S, DEVICE_ID, FAR_S, NOW_S, PATIENT_ID, Clinic, itbs

CLOUDS_KEYS = ("enrolment", "time", "clearance", "hold", "receipt")
CLOUDS_OPERATIONS = {
    Operation.AUTHORIZE_APP,
    Operation.SET_TIME,
    Operation.CLEARANCE,
    Operation.PLACE_HOLD,
    Operation.CONFIRM_HOLD,
    Operation.RECEIPT,
}


@dataclass
class Cloud:
    """All five keys, an app of its own, and a band within reach of a phone that does its will."""

    band: Band
    app_number: int = 1

    def __post_init__(self) -> None:
        self.safe = Safe(self.band.clinic)
        self.persons_app = self.band.clinic.app

    def hand(self, name: str) -> Hand:
        return Hand(self.safe, self.safe[name])

    def clear(self) -> Answer:
        """Say that nothing newer exists."""
        nonce = self.band.nonce(NoncePurpose.CLEARANCE)
        word = Clearance(nonce, now_s(self.band), 0, 0, 0)
        return self.hand("clearance").says(self.band, Operation.CLEARANCE, word)

    def shift_clock(self, ahead_ms: int) -> Answer:
        word = TimeToken(self.band.nonce(NoncePurpose.TIME), now_s(self.band) * 1000 + ahead_ms)
        return self.hand("time").says(self.band, Operation.SET_TIME, word)

    def enrol_own_app(self) -> Answer:
        """Enrol a fresh app of its own, which takes control, and answer for the person."""
        self.app_number += 1
        own = SoftwareKey.generate()
        public = own.public_key.data
        said = Enrolment(public, public, PATIENT_ID, self.app_number, NOW_S - 60, FAR_S)
        answer = self.hand("enrolment").enrols(self.band, said)
        self.band.clinic.app = own
        return answer

    def receipt(self) -> Answer:
        head = head_of(self.band)
        word = Receipt(head.epoch, head.number, head.hash)
        return self.hand("receipt").says(self.band, Operation.RECEIPT, word)

    def do_its_worst(self) -> None:
        """Everything that its keys are good for, in one go."""
        for ahead_ms in (HOUR_MS, 2_000, 0, -2_000, 300 * DAY_MS):
            self.shift_clock(ahead_ms)
        self.clear()
        assert self.enrol_own_app().status is StatusCode.OK
        self.band.answer_gates()
        for operation in (Operation.TRAINING_DONE, Operation.SIDE_EFFECT_ANSWERS):
            Hand(self.safe, replace(self.safe["app"], key=self.band.clinic.app)).tries(
                self.band, operation
            )
        self.receipt()


@pytest.fixture
def cloud(band: Band) -> Cloud:
    return Cloud(band)


def amendment(band: Band, **changes: Any) -> prescriptions.Prescription:
    named = band.firmware.status().prescription_hash
    plain = itbs(serial=2, replaces_hash=named, new_course=False)
    return replace(plain, **changes)


def test_its_keys_together_are_taken_for_no_other_operation(cloud: Cloud) -> None:
    before = len(cloud.band.records)
    for operation in set(SIGNED_OPERATIONS) - CLOUDS_OPERATIONS:
        for name in CLOUDS_KEYS:
            assert not cloud.hand(name).tries(cloud.band, operation), (name, operation.name)
    assert len(cloud.band.records) == before


def test_an_app_that_it_enrols_is_taken_for_an_apps_operations_only(cloud: Cloud) -> None:
    cloud.enrol_own_app()
    own = Hand(cloud.safe, replace(cloud.safe["app"], key=cloud.band.clinic.app))
    for operation in (
        Operation.INSTALL,
        Operation.LIFT_HOLD,
        Operation.SUPERVISE,
        Operation.ATTEST_TIME,
        Operation.REVOKE,
        Operation.ROTATE_ROOT,
        Operation.RESET,
        Operation.RETIRE,
        Operation.PROVISION,
    ):
        assert not own.tries(cloud.band, operation), operation.name


class TestLocks:
    """No interval and no window ends sooner."""

    @pytest.mark.parametrize("pulses", [40, 600])
    def test_interval_and_day_window_end_when_they_would_have(
        self, cloud: Cloud, pulses: int
    ) -> None:
        band = cloud.band
        treat(band, pulses)
        would_end = self.ends(band)
        assert [code.name for code in would_end] == ["SESSION_INTERVAL", "DAY_WINDOW"]
        for code, end_ms in would_end.items():
            while (left_ms := end_ms - 1 - band.firmware.status().proven_ms) > 0:
                cloud.do_its_worst()
                assert band.arm().status is StatusCode.LOCKED
                band.skip(min(left_ms, 5 * HOUR_MS))
            cloud.do_its_worst()
            assert self.ends(band)[code] == end_ms
            assert band.arm().status is StatusCode.LOCKED
            band.skip(1)
            assert code not in band.reasons

    def ends(self, band: Band) -> dict[ReasonCode, int]:
        """The locks that only time ends, the first to end first."""
        found = {
            ReasonCode(reason.code): reason.ends_proven_ms
            for reason in band.firmware.status().reasons
            if reason.ends_proven_ms is not None
        }
        return dict(sorted(found.items(), key=lambda each: each[1]))

    def test_the_week_ends_when_it_would_have(self, cloud: Cloud) -> None:
        band = cloud.band
        for _ in range(5):
            treat(band, 600)
            band.skip(20 * HOUR_MS + 1)
            band.clear()
            band.answer_gates()
        assert ReasonCode.WEEK_WINDOW in band.reasons
        would_open_ms = opens_ms(band)
        cloud.do_its_worst()
        band.skip(would_open_ms - band.firmware.status().proven_ms - 1)
        cloud.do_its_worst()
        assert ReasonCode.WEEK_WINDOW in band.reasons
        assert band.arm().status is StatusCode.LOCKED

    def test_a_lost_clock_gives_it_no_proven_time(self, cloud: Cloud) -> None:
        band = cloud.band
        treat(band, 40)
        would_open_ms = opens_ms(band)
        band.board.clock.break_supply()
        band.reboot(off_ms=30 * DAY_MS)
        for ahead_ms in (0, 60 * DAY_MS):
            cloud.shift_clock(ahead_ms)
            band.skip(HOUR_MS)
            cloud.shift_clock(ahead_ms)
        assert opens_ms(band) == would_open_ms
        assert band.firmware.status().proven_ms < would_open_ms


class TestPulses:
    """Nothing fires that no prescriber signed, and nothing without the button."""

    def test_it_installs_nothing_and_brings_nothing_old_back(self, cloud: Cloud) -> None:
        band = cloud.band
        first = band.clinic.prescribe(itbs())
        assert band.install(amendment(band)).status is StatusCode.OK
        band.blob(BlobKind.PRESCRIPTION, first)
        assert band.ask(Operation.INSTALL).status is StatusCode.REFUSED
        forged = prescriptions.to_bytes(amendment(band, serial=3))
        for name in CLOUDS_KEYS:
            answer = cloud.hand(name).installs(band, forged)
            assert answer.status is StatusCode.NOT_TRUSTED, name
        assert len(band.bodies(PrescriptionInstalledBody)) == 2

    def test_it_arms_and_waits_in_vain_for_the_button(self, cloud: Cloud) -> None:
        band = cloud.band
        cloud.enrol_own_app()
        band.answer_gates()
        assert band.arm().status is StatusCode.OK
        band.sealed(Operation.OPEN_START_WINDOW)
        assert band.sealed(Operation.START).status is StatusCode.BUTTON_NEEDED
        band.run(130_000, beat=True)
        assert (band.fired, band.state) == (0, DeviceState.IDLE)
        assert not band.bodies(SessionOpenedBody)

    def test_it_cannot_arm_past_the_end_of_what_was_signed(self, cloud: Cloud) -> None:
        band = cloud.band
        band.skip(60 * DAY_MS)
        cloud.do_its_worst()
        assert ReasonCode.EXPIRED in band.reasons
        assert band.arm().status is StatusCode.LOCKED

    def test_no_recorded_message_is_good_again(self, cloud: Cloud) -> None:
        band = cloud.band
        nonce = band.nonce(NoncePurpose.CLEARANCE)
        word = band.clinic.clearance(nonce, now_s(band), serial=1)
        clearance = StatementArguments(word, band.clinic.certificate(Purpose.CLEARANCE))
        assert band.ask(Operation.CLEARANCE, clearance).status is StatusCode.OK
        arm = band.arm_request()
        assert band.resend_arm(arm).status is StatusCode.OK
        band.must(Operation.STOP)
        for _ in range(2):
            assert band.resend_arm(arm).status is StatusCode.NONCE_UNKNOWN
            assert band.ask(Operation.CLEARANCE, clearance).status is StatusCode.NONCE_UNKNOWN
            band.reboot()


class TestHolds:
    """What holds stays held; what is kept back is kept back for a time only."""

    def place(self, cloud: Cloud, kind: HoldKind) -> None:
        hold = PlaceHold(b"h" * 16, kind, HoldSource.APP, "patient", 0)
        signed = sign1.sign(hold, audience=DEVICE_ID, signer=cloud.persons_app)
        cloud.band.must(Operation.PLACE_HOLD, StatementArguments(signed))

    def days(self, cloud: Cloud, count: int) -> Iterator[int]:
        for day in range(1, count + 1):
            cloud.band.skip(DAY_MS)
            cloud.do_its_worst()
            yield day

    def test_it_lifts_no_safety_hold(self, cloud: Cloud) -> None:
        self.place(cloud, HoldKind.SAFETY)
        for _ in self.days(cloud, 30):
            assert ReasonCode.HOLD in cloud.band.reasons
        assert not cloud.band.bodies(HoldLiftedBody)

    def test_a_rest_hold_lasts_its_72_hours(self, cloud: Cloud) -> None:
        self.place(cloud, HoldKind.REST)
        assert all(ReasonCode.HOLD in cloud.band.reasons for _ in self.days(cloud, 2))
        cloud.band.skip(DAY_MS - 1)
        cloud.do_its_worst()
        assert ReasonCode.HOLD in cloud.band.reasons

    def test_it_can_make_a_rest_hold_stay_and_not_make_it_end(self, cloud: Cloud) -> None:
        self.place(cloud, HoldKind.REST)
        said = ConfirmHold(b"h" * 16)
        answer = cloud.hand("hold").says(cloud.band, Operation.CONFIRM_HOLD, said)
        assert answer.status is StatusCode.OK
        cloud.band.skip(4 * DAY_MS)
        assert ReasonCode.HOLD in cloud.band.reasons

    def test_a_recorded_lift_lifts_no_later_hold(self, cloud: Cloud) -> None:
        band = cloud.band
        band.place_hold(1)
        assert cloud.hand("lift_hold").tries(band, Operation.LIFT_HOLD)
        lift = cloud.safe["lift_hold"]
        band.place_hold(2, b"i" * 16)
        for name in CLOUDS_KEYS:
            forged = Hand(cloud.safe, replace(cloud.safe[name], certificate=lift.certificate))
            assert not forged.tries(band, Operation.LIFT_HOLD)
        assert ReasonCode.HOLD in band.reasons

    def test_silent_it_delays_a_hold_by_the_clearance_limit(self, cloud: Cloud) -> None:
        """The hold was asked for and never sent; nothing else is sent either (R20)."""
        limit_ms = itbs().clearance_limit_s * 1000
        cloud.band.skip(limit_ms - 1)
        assert ReasonCode.CLEARANCE_OLD not in cloud.band.reasons
        cloud.band.skip(1)
        assert cloud.band.reasons >= {ReasonCode.CLEARANCE_OLD}

    def test_while_the_clearance_key_says_the_truth_it_delays_none(self, cloud: Cloud) -> None:
        """Whoever keeps a hold back while the clearance key says the truth gains nothing."""
        cloud.band.clear(hold=1)
        assert cloud.band.reasons >= {ReasonCode.HOLD_ON_ITS_WAY}
        assert cloud.enrol_own_app().status is StatusCode.OK
        assert cloud.band.arm().status is StatusCode.LOCKED

    def test_lying_it_hides_a_hold_no_longer_than_its_keys_certificate(self, cloud: Cloud) -> None:
        """No nonce tells a band what was never signed. So a clearance ends with the certificate of
        its key, which outside a demonstration lasts no longer than the longest clearance limit."""
        liar = self.liar(cloud, days=7)
        for _ in range(6):
            cloud.band.skip(DAY_MS)
            self.lie(cloud, liar)
            assert ReasonCode.CLEARANCE_OLD not in cloud.band.reasons
        cloud.band.skip(DAY_MS)
        self.lie(cloud, liar)
        assert cloud.band.reasons >= {ReasonCode.CLEARANCE_OLD}

    def test_a_clearance_key_of_a_longer_certificate_is_none(self, tmp_path: Path) -> None:
        band = Band(tmp_path / "band", Clinic(demo=False))
        band.provision()
        refused = band.clear()
        assert (refused.status, refused.result.code) == (
            StatusCode.NOT_TRUSTED,
            "certificate_too_long",
        )

    def liar(self, cloud: Cloud, *, days: int) -> Hand:
        held = cloud.safe["clearance"]
        said = sign1.peek(held.certificate or b"").body
        short = cloud.band.clinic.certify(
            replace(_certificate(said), not_after_s=NOW_S + days * DAY_S)
        )
        return Hand(cloud.safe, replace(held, certificate=short))

    def lie(self, cloud: Cloud, liar: Hand) -> None:
        nonce = cloud.band.nonce(NoncePurpose.CLEARANCE)
        word = Clearance(nonce, now_s(cloud.band), 0, 0, 0)
        liar.says(cloud.band, Operation.CLEARANCE, word)


def _certificate(body: Any) -> Certificate:
    return fields.from_map(Certificate, body)


def test_the_person_ends_it_all_by_a_hold_of_their_own(cloud: Cloud) -> None:
    """No key of the cloud's keeps the person's own phone from holding."""
    cloud.do_its_worst()
    TestHolds().place(cloud, HoldKind.SAFETY)
    cloud.do_its_worst()
    assert cloud.band.arm().status is StatusCode.LOCKED
