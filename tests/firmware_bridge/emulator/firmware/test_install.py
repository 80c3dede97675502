"""R14, R17, R24, R26: ends, titrations, replacements, what only lowers, the accepted catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.dose import changes
from shared.dose.changes import Issue
from shared.dose.prescription import (
    OpeningBalance,
    Prescription,
    PrescriptionKind,
    Replacement,
)
from shared.dose.reasons import ReasonCode
from shared.stimulation.catalogue import catalogue
from shared.stimulation.recalled import closed_digest
from shared.trust import certificates, sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import (
    CatalogueAcceptance,
    Certificate,
    LedgerHead,
    Purpose,
)
from shared.wire.operations import Answer, BlobKind, Operation, StatusCode
from shared.wire.records import (
    CatalogueAcceptedBody,
    CloseCause,
    PauseCause,
    PrescriptionInstalledBody,
    SessionClosedBody,
    SliceReservedBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.shared.clinic import CLINIC_ID, DAY_S, FAR_S, NOW_S, Clinic, itbs

OLD_DEVICE = b"old device 16 by"


def issue(serial: int = 2) -> Issue:
    return Issue(serial, NOW_S, NOW_S + 7 * DAY_S)


def end(**changed: Any) -> Prescription:
    return replace(changes.end(itbs(), issue()), **changed)


def amended(**changed: Any) -> Prescription:
    return changes.amend(itbs(), issue(), **changed)


def titration(serial: int = 2) -> Prescription:
    return changes.titration(
        itbs(), issue(serial), not_before_s=NOW_S, not_after_s=NOW_S + 7 * DAY_S
    )


class TestEnd:
    """An end takes effect at once, wherever the device is."""

    def test_it_closes_a_running_session(self, band: Band) -> None:
        band.start()
        band.run_until_fired(40)
        fired = band.fired
        assert granted(band.install(end()))
        band.run(10_000)
        assert band.fired == fired
        assert band.bodies(SessionClosedBody)[-1].cause is CloseCause.PRESCRIPTION_ENDED
        assert band.reasons == {ReasonCode.TREATMENT_ENDED}

    def test_it_disarms(self, band: Band) -> None:
        band.arm()
        assert granted(band.install(end()))
        assert band.state is DeviceState.IDLE
        assert ReasonCode.TREATMENT_ENDED in band.reasons

    def test_it_stays_over_a_reboot_and_another_treatment_replaces_it(self, band: Band) -> None:
        band.install(end())
        band.reboot()
        assert ReasonCode.TREATMENT_ENDED in band.reasons
        named = band.firmware.status().prescription_hash
        assert granted(band.install(itbs(serial=3, replaces_hash=named, new_course=False)))
        assert ReasonCode.TREATMENT_ENDED not in band.reasons

    def test_it_comes_late_and_is_taken(self, band: Band) -> None:
        band.skip(30 * DAY_S * 1000)
        assert granted(band.install(end()))

    def test_it_has_its_place_in_the_line(self, band: Band) -> None:
        assert code(band.install(end(replaces_hash=bytes(32)))) == "replaces_another"
        assert code(band.install(end(serial=1))) == "serial_taken"
        assert code(band.install(end(patient_id=b"x" * 16))) == "other_patient"

    def test_nobody_but_a_prescriber_ends(self, band: Band) -> None:
        assert code(band.install(end(), signer=SoftwareKey.generate())) == "trust_signature"
        assert ReasonCode.TREATMENT_ENDED not in band.reasons


class TestLowering:
    """What only lowers needs no idle band; everything else does."""

    def test_a_weaker_one_takes_effect_within_the_session(self, band: Band) -> None:
        part = itbs().parts[0]
        weaker = amended(parts=(replace(part, intensity_percent=part.intensity_percent - 20),))
        band.start()
        band.run_until_fired(40)
        assert granted(band.install(weaker))
        band.run_until_fired(100)
        assert band.state is DeviceState.STIMULATING
        assert band.firmware.status().serial == 2
        slices = band.bodies(SliceReservedBody)
        assert slices[-1].percent_mso < slices[0].percent_mso

    def test_a_shorter_beat_holds_from_the_last_one_on(self, band: Band) -> None:
        band.start()
        band.run(1_000, beat=True)
        band.run(1_500)
        assert band.state is DeviceState.STIMULATING
        assert granted(band.install(amended(beat_limit_ms=1_200)))
        band.run(50)
        assert band.is_in(DeviceState.PAUSED)
        assert band.firmware.status().pause_cause == PauseCause.BEAT_MISSED

    def test_a_shorter_wait_for_an_answer_holds_from_the_last_one_on(self, band: Band) -> None:
        soon_s = itbs().still_here_s - 20
        band.start()
        assert granted(band.install(amended(still_here_s=soon_s)))
        band.run(soon_s * 1000 - 100, beat=True)
        assert band.firmware.status().still_here_due_ms is None
        band.run(100, beat=True, still_here=False)
        assert band.firmware.status().still_here_due_ms is not None

    @pytest.mark.parametrize("changed", [{"beat_limit_ms": 4000}, {"button_required": False}])
    def test_anything_else_waits_and_changes_nothing(
        self, band: Band, changed: dict[str, Any]
    ) -> None:
        band.start()
        band.run_until_fired(40)
        assert code(band.install(amended(**changed))) == "not_idle"
        assert band.state is DeviceState.STIMULATING
        assert band.firmware.status().serial == 1
        assert len(band.bodies(PrescriptionInstalledBody)) == 1

    def test_bytes_that_wait_are_taken_once_the_band_is_idle(self, band: Band) -> None:
        band.arm()
        assert code(band.install(amended(beat_limit_ms=4000))) == "not_idle"
        band.must(Operation.STOP)
        assert granted(band.ask(Operation.INSTALL))


class TestTitration:
    """A titration stands beside the treatment and takes a serial of its own."""

    def test_the_treatment_stays_in_force(self, band: Band) -> None:
        before = band.firmware.status().prescription_hash
        assert granted(band.install(titration()))
        assert band.firmware.status().prescription_hash == before
        assert band.firmware.status().serial == 2
        assert band.firmware.ledger.titration_hash == band.named(titration())
        band.clear(serial=2)
        assert band.reasons == set()

    def test_both_are_found_again_after_a_reboot(self, band: Band) -> None:
        band.install(titration())
        band.reboot()
        assert band.firmware.status().prescription_hash == band.named(itbs())
        assert code(band.install(titration())) == "already_installed"

    def test_a_next_one_takes_its_place_and_a_power_cut_before_its_record_does_not(
        self, band: Band
    ) -> None:
        band.install(titration())
        with band.power_cut_before_next_record():
            band.install(titration(3))
        assert band.firmware.ledger.titration_hash == band.named(titration())
        assert code(band.install(titration())) == "already_installed"
        assert granted(band.install(titration(3)))

    def test_it_replaces_nothing(self, band: Band) -> None:
        named = replace(titration(), replaces_hash=band.named(itbs()))
        assert code(band.install(named)) == "replaces_another"

    def test_it_waits_for_an_idle_band(self, band: Band) -> None:
        band.arm()
        assert code(band.install(titration())) == "not_idle"


class TestContent:
    """What is refused for what it says."""

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"coil": "H1"}, "other_coil"),
            ({"issued_s": NOW_S + 601, "install_by_s": NOW_S + DAY_S}, "issued_in_the_future"),
            ({"install_by_s": NOW_S - 1, "issued_s": NOW_S - 2}, "install_by_passed"),
        ],
    )
    def test_it_is_refused(self, owned_band: Band, changed: dict[str, Any], why: str) -> None:
        assert code(owned_band.install(itbs(**changed))) == why
        assert not owned_band.bodies(PrescriptionInstalledBody)

    def test_a_threshold_that_leaps_is_refused_unless_the_leap_is_signed(self, band: Band) -> None:
        """R14: the band compares it with the one in force."""
        leapt = replace(itbs().threshold, percent_mso=itbs().threshold.percent_mso + 11)
        assert code(band.install(amended(threshold=leapt))) == "outside_envelope"
        assert band.firmware.status().serial == 1
        assert granted(band.install(amended(threshold=leapt, threshold_step_signed=True)))

    def test_within_ten_minutes_ahead_it_is_taken(self, owned_band: Band) -> None:
        assert granted(owned_band.install(itbs(issued_s=NOW_S + 600)))


class TestCatalogue:
    """R26: outside demo mode nothing installs without the clinic's acceptance."""

    @pytest.fixture
    def real(self, new_band: Band) -> Band:
        new_band.clinic = Clinic(demo=False, manufacturer=new_band.clinic.manufacturer)
        new_band.provision()
        return new_band

    def accept(self, band: Band, root: SoftwareKey | None = None, **changed: Any) -> Answer:
        own = catalogue()
        said = CatalogueAcceptance(own.version, own.digest, closed_digest(), NOW_S)
        return band.root_says(Operation.ACCEPT_CATALOGUE, replace(said, **changed), root)

    def test_accepted_it_installs(self, real: Band) -> None:
        assert code(real.install()) == "catalogue_not_accepted"
        assert granted(self.accept(real))
        assert granted(self.accept(real))
        assert len(real.bodies(CatalogueAcceptedBody)) == 1
        assert granted(real.install())

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"version": 9}, "other_catalogue"),
            ({"digest": bytes(32)}, "other_catalogue"),
            ({"closed": bytes(32)}, "catalogue_not_closed"),
        ],
    )
    def test_another_one_or_one_left_open_is_not_accepted(
        self, real: Band, changed: dict[str, Any], why: str
    ) -> None:
        assert code(self.accept(real, **changed)) == why
        assert code(real.install()) == "catalogue_not_accepted"

    def test_nobody_but_the_root_accepts(self, real: Band) -> None:
        for key in (real.clinic.recovery, real.clinic.online[Purpose.CLEARANCE]):
            assert code(self.accept(real, key)) == "trust_issuer"

    def test_an_end_needs_no_catalogue(self, real: Band) -> None:
        ends = itbs(kind=PrescriptionKind.END)
        assert granted(real.install(ends))


