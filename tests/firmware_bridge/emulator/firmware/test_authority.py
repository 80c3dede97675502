"""R17, R18, R20, R22, R23: whose word counts, for which band and person, and in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import pytest

from shared.dose.prescription import Part, Prescription
from shared.dose.reasons import ReasonCode
from shared.trust.keys import SoftwareKey
from shared.trust.statements import Purpose, Scope
from shared.wire import fields
from shared.wire.blob_parts import HEAD_BYTES, Verdict, Word, parts, stream_of
from shared.wire.items import SignedPrescription
from shared.wire.operations import (
    Answer,
    BlobKind,
    NoncePurpose,
    Operation,
    StatementArguments,
    StatusCode,
)
from shared.wire.records import PrescriptionInstalledBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import LINK, Band
from tests.shared.clinic import DAY_S, NOW_S, Clinic, itbs

STRANGER = SoftwareKey.generate()


def amendment(band: Band, **changes: Any) -> Prescription:
    """Return serial 2, which replaces what is installed."""
    named: dict[str, Any] = {
        "serial": 2,
        "replaces_hash": band.firmware.status().prescription_hash,
        "new_course": False,
    }
    return itbs(**{**named, **changes})


def code(answer: Answer) -> str:
    """Return why an answer refuses."""
    assert answer.status is not StatusCode.OK
    said: str = answer.result.code
    return said


class TestSerial:
    """R17."""

    def test_an_amendment_replaces_the_one_that_it_names(self, band: Band) -> None:
        assert band.install(amendment(band)).status is StatusCode.OK
        assert band.firmware.status().serial == 2

    @pytest.mark.parametrize(("serial", "taken"), [(1000, True), (1001, True), (1002, False)])
    def test_a_serial_rises_by_at_most_1000(self, band: Band, serial: int, taken: bool) -> None:
        answer = band.install(amendment(band, serial=serial))
        assert (answer.status is StatusCode.OK) is taken

    def test_the_same_bytes_again_are_already_installed(self, band: Band) -> None:
        assert code(band.install()) == "already_installed"
        assert len(band.bodies(PrescriptionInstalledBody)) == 1

    def test_the_same_serial_with_other_bytes_is_refused_as_such(self, band: Band) -> None:
        other = amendment(band, serial=1)
        assert code(band.install(other)) == "serial_taken"

    def test_an_older_serial_is_refused(self, band: Band) -> None:
        assert band.install(amendment(band)).status is StatusCode.OK
        assert code(band.install(itbs())) == "serial_not_next"

    def test_one_that_names_another_predecessor_is_refused(self, band: Band) -> None:
        assert code(band.install(amendment(band, replaces_hash=bytes(32)))) == "replaces_another"
        assert code(band.install(amendment(band, replaces_hash=None))) == "replaces_another"

    def test_another_course_is_opened_only_by_bytes_that_say_so(self, band: Band) -> None:
        other = amendment(band, course_id=b"d" * 16)
        assert code(band.install(other)) == "course_not_opened"
        opened = replace(other, new_course=True)
        assert band.install(opened).status is StatusCode.OK

    def test_later_than_install_by_it_is_refused(self, owned_band: Band) -> None:
        owned_band.skip((7 * DAY_S + 1) * 1000)
        assert code(owned_band.install()) == "install_by_passed"

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"device_id": b"x" * 16}, "other_device"),
            ({"patient_id": b"x" * 16}, "other_patient"),
            ({"clinic_id": b"elsewhere"}, "other_clinic"),
            ({"beat_limit_ms": 6000}, "outside_envelope"),
        ],
    )
    def test_what_is_not_for_here_is_refused(
        self, owned_band: Band, changes: dict[str, Any], why: str
    ) -> None:
        assert code(owned_band.install(itbs(**changes))) == why
        assert owned_band.reasons >= {ReasonCode.NO_PRESCRIPTION}

    def test_nothing_is_installed_while_a_session_is_armed(self, band: Band) -> None:
        following = amendment(band, beat_limit_ms=4000)
        band.arm()
        assert code(band.install(following)) == "not_idle"
        assert band.state is DeviceState.ARMED

    def test_a_refused_amendment_leaves_the_one_in_force(self, band: Band) -> None:
        before = band.firmware.status()
        band.install(amendment(band), origin="http://cloud.localhost:8000")
        band.reboot()
        assert band.firmware.status().prescription_hash == before.prescription_hash
        assert band.firmware.status().serial == 1

    def test_the_one_in_force_is_found_again_after_a_reboot(self, band: Band) -> None:
        band.install(amendment(band))
        band.reboot()
        assert band.firmware.status().serial == 2
        assert ReasonCode.NO_PRESCRIPTION not in band.reasons

    def test_a_page_that_no_record_names_counts_for_nothing(self, band: Band) -> None:
        """A power cut between page and record."""
        log = band.folder / "flash" / "log"
        size = log.stat().st_size
        band.install(amendment(band))
        band.power_cut()
        log.write_bytes(log.read_bytes()[:size])
        band.power_on()
        assert band.firmware.status().serial == 1
        assert ReasonCode.NO_PRESCRIPTION not in band.reasons


class TestSignature:
    """R18: each way in which a prescriber's word can be none."""

    CASES: ClassVar[dict[str, tuple[dict[str, Any], str]]] = {
        "made at the cloud's origin": (
            {"origin": "http://cloud.localhost:8000", "rp_id": "cloud.localhost"},
            "trust_origin",
        ),
        "made at an origin that begins like the desk's": (
            {"origin": "http://desk.localhost:81234"},
            "trust_origin",
        ),
        "made for another site": ({"rp_id": "cloud.localhost"}, "trust_rp_id"),
        "made inside another page": ({"cross_origin": True}, "trust_cross_origin"),
        "nobody verified": ({"flags": 0x01}, "trust_user"),
        "nobody present": ({"flags": 0x04}, "trust_user"),
        "a passkey that is copied": ({"flags": 0x0D}, "trust_backup"),
        "an unknown key": ({"signer": STRANGER}, "trust_signature"),
        "a certificate by an unknown root": ({"root": STRANGER}, "trust_issuer"),
    }

    @pytest.mark.parametrize("case", list(CASES))
    def test_it_is_refused(self, owned_band: Band, case: str) -> None:
        ways, why = self.CASES[case]
        assert code(owned_band.install(**ways)) == why
        assert not owned_band.bodies(PrescriptionInstalledBody)

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"not_after_s": NOW_S - 1}, "trust_expired"),
            ({"not_before_s": NOW_S + DAY_S}, "trust_not_yet"),
            ({"purpose": Purpose.ENROLMENT}, "trust_purpose"),
            ({"scopes": (Scope.LIFT_HOLD, Scope.SUPERVISE)}, "trust_scope"),
            ({"backup_eligible": True}, "trust_backup"),
        ],
    )
    def test_a_certificate_that_does_not_hold_is_refused(
        self, owned_band: Band, changes: dict[str, Any], why: str
    ) -> None:
        owned_band.skip(1000)
        certificate = owned_band.clinic.staff_certificate(**changes)
        assert code(owned_band.install(certificate=certificate)) == why

    def test_bytes_changed_after_signing_are_refused(self, owned_band: Band) -> None:
        signed = fields.unpack(SignedPrescription, owned_band.clinic.prescribe(itbs()))
        other = fields.unpack(SignedPrescription, owned_band.clinic.prescribe(itbs(serial=2)))
        swapped = replace(signed, prescription=other.prescription)
        owned_band.blob(BlobKind.PRESCRIPTION, fields.pack(swapped))
        assert code(owned_band.ask(Operation.INSTALL)) == "trust_bytes"

    def test_a_certificate_is_judged_at_install_only(self, owned_band: Band) -> None:
        short = owned_band.clinic.staff_certificate(not_after_s=NOW_S + 60)
        assert owned_band.install(certificate=short).status is StatusCode.OK
        owned_band.skip(120_000)
        owned_band.clear()
        owned_band.answer_gates()
        assert owned_band.reasons == set()

    def test_bytes_that_are_no_prescription_are_refused(self, owned_band: Band) -> None:
        owned_band.blob(BlobKind.PRESCRIPTION, b"\xa1\x01\x02")
        assert code(owned_band.ask(Operation.INSTALL)) == "prescription_unreadable"


