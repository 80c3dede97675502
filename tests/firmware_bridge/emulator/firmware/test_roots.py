"""R18, R25: keys whose word is taken back, other roots, a colleague's word for the same bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose import changes
from shared.dose.changes import Issue
from shared.dose.prescription import OpeningBalance, Prescription, Replacement
from shared.dose.reasons import ReasonCode
from shared.trust.keys import SoftwareKey
from shared.trust.staff_words import HandOver, HandOverPurpose
from shared.trust.statements import (
    Postpone,
    Purpose,
    Revocation,
    RevocationKind,
    RootRotation,
)
from shared.wire.operations import Answer, NoncePurpose, Operation, StatusCode
from shared.wire.records import (
    CloseCause,
    PrescriptionInstalledBody,
    RevocationBody,
    RootRotatedBody,
    SessionClosedBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.shared.clinic import DAY_S, DEVICE_ID, NOW_S, PATIENT_ID, Clinic, itbs

COLLEAGUE = SoftwareKey.generate()
NEW_ROOT, NEW_RECOVERY = SoftwareKey.generate(), SoftwareKey.generate()


def revoke(
    band: Band,
    key: SoftwareKey,
    kind: RevocationKind = RevocationKind.COMPROMISED,
    *,
    number: int = 1,
    until_s: int = NOW_S,
    root: SoftwareKey | None = None,
) -> Answer:
    said = Revocation(number, key.public_key.key_id, kind, NOW_S, until_s)
    return band.root_says(Operation.REVOKE, said, root)


def left(band: Band, days: int = 30, *, number: int = 1) -> Answer:
    until_s = NOW_S + days * DAY_S
    return revoke(band, band.clinic.staff, RevocationKind.LEFT, number=number, until_s=until_s)


def by_colleague(band: Band, prescription: Prescription | None = None) -> Answer:
    certificate = band.clinic.staff_certificate(public_key=COLLEAGUE.public_key.data)
    return band.install(prescription, signer=COLLEAGUE, certificate=certificate)


def following() -> Prescription:
    return changes.amend(itbs(), Issue(2, NOW_S, NOW_S + DAY_S))


class TestCompromised:
    """Locked at once, and nothing more by that key."""

    def test_a_running_session_closes_and_the_lock_names_the_reason(self, band: Band) -> None:
        band.start()
        band.run_until_fired(40)
        fired = band.fired
        assert granted(revoke(band, band.clinic.staff))
        band.run(10_000)
        assert band.fired == fired
        assert band.bodies(SessionClosedBody)[-1].cause is CloseCause.PRESCRIPTION_ENDED
        assert ReasonCode.SIGNER_REVOKED in band.reasons

    def test_it_disarms_and_stays_over_a_reboot(self, band: Band) -> None:
        band.arm()
        revoke(band, band.clinic.staff)
        assert band.state is DeviceState.IDLE
        band.reboot()
        assert ReasonCode.SIGNER_REVOKED in band.reasons

    def test_a_session_of_the_revoked_app_closes_too(self, band: Band) -> None:
        band.start()
        band.run_until_fired(40)
        assert granted(revoke(band, band.clinic.app))
        fired = band.fired
        band.run(10_000)
        assert band.fired == fired

    def test_another_prescribers_session_goes_on(self, band: Band) -> None:
        band.start()
        band.run_until_fired(40)
        assert granted(revoke(band, COLLEAGUE))
        band.run_until_fired(80)
        assert band.state is DeviceState.STIMULATING

    def test_nothing_new_by_that_key_is_taken(self, band: Band) -> None:
        revoke(band, band.clinic.staff)
        assert code(band.install(following())) == "key_revoked"
        head = band.head()
        word = HandOver(DEVICE_ID, head.epoch, head.number, head.hash, HandOverPurpose.RESET)
        assert code(band.staff_says(Operation.RESET, word)) == "key_revoked"

    def test_a_servers_key_counts_no_more(self, band: Band) -> None:
        purposes = (Purpose.CLEARANCE, Purpose.TIME, Purpose.HOLD)
        for number, purpose in enumerate(purposes, start=1):
            assert granted(revoke(band, band.clinic.online[purpose], number=number))
        for answer in (band.clear(), band.set_time(), band.place_hold()):
            assert code(answer) == "key_revoked"

    def test_an_apps_key_counts_no_more(self, band: Band) -> None:
        revoke(band, band.clinic.app)
        assert code(band.arm()) == "key_revoked"
        word = Postpone(band.nonce(NoncePurpose.POSTPONE), PATIENT_ID, 60)
        assert code(band.app_says(Operation.POSTPONE, word)) == "key_revoked"
        assert code(band.enrol(band.clinic.app, number=2)) == "key_revoked"


class TestLeft:
    """Nothing new, and what is in force at most 30 days more."""

    def test_what_is_in_force_stands_until_the_named_date(self, band: Band) -> None:
        assert granted(left(band, 3))
        assert band.reasons == set()
        assert code(band.install(following())) == "key_revoked"
        band.skip(3 * DAY_S * 1000 - 1000)
        assert ReasonCode.SIGNER_LEFT not in band.reasons
        band.skip(1000)
        assert ReasonCode.SIGNER_LEFT in band.reasons

    def test_a_running_session_goes_on(self, band: Band) -> None:
        band.start()
        band.run_until_fired(40)
        assert granted(left(band, 1))
        band.run_until_fired(80)
        assert band.state is DeviceState.STIMULATING

    def test_without_a_clock_it_has_ended(self, band: Band) -> None:
        left(band)
        band.board.clock.break_supply()
        assert ReasonCode.SIGNER_LEFT in band.reasons

    @pytest.mark.parametrize(("days", "taken"), [(30, True), (31, False), (-1, False)])
    def test_the_date_is_at_most_30_days_on(self, band: Band, days: int, taken: bool) -> None:
        answer = left(band, days)
        assert (answer.status is StatusCode.OK) is taken
        if not taken:
            assert code(answer) == "revocation_until"


class TestRevocationsLine:
    """Consecutive numbers by the clinic's root, for the whole clinic."""

    def test_numbers_follow_each_other_without_a_gap(self, band: Band) -> None:
        assert code(revoke(band, COLLEAGUE, number=2)) == "revocation_not_next"
        assert granted(revoke(band, COLLEAGUE, number=1))
        assert code(revoke(band, COLLEAGUE, number=1)) == "revocation_known"
        assert granted(revoke(band, band.clinic.app, number=2))
        assert len(band.bodies(RevocationBody)) == 2

    def test_one_on_its_way_locks_by_clearance(self, band: Band) -> None:
        band.clear(revocation=1)
        assert ReasonCode.REVOCATION_ON_ITS_WAY in band.reasons
        revoke(band, COLLEAGUE)
        assert ReasonCode.REVOCATION_ON_ITS_WAY not in band.reasons

    def test_nobody_but_the_root_revokes(self, band: Band) -> None:
        for key in (band.clinic.recovery, band.clinic.online[Purpose.HOLD], COLLEAGUE):
            assert code(revoke(band, band.clinic.staff, root=key)) == "trust_issuer"
        assert band.reasons == set()

    def test_another_clinics_is_refused(self, band: Band) -> None:
        said = Revocation(1, bytes(16), RevocationKind.COMPROMISED, NOW_S, NOW_S)
        answer = band.says(Operation.REVOKE, said, band.clinic.root, audience=b"elsewhere")
        assert code(answer) == "trust_audience"

    def test_it_needs_no_clock(self, band: Band) -> None:
        band.board.clock.break_supply()
        assert granted(revoke(band, COLLEAGUE))

    def test_with_no_room_left_it_is_refused_and_the_clearance_locks(self, band: Band) -> None:
        for number in range(1, 65):
            key_id = number.to_bytes(16, "big")
            said = Revocation(number, key_id, RevocationKind.COMPROMISED, NOW_S, NOW_S)
            assert granted(band.root_says(Operation.REVOKE, said))
        assert code(revoke(band, COLLEAGUE, number=65)) == "revocations_full"
        band.clear(revocation=65)
        assert ReasonCode.REVOCATION_ON_ITS_WAY in band.reasons