class TestReplacement:
    """R24: another device's course goes on here once the old one is sure not to treat."""

    old_key = SoftwareKey.generate()

    def opening(self, **changed: int) -> OpeningBalance:
        return replace(OpeningBalance(600, 1, 3000, 5, 6000, 10, 10), **changed)

    def replacing(self, **changed: Any) -> Prescription:
        plain = Replacement(OLD_DEVICE, FAR_S, False, self.opening())
        replacement = replace(plain, **changed)
        before = itbs(device_id=OLD_DEVICE)
        return changes.replace_device(
            before, issue(serial=1), threshold=itbs().threshold, replacement=replacement
        )

    def final_head(self, **changed: Any) -> bytes:
        plain = LedgerHead(OLD_DEVICE, b"e" * 16, 9, b"h" * 32, bytes(16), 1, 1, True)
        return sign1.sign(replace(plain, **changed), audience=CLINIC_ID, signer=self.old_key)

    def device_certificate(
        self, band: Band, *, device_id: bytes = OLD_DEVICE, maker: SoftwareKey | None = None
    ) -> bytes:
        key = self.old_key.public_key.data
        certificate = Certificate(Purpose.DEVICE, key, "Old band", NOW_S - DAY_S, FAR_S)
        root = maker or band.clinic.manufacturer
        return certificates.issue(certificate, clinic_id=device_id, root=root)

    def give(self, band: Band, head: bytes, certificate: bytes) -> Answer:
        band.blob(BlobKind.FINAL_HEAD, head)
        band.blob(BlobKind.DEVICE_CERTIFICATE, certificate)
        return band.install(self.replacing(final_head_hash=sign1.name_of(self.final)))

    @pytest.fixture(autouse=True)
    def _final(self) -> None:
        self.final = self.final_head()

    def test_in_the_clinics_hands_it_is_taken_and_the_balance_counts(
        self, owned_band: Band
    ) -> None:
        assert granted(owned_band.install(self.replacing(in_clinics_hands=True)))
        ledger = owned_band.firmware.ledger
        assert (ledger.course.pulses, ledger.course.sessions) == (6000, 10)
        assert owned_band.bodies(PrescriptionInstalledBody)[-1].opening == self.opening()
        owned_band.clear()
        owned_band.answer_gates()
        assert ReasonCode.DAY_WINDOW in owned_band.reasons

    def test_at_large_it_is_refused_until_its_validity_is_over(self, owned_band: Band) -> None:
        until_s = NOW_S + 2 * DAY_S
        at_large = self.replacing(old_not_after_s=until_s)
        assert code(owned_band.install(at_large)) == "old_device_at_large"
        owned_band.skip(2 * DAY_S * 1000 - 1000)
        assert code(owned_band.install(at_large)) == "old_device_at_large"
        owned_band.skip(1000)
        assert granted(owned_band.install(at_large))

    def test_by_its_final_head_it_is_taken(self, owned_band: Band) -> None:
        assert granted(self.give(owned_band, self.final, self.device_certificate(owned_band)))

    def test_without_the_head_it_is_refused(self, owned_band: Band) -> None:
        named = self.replacing(final_head_hash=sign1.name_of(self.final))
        assert code(owned_band.install(named)) == "no_final_head"

    def test_a_balance_that_rests_on_the_head_stands_on_nothing_else(
        self, owned_band: Band
    ) -> None:
        named = self.replacing(
            final_head_hash=sign1.name_of(self.final), old_not_after_s=NOW_S - DAY_S
        )
        assert code(owned_band.install(named)) == "no_final_head"

    def test_another_head_than_the_one_named_is_refused(self, owned_band: Band) -> None:
        certificate = self.device_certificate(owned_band)
        other = self.final_head(number=10)
        assert code(self.give(owned_band, other, certificate)) == "not_the_final_head"

    @pytest.mark.parametrize("changed", [{"retired": False}, {"device_id": b"x" * 16}])
    def test_a_head_that_is_not_final_or_anothers_is_refused(
        self, owned_band: Band, changed: dict[str, Any]
    ) -> None:
        self.final = self.final_head(**changed)
        certificate = self.device_certificate(owned_band)
        assert code(self.give(owned_band, self.final, certificate)) == "not_the_final_head"

    def test_a_certificate_by_another_maker_or_of_another_device_is_refused(
        self, owned_band: Band
    ) -> None:
        other = self.device_certificate(owned_band, maker=SoftwareKey.generate())
        assert code(self.give(owned_band, self.final, other)) == "trust_issuer"
        other = self.device_certificate(owned_band, device_id=b"x" * 16)
        assert code(self.give(owned_band, self.final, other)) == "trust_audience"

    def test_what_this_device_charged_to_the_course_is_not_forgotten(
        self, owned_band: Band
    ) -> None:
        owned_band.install(self.replacing(in_clinics_hands=True))
        again = self.replacing(in_clinics_hands=True, opening=self.opening(course_pulses=5999))
        named = owned_band.firmware.status().prescription_hash
        less = replace(again, serial=2, replaces_hash=named)
        assert code(owned_band.install(less)) == "opening_below_course"

    def test_a_balance_that_no_record_holds_is_refused_and_nothing_changes(
        self, owned_band: Band, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("shared.wire.records.MAXIMUM_RECORD_BYTES", 100)
        assert code(owned_band.install(self.replacing(in_clinics_hands=True))) == "record_too_long"
        assert owned_band.firmware.ledger.serial == 0

    def test_it_waits_for_an_idle_band(self, band: Band) -> None:
        band.arm()
        assert band.install(self.replacing()).status is StatusCode.WRONG_STATE