class TestBlob:
    """What is too large for one message arrives whole or not at all."""

    def test_truncated_it_waits_for_the_rest_and_nothing_is_installed(
        self, owned_band: Band
    ) -> None:
        stream = stream_of(BlobKind.PRESCRIPTION, owned_band.clinic.prescribe(itbs()))
        assert owned_band.say_parts(b"\0" + stream[:400]) == []
        assert code(owned_band.ask(Operation.INSTALL)) == "no_prescription"
        assert owned_band.reasons >= {ReasonCode.NO_PRESCRIPTION}

    def test_other_bytes_than_announced_are_not_kept(self, owned_band: Band) -> None:
        stream = stream_of(BlobKind.PRESCRIPTION, b"abc")
        (word,) = owned_band.say_parts(b"\0" + stream[:-1] + b"d")
        assert (word.verdict, word.held) == (Verdict.OTHER_BYTES, 0)
        assert code(owned_band.ask(Operation.INSTALL)) == "no_prescription"

    def test_after_a_break_it_goes_on_where_it_stood(self, owned_band: Band) -> None:
        data = owned_band.clinic.prescribe(itbs())
        owned_band.say_parts(b"\0" + stream_of(BlobKind.PRESCRIPTION, data)[: HEAD_BYTES + 300])
        owned_band.firmware.disconnected()
        owned_band.firmware.connected(LINK)
        question = stream_of(BlobKind.PRESCRIPTION, data, stream=7, offset=None)
        assert owned_band.say_parts(b"\0" + question) == [Word(7, Verdict.GO_ON, 300)]
        rest = stream_of(BlobKind.PRESCRIPTION, data, offset=300)
        (word,) = owned_band.say_parts(*parts(rest, 400))
        assert word.verdict is Verdict.WHOLE
        assert owned_band.must(Operation.INSTALL) is not None

    def test_a_stream_does_not_go_on_over_another_link(self, owned_band: Band) -> None:
        first, *others = parts(stream_of(BlobKind.PRESCRIPTION, bytes(400)), 100)
        owned_band.say_parts(first)
        owned_band.firmware.disconnected()
        owned_band.firmware.connected(LINK)
        assert owned_band.say_parts(*others) == []

    def test_a_reboot_forgets_what_was_held_and_what_waited(self, owned_band: Band) -> None:
        owned_band.blob(BlobKind.PRESCRIPTION, b"a blob")
        owned_band.say_parts(b"\0" + stream_of(BlobKind.CERTIFICATE, bytes(400))[:300])
        owned_band.reboot()
        for kind, data in ((BlobKind.PRESCRIPTION, b"a blob"), (BlobKind.CERTIFICATE, bytes(400))):
            (word,) = owned_band.say_parts(b"\0" + stream_of(kind, data, offset=None))
            assert (word.verdict, word.held) == (Verdict.GO_ON, 0)

    def test_over_a_weak_link_no_part_is_taken_and_nothing_said(self, owned_band: Band) -> None:
        weak = replace(LINK, authenticated=False)
        part = b"\0" + stream_of(BlobKind.PRESCRIPTION, b"abc")
        assert owned_band.say_parts(part, link=weak) == []
        assert code(owned_band.ask(Operation.INSTALL)) == "no_prescription"