class TestAdoption:
    """The same bytes by a colleague stand on the colleague's word."""

    def test_a_colleague_adopts_what_a_compromised_key_signed(self, band: Band) -> None:
        revoke(band, band.clinic.staff)
        assert granted(by_colleague(band))
        assert band.reasons == set()
        assert band.firmware.status().serial == 1
        bodies = band.bodies(PrescriptionInstalledBody)
        assert bodies[0].prescription_hash == bodies[1].prescription_hash
        assert bodies[0].signer != bodies[1].signer
        band.reboot()
        assert ReasonCode.NO_PRESCRIPTION not in band.reasons
        assert ReasonCode.SIGNER_REVOKED not in band.reasons

    def test_after_the_date_to_install_by_too(self, band: Band) -> None:
        left(band)
        band.skip(20 * DAY_S * 1000)
        assert granted(by_colleague(band))
        band.skip(11 * DAY_S * 1000)
        assert ReasonCode.SIGNER_LEFT not in band.reasons

    def test_while_the_signers_word_counts_it_is_already_installed(self, band: Band) -> None:
        assert code(by_colleague(band)) == "already_installed"
        assert len(band.bodies(PrescriptionInstalledBody)) == 1

    def test_a_revoked_colleague_adopts_nothing(self, band: Band) -> None:
        revoke(band, band.clinic.staff)
        revoke(band, COLLEAGUE, number=2)
        assert code(by_colleague(band)) == "key_revoked"

    def test_other_bytes_of_the_same_serial_are_not_adopted(self, band: Band) -> None:
        revoke(band, band.clinic.staff)
        other = replace(itbs(), beat_limit_ms=2000)
        assert code(by_colleague(band, other)) == "serial_taken"

    def test_a_treatment_is_adopted_though_a_titration_took_the_next_serial(
        self, band: Band
    ) -> None:
        titration = changes.titration(
            itbs(),
            Issue(2, NOW_S, NOW_S + DAY_S),
            not_before_s=NOW_S,
            not_after_s=NOW_S + DAY_S,
        )
        assert granted(band.install(titration))
        revoke(band, band.clinic.staff)
        assert granted(by_colleague(band))
        assert band.firmware.status().serial == 2
        assert ReasonCode.SIGNER_REVOKED not in band.reasons
        assert granted(by_colleague(band, titration))
        band.reboot()
        assert band.firmware.fault is None

    def test_an_opening_balance_is_not_opened_with_twice(self, owned_band: Band) -> None:
        opening = OpeningBalance(600, 1, 3000, 5, 6000, 10, 10)
        replacing = changes.replace_device(
            itbs(device_id=b"old device 16 by"),
            Issue(1, NOW_S, NOW_S + DAY_S),
            threshold=itbs().threshold,
            replacement=Replacement(b"old device 16 by", NOW_S, True, opening),
        )
        assert granted(owned_band.install(replacing))
        before = owned_band.firmware.ledger
        revoke(owned_band, owned_band.clinic.staff)
        assert granted(by_colleague(owned_band, replacing))
        after = owned_band.firmware.ledger
        assert after.course == before.course
        assert after.windows == before.windows


