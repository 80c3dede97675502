"""R3, R16, R22, R27, R29: ways around the rules for one who has the band in their hands."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from firmware_bridge.emulator.parts.backed_clock import FileBackedClock
from firmware_bridge.emulator.parts.flash import FileFlash
from shared.dose.reasons import ReasonCode
from shared.trust import sign1
from shared.trust.statements import GateAnswers, GateOutcome, Purpose
from shared.wire import canonical, operations
from shared.wire.operations import (
    Answer,
    BlobKind,
    HeadArguments,
    NoncePurpose,
    Operation,
    StatementArguments,
    StatusCode,
)
from shared.wire.records import (
    AppAuthorizedBody,
    BootBody,
    CloseCause,
    FaultBody,
    GateAnswersBody,
    HoldPlacedBody,
    SessionClosedBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import LINK, Band
from tests.firmware_bridge.emulator.firmware.test_recovery import log_of, reopened_with
from tests.shared.clinic import DEVICE_ID, PATIENT_ID, itbs


class PowerCut(Exception):
    """The power goes, in the middle of something."""


def answer_with_reason(band: Band, reason: str) -> Answer:
    answers = GateAnswers(
        band.nonce(NoncePurpose.GATE_ANSWERS), PATIENT_ID, 1, GateOutcome.HOLD, 0, reason
    )
    statement = sign1.sign(answers, audience=DEVICE_ID, signer=band.clinic.app)
    return band.ask(Operation.GATE_ANSWERS, StatementArguments(statement))


class TestRecordTakenAway:
    """R27, R29: what is gone from the flash is missed, now and after the next boot too."""

    def test_a_wiped_flash_makes_no_new_band(self, band: Band) -> None:
        band.start()
        band.run_until_fired(40)
        band.power_cut()
        shutil.rmtree(band.folder / "flash")
        band.power_on()
        assert band.state is DeviceState.FAULT
        band.blob(BlobKind.TRANSFER, band.clinic.transfer())
        band.blob(BlobKind.CERTIFICATE, band.clinic.certificate(Purpose.ENROLMENT))
        band.blob(BlobKind.ASSIGNMENT, band.clinic.assignment())
        assert band.ask(Operation.PROVISION).status is StatusCode.FAULT
        band.press()
        assert not band.records

    def test_a_head_that_is_asked_for_does_not_cover_up_what_is_missing(self, band: Band) -> None:
        before = log_of(band).read_bytes()
        band.place_hold()
        band.must(Operation.HEAD, HeadArguments(bytes(16)))
        reopened_with(band, before)
        assert band.ask(Operation.HEAD, HeadArguments(bytes(16))).status is StatusCode.FAULT
        band.reboot()
        assert band.firmware.fault == "ledger_behind_head"

    def test_nothing_is_written_behind_a_break(self, band: Band) -> None:
        broken = bytearray(log_of(band).read_bytes())
        broken[len(broken) // 2] ^= 1
        reopened_with(band, bytes(broken))
        assert band.place_hold().status is StatusCode.FAULT
        assert log_of(band).read_bytes() == bytes(broken)

    def test_nothing_is_written_behind_a_write_that_failed(
        self, band: Band, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as full:
            full.setattr(FileFlash, "room_bytes", lambda _: 0)
            assert band.place_hold().status is StatusCode.FAULT
        count = len(band.records)
        assert band.place_hold().status is StatusCode.FAULT
        assert len(band.records) == count

    def test_a_band_that_lost_its_owner_takes_no_other(self, band: Band) -> None:
        before = log_of(band).read_bytes()
        band.power_cut()
        for slot in (band.folder / "flash").glob("page-owner-*"):
            slot.unlink()
        band.power_on()
        assert band.firmware.fault == "owner_lost"
        assert band.ask(Operation.PROVISION).status is StatusCode.FAULT
        assert log_of(band).read_bytes() == before


class TestFaultOnTheRecord:
    """A fault that the ledger tells of stays, and the ledger goes on."""

    def test_it_stays_over_a_reboot_and_later_records_follow(self, band: Band) -> None:
        band.start()
        band.board.coil.miscount(1)
        band.run(20_000, beat=True)
        assert band.bodies(FaultBody)
        band.reboot()
        assert band.state is DeviceState.FAULT
        assert band.place_hold().status is StatusCode.OK
        assert isinstance(band.records[-2].body, BootBody)
        band.reboot()
        assert band.firmware.fault == "pulse_count"


class TestScreening:
    """R3, R16: an answer that holds is a hold at once."""

    def test_it_ends_the_session_that_runs(self, band: Band) -> None:
        band.start()
        band.run_until_fired(40)
        assert band.answer_gates(GateOutcome.HOLD).status is StatusCode.OK
        fired = band.fired
        assert band.state is DeviceState.CLOSING
        assert band.bodies(SessionClosedBody)[-1].cause is CloseCause.HOLD
        band.run(20_000, beat=False)
        assert band.fired == fired

    def test_no_power_cut_parts_the_answer_from_its_hold(
        self, band: Band, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = FileFlash.append

        def once(flash: FileFlash, entry: bytes) -> None:
            whole(flash, entry)
            raise PowerCut

        with monkeypatch.context() as cut:
            cut.setattr(FileFlash, "append", once)
            with pytest.raises(PowerCut):
                band.answer_gates(GateOutcome.HOLD)
        band.reboot()
        assert band.answer_gates(GateOutcome.PASS).status is StatusCode.OK
        assert ReasonCode.HOLD in band.reasons

    def test_a_reason_in_any_script_is_no_way_around_the_hold(self, band: Band) -> None:
        assert answer_with_reason(band, "\u00e4" * 16).status is StatusCode.OK
        assert band.bodies(HoldPlacedBody)[-1].reason.startswith("screening:")
        assert band.bodies(GateAnswersBody)[-1].outcome is GateOutcome.HOLD


class TestSensors:
    """R3: a long step of time is no blind one."""

    @pytest.mark.parametrize(
        ("change", "state"),
        [
            ({"position_ok": False}, DeviceState.PAUSED),
            ({"contact": False}, DeviceState.PAUSED),
            ({"coil_temperature_c": 43}, DeviceState.IDLE),
        ],
    )
    def test_pulses_end_inside_a_long_step(
        self, band: Band, change: dict[str, int | bool], state: DeviceState
    ) -> None:
        band.start()
        band.run_until_fired(3)
        band.board.sensors.change(**change)
        begun_ms = band.now_ms
        band.skip(2_000)
        assert band.state is state
        assert max(band.pulse_times_us) <= (begun_ms + 500) * 1000
        assert band.fired < 30


class TestClock:
    """R5: the wall clock counts only once everything about its setting is kept."""

    def test_a_power_cut_while_it_is_set_leaves_it_lost(
        self, band: Band, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        band.board.clock.break_supply()
        band.skip(1_000)

        def cut(clock: FileBackedClock) -> None:
            trusted(clock)
            raise PowerCut

        trusted = FileBackedClock.mark_trusted
        kept = []
        pages = FileFlash.write_page

        def write_page(flash: FileFlash, name: str, content: bytes) -> None:
            kept.append(name)
            pages(flash, name, content)

        with monkeypatch.context() as patched:
            patched.setattr(FileBackedClock, "mark_trusted", cut)
            patched.setattr(FileFlash, "write_page", write_page)
            with pytest.raises(PowerCut):
                band.set_time()
        assert "wall" in kept, "the old setting would have been trusted again"

    def test_a_lost_page_of_time_is_no_crash(self, band: Band) -> None:
        band.reboot()
        band.power_cut()
        for slot in (band.folder / "flash").glob("page-anchor.*"):
            slot.unlink()
        band.power_on()
        assert band.firmware.fault is None
        assert [record.boot_count for record in band.records][-1] == 3

    def test_a_setting_without_its_record_does_not_count(
        self, band: Band, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        band.board.clock.break_supply()
        band.skip(1_000)

        def cut(flash: FileFlash, entry: bytes) -> None:
            raise PowerCut

        with monkeypatch.context() as patched:
            patched.setattr(FileFlash, "append", cut)
            with pytest.raises(PowerCut):
                band.set_time()
        band.reboot()
        assert ReasonCode.CLOCK_NOT_TRUSTED in band.reasons


class TestEnrolment:
    """R22: only the enrolment on the record counts, of the same key too."""

    def test_a_newer_enrolment_of_the_same_app_is_the_one_after_a_reboot(self, band: Band) -> None:
        for number in (2, 3):
            band.blob(BlobKind.ENROLMENT, band.clinic.enrolment(number=number))
            band.blob(BlobKind.CERTIFICATE, band.clinic.certificate(Purpose.ENROLMENT))
            band.must(Operation.AUTHORIZE_APP)
            band.reboot()
            band.blob(BlobKind.ENROLMENT, band.clinic.enrolment(number=number))
            band.blob(BlobKind.CERTIFICATE, band.clinic.certificate(Purpose.ENROLMENT))
            band.must(Operation.AUTHORIZE_APP)
            assert len(band.bodies(AppAuthorizedBody)) == number
        old = band.clinic.enrolment(number=2)
        band.blob(BlobKind.ENROLMENT, old)
        band.blob(BlobKind.CERTIFICATE, band.clinic.certificate(Purpose.ENROLMENT))
        assert band.ask(Operation.AUTHORIZE_APP).status is StatusCode.ALREADY


def test_an_install_refused_for_the_moment_keeps_the_bytes(band: Band) -> None:
    longer = itbs(
        serial=2,
        new_course=False,
        replaces_hash=band.firmware.status().prescription_hash,
        beat_limit_ms=4000,
    )
    band.blob(BlobKind.PRESCRIPTION, band.clinic.prescribe(longer))
    band.arm()
    assert band.ask(Operation.INSTALL).status is StatusCode.WRONG_STATE
    band.must(Operation.STOP)
    band.must(Operation.INSTALL)
    assert band.ask(Operation.INSTALL).result.code == "no_prescription"


@pytest.mark.parametrize(
    ("named", "why"), [({"origin": None}, "trust_origin"), ({"rp_id": None}, "trust_rp_id")]
)
def test_a_certificate_that_names_no_site_is_no_prescribers(
    owned_band: Band, named: dict[str, None], why: str
) -> None:
    certificate = owned_band.clinic.staff_certificate(**named)
    made_there: dict[str, Any] = dict.fromkeys(named, "")
    assert owned_band.install(certificate=certificate, **made_there).result.code == why


def test_an_operation_that_does_not_exist_is_called_so(band: Band) -> None:
    answer = band.firmware.control(canonical.encode([9, 200, {}]), LINK)
    said = operations.decode_answer(answer, Operation.HELLO)
    assert (said.request_id, said.status) == (9, StatusCode.UNKNOWN_OPERATION)