class TestClearance:
    """R20."""

    def test_without_word_from_the_clinic_nothing_opens(self, owned_band: Band) -> None:
        owned_band.install()
        assert ReasonCode.CLEARANCE_MISSING in owned_band.reasons

    def test_word_is_good_to_its_last_second(self, band: Band) -> None:
        band.skip(7 * DAY_S * 1000 - 1)
        assert ReasonCode.CLEARANCE_OLD not in band.reasons
        band.skip(1)
        assert ReasonCode.CLEARANCE_OLD in band.reasons
        band.clear()
        assert ReasonCode.CLEARANCE_OLD not in band.reasons

    def test_a_newer_serial_that_is_not_here_locks(self, band: Band) -> None:
        band.clear(serial=2)
        assert ReasonCode.NEWER_VERSION_EXISTS in band.reasons
        band.install(amendment(band))
        assert ReasonCode.NEWER_VERSION_EXISTS not in band.reasons

    def test_a_hold_on_its_way_locks(self, band: Band) -> None:
        band.clear(hold=1)
        assert ReasonCode.HOLD_ON_ITS_WAY in band.reasons

    def give(self, band: Band, word: bytes, purpose: Purpose = Purpose.CLEARANCE) -> Answer:
        certificate = band.clinic.certificate(purpose)
        return band.ask(Operation.CLEARANCE, StatementArguments(word, certificate))

    def test_it_answers_a_nonce_once(self, band: Band) -> None:
        nonce = band.nonce(NoncePurpose.CLEARANCE)
        word = band.clinic.clearance(nonce, NOW_S, serial=1)
        assert self.give(band, word).status is StatusCode.OK
        assert self.give(band, word).status is StatusCode.NONCE_UNKNOWN

    def test_a_nonce_for_something_else_does_not_do(self, band: Band) -> None:
        word = band.clinic.clearance(band.nonce(NoncePurpose.TIME), NOW_S, serial=1)
        assert self.give(band, word).status is StatusCode.NONCE_UNKNOWN

    def test_a_nonce_dies_with_its_ten_minutes_and_with_a_reboot(self, band: Band) -> None:
        word = band.clinic.clearance(band.nonce(NoncePurpose.CLEARANCE), NOW_S, serial=1)
        band.skip(600_000)
        assert code(self.give(band, word)) == "nonce_expired"
        word = band.clinic.clearance(band.nonce(NoncePurpose.CLEARANCE), NOW_S, serial=1)
        band.reboot()
        assert code(self.give(band, word)) == "nonce_unknown"

    def test_word_from_the_future_or_older_than_the_newest_is_refused(self, band: Band) -> None:
        band.skip(60_000)
        for issued_s, why in (
            (NOW_S + 60 + 601, "clearance_from_the_future"),
            (NOW_S - 1, "clearance_not_newer"),
        ):
            nonce = band.nonce(NoncePurpose.CLEARANCE)
            assert code(self.give(band, band.clinic.clearance(nonce, issued_s, serial=1))) == why

    def test_another_purposes_key_cannot_clear(self, band: Band) -> None:
        word = band.clinic.clearance(band.nonce(NoncePurpose.CLEARANCE), NOW_S, serial=1)
        assert code(self.give(band, word, Purpose.TIME)) == "trust_purpose"


