"""The core over its record: what is barred before it is written, heads, boots, questions."""

from __future__ import annotations

from typing import Any

import pytest

from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.firing import closing_record
from firmware_bridge.emulator.firmware.ports import PartFailure
from shared.dose.ledger import OpenSession, chain_hash
from shared.dose.reasons import ReasonCode
from shared.trust import sign1
from shared.trust.statements import Gate, LedgerHead, Purpose, Receipt
from shared.wire.operations import HeadArguments, Operation, StatusCode
from shared.wire.records import (
    CloseCause,
    HoldExpiredBody,
    RecordType,
    SessionClosedBody,
    ThresholdMeasuredBody,
)
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.firmware_bridge.emulator.firmware.test_hold_ends import REST_MS, app_holds
from tests.firmware_bridge.emulator.firmware.test_session_edges import open_window, told
from tests.firmware_bridge.emulator.firmware.test_titration import arm as arm_titration
from tests.firmware_bridge.emulator.firmware.test_titration import supervise, titrate
from tests.shared.clinic import CLINIC_ID, DEVICE_ID, itbs
from tests.shared.prescribed import titration

MINUTE_MS = 60_000

# Its record


def test_pulses_are_barred_before_it_is_written_that_they_ended(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    barred: dict[RecordType, bool] = {}
    write = band.firmware._journal.write

    def look(body: Any) -> Any:
        barred[body.TYPE] = band.board.coil.interlocked
        return write(body)

    monkeypatch.setattr(band.firmware._journal, "write", look)
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)
    band.sealed(Operation.RESUME)
    band.run_until_fired(45)
    band.board.sensors.change(motion_mg=5_000)
    band.run(50)
    ends = (RecordType.SESSION_PAUSED, RecordType.HOLD_PLACED, RecordType.SESSION_CLOSED)
    assert [barred[each] for each in ends] == [True, True, True]
    assert not barred[RecordType.SLICE_RESERVED]