class TestRotation:
    """Other roots: by the old root or the recovery root, and the button."""

    said = RootRotation(1, NEW_ROOT.public_key.data, NEW_RECOVERY.public_key.data)

    def rotate(self, band: Band, root: SoftwareKey, **changed: Any) -> Answer:
        return band.root_says(Operation.ROTATE_ROOT, replace(self.said, **changed), root)

    def rotated(self, band: Band) -> Clinic:
        assert code(self.rotate(band, band.clinic.root)) == "press_the_button"
        band.press()
        old = replace(band.clinic)
        band.clinic.root, band.clinic.recovery = NEW_ROOT, NEW_RECOVERY
        return old

    def test_certificates_are_judged_by_the_new_root(self, band: Band) -> None:
        old = self.rotated(band)
        assert band.clear().status is StatusCode.OK
        new, band.clinic = band.clinic, old
        assert code(band.clear()) == "trust_issuer"
        band.clinic = new
        band.reboot()
        assert band.clear().status is StatusCode.OK

    def test_prescription_and_app_stay(self, band: Band) -> None:
        self.rotated(band)
        assert band.reasons == set()
        assert band.arm().status is StatusCode.OK

    def test_the_recovery_root_may(self, band: Band) -> None:
        assert code(self.rotate(band, band.clinic.recovery)) == "press_the_button"
        band.press()
        assert band.bodies(RootRotatedBody)[-1].number == 1

    def test_the_button_has_a_minute(self, band: Band) -> None:
        self.rotate(band, band.clinic.root)
        assert band.firmware.display.text == "Press to agree"
        band.skip(60_000)
        band.press()
        assert not band.bodies(RootRotatedBody)

    @pytest.mark.parametrize("key", ["staff", "app", "stranger"])
    def test_nobody_else_may(self, band: Band, key: str) -> None:
        signer = getattr(band.clinic, key, COLLEAGUE)
        assert code(self.rotate(band, signer)) == "trust_issuer"

    def test_numbers_follow_each_other(self, band: Band) -> None:
        assert code(self.rotate(band, band.clinic.root, number=2)) == "rotation_not_next"
        self.rotated(band)
        assert code(self.rotate(band, NEW_ROOT, number=1)) == "rotation_known"

    def test_roots_that_are_no_keys_are_refused(self, band: Band) -> None:
        for name in ("clinic_root", "recovery_root"):
            answer = self.rotate(band, band.clinic.root, **{name: bytes(33)})
            assert code(answer) == "trust_key"

    def test_while_armed_it_is_refused(self, band: Band) -> None:
        band.arm()
        assert code(self.rotate(band, band.clinic.root)) == "not_idle"

    def test_a_power_cut_between_page_and_record_leaves_the_old_roots(self, band: Band) -> None:
        self.rotate(band, band.clinic.root)
        with band.power_cut_before_next_record():
            band.press()
        assert band.firmware.fault is None
        assert band.clear().status is StatusCode.OK
        band.reboot()
        assert band.clear().status is StatusCode.OK
        self.rotated(band)
        assert band.clear().status is StatusCode.OK

    def test_after_a_reset_the_transfer_of_before_the_rotation_is_no_more_good(
        self, band: Band
    ) -> None:
        self.rotated(band)
        head = band.head()
        word = HandOver(DEVICE_ID, head.epoch, head.number, head.hash, HandOverPurpose.RESET)
        assert granted(band.staff_says(Operation.RESET, word))
        assignment = band.clinic.assignment(number=2)
        again = band.offer_owner(band.clinic, band.first_transfer, assignment)
        assert code(again) == "transfer_not_newer"