class TestApp:
    """R22."""

    def enrol(self, band: Band, enrolment: bytes) -> Answer:
        band.blob(BlobKind.ENROLMENT, enrolment)
        band.blob(BlobKind.CERTIFICATE, band.clinic.certificate(Purpose.ENROLMENT))
        return band.ask(Operation.AUTHORIZE_APP)

    def test_an_enrolment_for_another_patient_is_refused(self, owned_band: Band) -> None:
        other = owned_band.clinic.enrolment(patient_id=b"x" * 16, number=2)
        assert code(self.enrol(owned_band, other)) == "other_patient"

    def test_an_expired_one_and_an_older_one_are_refused(self, owned_band: Band) -> None:
        clinic = owned_band.clinic
        old = clinic.enrolment(number=2, not_after_s=NOW_S - 1)
        assert code(self.enrol(owned_band, old)) == "enrolment_expired"
        assert self.enrol(owned_band, clinic.enrolment(number=3)).status is StatusCode.OK
        older = clinic.enrolment(app_key=STRANGER.public_key.data, number=2)
        assert code(self.enrol(owned_band, older)) == "enrolment_not_newer"

    def test_the_newer_app_takes_control_and_the_third_the_oldest_ones_place(
        self, band: Band
    ) -> None:
        old_app, band.clinic.app = band.clinic.app, SoftwareKey.generate()
        assert self.enrol(band, band.clinic.enrolment(number=2)).status is StatusCode.OK
        assert band.arm().status is StatusCode.OK
        band.must(Operation.STOP)
        second, band.clinic.app = band.clinic.app, old_app
        assert code(band.arm()) == "not_in_control"
        band.clinic.app = SoftwareKey.generate()
        assert self.enrol(band, band.clinic.enrolment(number=3)).status is StatusCode.OK
        for app, why in ((old_app, "trust_issuer"), (second, "not_in_control")):
            band.clinic.app = app
            assert code(band.arm()) == why

    def test_control_does_not_pass_to_another_app_while_armed(self, band: Band) -> None:
        band.arm()
        assert code(self.enrol(band, band.clinic.enrolment(number=2))) == "not_idle"

    def test_the_arm_request_names_the_patient(self, band: Band) -> None:
        assert code(band.arm(patient_id=b"x" * 16)) == "other_patient"

    def test_the_arm_request_names_the_prescription_in_force(self, band: Band) -> None:
        assert code(band.arm(prescription_hash=bytes(32))) == "other_prescription"

    def test_a_strangers_arm_request_is_refused(self, band: Band) -> None:
        band.clinic.app = STRANGER
        assert code(band.arm()) == "trust_issuer"
        assert band.state is DeviceState.IDLE

    def test_the_band_shows_the_initials(self, band: Band) -> None:
        assert band.firmware.display.text.startswith("T.P.")