def test_a_fault_bars_pulses_before_it_is_written(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    barred: list[bool] = []
    write = band.firmware._journal.write

    def look(body: Any) -> Any:
        if body.TYPE is RecordType.FAULT:
            barred.append(band.board.coil.interlocked)
        return write(body)

    monkeypatch.setattr(band.firmware._journal, "write", look)
    band.start()
    band.board.coil.miscount(1)
    band.run(2_500, beat=True)
    assert barred == [True]


def open_session(charged: int) -> OpenSession:
    return OpenSession(b"s" * 16, bytes(32), 600, 20, charged_pulses=charged)


@pytest.mark.parametrize(
    ("charged", "cause", "completed"),
    [
        (600, CloseCause.COMPLETED, True),
        (599, CloseCause.COMPLETED, False),
        (600, CloseCause.ENDED_BY_PERSON, False),
        (0, CloseCause.HOLD, False),
    ],
)
def test_completed_is_what_was_charged_whole_and_ended_by_itself(
    charged: int, cause: CloseCause, completed: bool
) -> None:
    body = closing_record(open_session(charged), cause)
    assert (body.session_id, body.cause) == (b"s" * 16, cause)
    assert (body.completed, body.charged_pulses) == (completed, charged)


def test_a_measurement_without_a_pulse_measured_nothing(band: Band) -> None:
    assert granted(band.install(titration(itbs())))
    band.clear(serial=2)
    supervise(band)
    arm_titration(band)
    open_window(band)
    band.press()
    band.must(Operation.CLOSE)
    named = band.named(titration(itbs()))
    assert band.bodies(ThresholdMeasuredBody) == [ThresholdMeasuredBody(named, 0, 0)]


def test_a_measurement_whose_count_differs_is_a_fault(band: Band) -> None:
    assert granted(band.install(titration(itbs())))
    band.clear(serial=2)
    supervise(band)
    arm_titration(band)
    open_window(band)
    band.press()
    band.board.coil.miscount(1)
    assert granted(titrate(band, 45))
    assert band.firmware.fault == "pulse_count"
    assert band.bodies(SessionClosedBody)[-1].cause is CloseCause.FAULT


def test_a_treatment_after_a_measurement_begins_at_once_over_a_boot_too(band: Band) -> None:
    band.skip(10 * MINUTE_MS)
    assert granted(band.install(titration(itbs())))
    band.clear(serial=2)
    supervise(band)
    arm_titration(band)
    open_window(band)
    band.press()
    assert granted(titrate(band, 45))
    last_ms = band.now_ms
    band.must(Operation.CLOSE)
    band.reboot(off_ms=500)
    band.start()
    band.run_until_fired(2)
    wanted_ms = last_ms + itbs().parts[0].interval_ms
    assert band.now_ms - 50 < wanted_ms <= band.now_ms
    assert band.pulse_times_us[1] == wanted_ms * 1000


def test_the_interval_runs_on_from_a_measurements_last_pulse(band: Band) -> None:
    band.skip(10 * MINUTE_MS)
    assert granted(band.install(titration(itbs())))
    band.clear(serial=2)
    supervise(band)
    arm_titration(band)
    open_window(band)
    band.press()
    assert granted(titrate(band, 45))
    band.must(Operation.CLOSE)
    band.run(200)
    band.start()
    band.run_until_fired(2)
    last_us, next_us = band.pulse_times_us
    assert next_us - last_us == itbs().parts[0].interval_ms * 1000


def test_a_head_says_all_that_the_record_has_come_to(band: Band) -> None:
    band.skip(1_234)
    ledger = band.firmware.ledger
    nonce = b"n" * 16
    envelope = band.must(Operation.HEAD, HeadArguments(nonce)).head
    key = band.device_key.public_key
    head = sign1.verify(LedgerHead, envelope, audience=CLINIC_ID, key=key)
    number, uptime_ms = len(band.records), band.now_ms
    epoch = band.must(Operation.HELLO).epoch
    assert len(set(epoch)) > 1
    assert head == LedgerHead(DEVICE_ID, epoch, number, ledger.hash, nonce, 1, uptime_ms, False)


def test_nobodys_band_has_no_head(new_band: Band) -> None:
    answer = new_band.ask(Operation.HEAD, HeadArguments(bytes(16)))
    assert (answer.status, code(answer)) == (StatusCode.NOT_PROVISIONED, "not_provisioned")


def overwrite(band: Band, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all of the record but its newest make room, as when the flash is full."""
    head = band.head()
    receipt = Receipt(head.epoch, head.number, head.hash)
    assert granted(band.server_says(Operation.RECEIPT, receipt, Purpose.RECEIPT))
    band.skip(31 * 24 * 60 * MINUTE_MS)
    real = band.board.flash.room_bytes
    full = [0]
    monkeypatch.setattr(band.board.flash, "room_bytes", lambda: full.pop() if full else real())
    band.must(Operation.PRACTICE)


def test_where_records_made_room_hello_says_the_hash_before_the_first(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, newest = len(band.records), band.firmware.ledger.hash
    overwrite(band, monkeypatch)
    hello = band.must(Operation.HELLO)
    assert (hello.first_number, hello.before_first) == (count + 1, newest)
    assert chain_hash(newest, band.firmware.record(count + 1)) == band.firmware.hash_at(count + 1)
    band.reboot()
    again = band.must(Operation.HELLO)
    assert (again.first_number, again.before_first) == (count + 1, newest)


# At a boot


def test_a_hold_whose_time_is_over_ends_with_the_boot(band: Band) -> None:
    app_holds(band)
    band.power_cut()
    band.now_ms += REST_MS
    seen: list[int] = []
    band.power_on(before_boot=lambda core: note_after_boot(core, band, seen))
    assert len(band.bodies(HoldExpiredBody)) == 1
    assert seen == [0], "the boot alone ends it"


def note_after_boot(core: Firmware, band: Band, seen: list[int]) -> None:
    boot = core.boot

    def booted() -> None:
        boot()
        seen.append(len(core.ledger.holds))

    core.boot = booted  # type: ignore[method-assign]
    del band


def test_where_nothing_is_written_any_more_no_hold_ends(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    app_holds(band)

    def fails(_: bytes) -> None:
        raise PartFailure("flash")

    monkeypatch.setattr(band.board.flash, "append", fails)
    band.must(Operation.HELLO)
    assert band.ask(Operation.PRACTICE).status is StatusCode.FAULT
    heard = told(band)
    band.skip(REST_MS)
    assert not heard
    assert ReasonCode.HOLD in band.reasons


# Which question the lock is asked


def test_a_screening_that_grows_old_locks_what_is_armed_and_not_what_runs(band: Band) -> None:
    assert Gate.SCREENING in itbs().gates
    band.skip(58 * MINUTE_MS)
    band.start()
    band.run(110_000, beat=True)
    band.must(Operation.PAUSE)
    band.run(30_000)
    assert band.reasons == set()
    assert granted(band.sealed(Operation.RESUME))
    assert band.reasons == set()


def test_what_is_armed_is_asked_as_what_opens(band: Band) -> None:
    band.skip(59 * MINUTE_MS)
    band.arm()
    band.run(MINUTE_MS, beat=True)
    assert band.reasons == {ReasonCode.SCREENING_NEEDED}


def test_a_part_that_fails_under_the_button_takes_the_band_out_of_service(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: bytes) -> None:
        raise PartFailure("flash")

    band.arm()
    open_window(band)
    monkeypatch.setattr(band.board.flash, "append", fails)
    band.press()
    assert band.firmware.fault == "part_failed"
    assert (band.fired, band.board.coil.interlocked) == (0, True)
