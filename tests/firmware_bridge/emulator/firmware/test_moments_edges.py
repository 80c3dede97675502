"""Words about time, make-ups and weaker treatments at their very moments."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firmware_bridge.emulator.firmware.ports import PartFailure
from shared.dose import changes
from shared.dose.changes import Issue
from shared.dose.reasons import ReasonCode
from shared.trust.staff_words import AttestTime
from shared.wire import fields
from shared.wire.operations import Answer, NoncePurpose, Operation, StatusCode
from shared.wire.records import (
    ClockSetBody,
    CloseCause,
    SelfTestBody,
    SessionClosedBody,
    ThresholdMeasuredBody,
    TimeAttestedBody,
)
from shared.wire.status import DeviceState, Status
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.firmware_bridge.emulator.firmware.test_hold_ends import app_holds, take_back
from tests.firmware_bridge.emulator.firmware.test_make_up import answer_side_effects
from tests.firmware_bridge.emulator.firmware.test_session_edges import open_window
from tests.firmware_bridge.emulator.firmware.test_time_word import HOUR_MS, lose_clock
from tests.firmware_bridge.emulator.firmware.test_titration import supervise
from tests.shared.clinic import DAY_S, DEVICE_ID, NOW_S, itbs
from tests.shared.prescribed import titration

# Lost time


def attest(band: Band, elapsed_ms: int, number: int, record_hash: bytes) -> Answer:
    nonce = band.nonce(NoncePurpose.ATTEST_TIME)
    boots = band.head().boot_count
    word = AttestTime(DEVICE_ID, boots, number, record_hash, nonce, elapsed_ms)
    return band.staff_says(Operation.ATTEST_TIME, word)


@pytest.fixture
def lost(band: Band) -> tuple[Band, int, bytes]:
    """A band that lay without clock for ten hours, and the head of before."""
    head = band.head()
    lose_clock(band, off_ms=10 * HOUR_MS)
    assert granted(band.set_time())
    return band, head.number, head.hash


@pytest.mark.parametrize(("gained_ms", "taken"), [(1, True), (0, False)])
def test_a_millisecond_is_gained_or_nothing(
    lost: tuple[Band, int, bytes], gained_ms: int, taken: bool
) -> None:
    band, number, record_hash = lost
    band.skip(5)
    then_ms = band.firmware._journal.proven_at(number)
    now_ms = band.firmware.status().proven_ms
    answer = attest(band, now_ms - then_ms + gained_ms, number, record_hash)
    assert (answer.status is StatusCode.OK) is taken
    if taken:
        assert band.bodies(TimeAttestedBody)[-1].gained_ms == gained_ms
    else:
        assert code(answer) == "nothing_gained"


@pytest.mark.parametrize(("more_ms", "taken"), [(2_000, True), (2_001, False)])
def test_no_more_is_attested_than_passed_and_two_roundings(
    lost: tuple[Band, int, bytes], more_ms: int, taken: bool
) -> None:
    band, number, record_hash = lost
    then_ms = band.records[number - 1].clock_ms
    assert then_ms is not None
    now_ms = (NOW_S * 1000 + band.now_ms) // 1000 * 1000
    answer = attest(band, now_ms - then_ms + more_ms, number, record_hash)
    assert (answer.status is StatusCode.OK) is taken
    if not taken:
        assert code(answer) == "more_than_passed"


def test_a_setting_that_is_trusted_stands_on_the_record_by_its_own_clock(band: Band) -> None:
    band.skip(1_500)
    assert granted(band.set_time(offset_ms=700))
    record = band.records[-1]
    assert isinstance(record.body, ClockSetBody)
    assert record.clock_ms == record.body.wall_ms == NOW_S * 1000 + band.now_ms + 700
    assert band.firmware.status().clock_ms == record.clock_ms


def test_a_hold_is_taken_back_within_its_own_minute(band: Band) -> None:
    band.skip(HOUR_MS)
    app_holds(band)
    band.skip(60_000)
    assert granted(take_back(band))


# What is left, and what may be made up


def test_what_is_left_is_said_to_the_millisecond(band: Band) -> None:
    band.start()
    part = itbs().parts[0]
    whole_ms = band.firmware.status().left_ms
    plan = itbs().plan.parts[0]
    assert whole_ms == plan.duration_us // 1000
    band.run(4_000, beat=True)
    assert band.firmware.status().left_ms == whole_ms - 4_000
    band.skip(1)
    now = band.firmware.status()
    assert now.left_ms == whole_ms - 4_001
    assert fields.unpack(Status, fields.pack(now)) == now
    assert part.trains == plan.trains


@pytest.fixture
def partial(new_band: Band) -> Band:
    """A band whose session was stopped, with an hour to make it up."""
    new_band.ready(itbs(make_up_within_s=3600))
    new_band.start()
    new_band.run_until_fired(130)
    new_band.must(Operation.STOP)
    new_band.must(Operation.CLOSE)
    new_band.run(1_000)
    return new_band


def test_until_when_it_may_be_made_up_is_said_while_the_lock_would_let_it(partial: Band) -> None:
    def until_ms() -> int | None:
        return partial.firmware.status().make_up_until_proven_ms

    assert until_ms() is None, "the questions come first"
    assert granted(answer_side_effects(partial))
    partial.skip(10_000)
    assert until_ms() is not None
    partial.board.sensors.change(contact=False)
    assert until_ms() is None
    partial.board.sensors.change(contact=True)
    partial.skip(3_600_000)
    assert until_ms() is None


def test_a_whole_session_leaves_nothing_to_make_up(new_band: Band) -> None:
    new_band.ready(itbs(make_up_within_s=3600))
    new_band.start()
    new_band.run_until_fired(600)
    new_band.run(10_000)
    assert new_band.firmware.status().make_up_until_proven_ms is None
    assert not new_band.bodies(ThresholdMeasuredBody)


# While it runs


def test_a_treatment_whose_session_is_another_ends_the_one_that_runs(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    other = itbs(parts=(replace(itbs().parts[0], trains=10),))
    band.firmware._machine.take(Operation.INSTALL)
    band.firmware._treatment.adopt(other, bytes(32))
    assert band.bodies(SessionClosedBody)[-1].cause is CloseCause.PRESCRIPTION_ENDED


def test_while_a_threshold_is_measured_the_old_ones_age_is_no_reason(band: Band) -> None:
    band.skip(43 * DAY_S * 1000)
    at_s = NOW_S + band.now_ms // 1000
    assert ReasonCode.THRESHOLD_OLD in band.reasons
    fresh = changes.titration(
        itbs(), Issue(2, at_s, at_s + DAY_S), not_before_s=at_s, not_after_s=at_s + DAY_S
    )
    assert granted(band.install(fresh))
    assert granted(band.clear(serial=2))
    assert granted(supervise(band))
    assert granted(band.arm(b"t" * 16, prescription_hash=band.named(fresh)))
    assert band.reasons == set()
    open_window(band)
    band.press()
    assert band.is_in(DeviceState.STIMULATING)
    assert band.reasons == set()


def test_a_phone_that_was_away_in_a_pause_has_its_time_again(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)
    band.skip(300_000)
    assert granted(band.sealed(Operation.RESUME))
    assert band.firmware.status().still_here_due_ms is None
    band.skip(2_999)
    assert band.is_in(DeviceState.STIMULATING)
    band.skip(1)
    assert band.is_in(DeviceState.PAUSED)


def test_a_part_that_fails_by_itself_takes_the_band_out_of_service(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: bytes) -> None:
        raise PartFailure("flash")

    band.must(Operation.SELF_TEST)
    monkeypatch.setattr(band.board.flash, "append", fails)
    band.skip(2_000)
    assert (band.state, band.firmware.fault) == (DeviceState.FAULT, "part_failed")
    assert not band.bodies(SelfTestBody)


def test_a_stray_pulse_disarms(band: Band) -> None:
    band.arm()
    band.board.coil.miscount(-1)
    band.run(50)
    now = band.firmware.status()
    assert (now.state, now.session_id) == (DeviceState.FAULT, None)


def test_the_hour_of_a_measurement_ends_no_treatment_after_it(band: Band) -> None:
    assert granted(band.install(titration(itbs())))
    assert granted(band.clear(serial=2))
    assert granted(supervise(band))
    assert granted(band.arm(b"t" * 16, prescription_hash=band.named(titration(itbs()))))
    open_window(band)
    band.press()
    band.must(Operation.CLOSE)
    band.skip(HOUR_MS - 60_000)
    assert granted(band.answer_gates())
    band.start()
    band.run(90_000, beat=True)
    assert band.is_in(DeviceState.STIMULATING)


def test_disarmed_the_window_is_shut(band: Band) -> None:
    band.arm()
    open_window(band)
    band.must(Operation.STOP)
    assert not band.firmware.status().start_window_open


def test_with_the_press_it_fires(band: Band) -> None:
    band.skip(7)
    band.start()
    assert band.firmware.status().firing
    assert band.fired == 0