class TestOwner:
    """R23."""

    def offer(self, band: Band, clinic: Clinic, transfer: bytes | None = None) -> Answer:
        band.blob(BlobKind.TRANSFER, transfer or clinic.transfer())
        band.blob(BlobKind.CERTIFICATE, clinic.certificate(Purpose.ENROLMENT))
        band.blob(BlobKind.ASSIGNMENT, clinic.assignment())
        return band.ask(Operation.PROVISION)

    def test_the_button_has_to_agree_within_a_minute(self, new_band: Band) -> None:
        assert self.offer(new_band, new_band.clinic).status is StatusCode.BUTTON_NEEDED
        new_band.skip(60_000)
        new_band.press()
        assert new_band.state is DeviceState.UNPROVISIONED
        assert new_band.records == []

    def test_after_the_button_it_belongs_to_the_clinic_and_to_nobody_else(
        self, new_band: Band
    ) -> None:
        self.offer(new_band, new_band.clinic)
        new_band.press()
        assert new_band.state is DeviceState.IDLE
        assert code(self.offer(new_band, new_band.clinic)) == "already_provisioned"
        new_band.reboot()
        assert code(self.offer(new_band, new_band.clinic)) == "already_provisioned"

    def test_another_makers_transfer_is_refused(self, new_band: Band) -> None:
        clinic = new_band.clinic
        clinic.manufacturer = STRANGER
        assert code(self.offer(new_band, clinic)) == "trust_issuer"
        new_band.press()
        assert new_band.state is DeviceState.UNPROVISIONED

    def test_another_devices_transfer_is_refused(self, new_band: Band) -> None:
        clinic = new_band.clinic
        assert code(self.offer(new_band, clinic, clinic.transfer(b"x" * 16))) == "trust_audience"

    def test_another_clinics_assignment_is_refused(self, new_band: Band) -> None:
        clinic = new_band.clinic
        assert code(self.offer(new_band, Clinic(), clinic.transfer())) == "trust_issuer"

    def test_a_power_cut_before_the_first_record_leaves_it_to_nobody(self, new_band: Band) -> None:
        self.offer(new_band, new_band.clinic)
        new_band.press()
        new_band.power_cut()
        (new_band.folder / "flash" / "log").write_bytes(b"")
        (new_band.folder / "counter" / "cell").unlink()
        new_band.power_on()
        assert new_band.state is DeviceState.UNPROVISIONED

    def test_unprovisioned_it_arms_nothing(self, new_band: Band) -> None:
        assert new_band.arm().status is StatusCode.NOT_PROVISIONED


def test_a_prescription_of_two_parts_or_over_full_output_is_not_installed(
    owned_band: Band,
) -> None:
    part: Part = itbs().parts[0]
    assert code(owned_band.install(itbs(parts=(part, part)))) == "outside_envelope"
    hot = replace(itbs().threshold, percent_mso=90)
    assert code(owned_band.install(itbs(threshold=hot))) == "outside_envelope"
