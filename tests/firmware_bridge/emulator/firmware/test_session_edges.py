"""A session at its edges: what is told, what is kept, when a state ends, what is interlocked."""

from __future__ import annotations

import pytest

from firmware_bridge.emulator.firmware.outside import Display
from firmware_bridge.emulator.firmware.treatment import DISCHARGE_MS
from shared.wire.operations import (
    Operation,
    Outcome,
    OutcomeResult,
    SealedPercentArguments,
    SessionArguments,
    StatusCode,
)
from shared.wire.records import (
    CloseCause,
    PauseCause,
    SessionClosedBody,
    SessionKind,
    SessionOpenedBody,
    SessionPausedBody,
    SessionResumedBody,
    SliceReservedBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code, granted
from tests.firmware_bridge.emulator.firmware.test_titration import arm as arm_titration
from tests.firmware_bridge.emulator.firmware.test_titration import supervise, titrate
from tests.shared.clinic import itbs
from tests.shared.prescribed import bilateral, titration

LIVES_MS = 2_900
"""A little less than the phone may be silent."""


def told(band: Band) -> list[DeviceState]:
    """Every state that the shell is told of from now on."""
    states: list[DeviceState] = []
    band.firmware.on_status = lambda: states.append(band.state)
    return states


def open_window(band: Band) -> None:
    assert granted(band.sealed(Operation.OPEN_START_WINDOW))


def soften(band: Band, percent: int) -> None:
    assert band.writer is not None
    sealed = band.writer.seal(int(Operation.SOFTEN), percent)
    band.must(Operation.SOFTEN, SealedPercentArguments(*sealed, percent))


@pytest.fixture
def moved(new_band: Band) -> Band:
    """A band that waits, between two parts, to be moved."""
    new_band.ready(bilateral())
    new_band.start()
    new_band.run(45_000, beat=True)
    assert new_band.is_in(DeviceState.REPOSITIONING)
    return new_band


@pytest.fixture
def measuring(band: Band) -> Band:
    """A band that measures."""
    assert granted(band.install(titration(itbs())))
    assert granted(band.clear(serial=2))
    assert granted(supervise(band))
    assert granted(arm_titration(band))
    open_window(band)
    band.press()
    return band


# What is told


def test_an_open_window_a_softer_output_and_a_single_pulse_are_told(measuring: Band) -> None:
    heard = told(measuring)
    assert granted(titrate(measuring, 45))
    assert heard
    measuring.must(Operation.CLOSE)
    measuring.run(DISCHARGE_MS)
    measuring.arm()
    heard.clear()
    open_window(measuring)
    assert heard == [DeviceState.ARMED]
    measuring.press()
    measuring.run_until_fired(11)
    heard.clear()
    soften(measuring, 50)
    assert heard == [DeviceState.STIMULATING]
    assert measuring.firmware.status().percent_mso == 50


def test_trains_are_told_at_their_begin_and_end_and_pulses_are_not(band: Band) -> None:
    heard = told(band)
    band.start()
    heard.clear()
    band.run_until_fired(1)
    assert len(heard) == 1
    band.run_until_fired(25)
    assert len(heard) == 1
    band.run_until_fired(30)
    assert len(heard) == 2
    band.run_until_fired(45)
    assert len(heard) == 3


def test_that_somebody_is_asked_whether_they_are_there_is_told(band: Band) -> None:
    band.start()
    band.run(119_950, beat=True, still_here=False)
    heard = told(band)
    assert band.firmware.status().still_here_due_ms is None
    band.run(50, beat=True, still_here=False)
    assert heard
    assert band.firmware.status().still_here_due_ms == 20_000


def test_a_part_that_fails_is_told_and_leaves_nothing_loaded(band: Band) -> None:
    band.start()
    band.run_until_fired(10)
    assert band.board.coil.countdown
    heard = told(band)
    band.firmware.part_failed()
    assert heard == [DeviceState.FAULT]
    assert band.firmware.fault == "part_failed"
    assert (band.board.coil.interlocked, band.board.coil.countdown) == (True, 0)
    now = band.firmware.status()
    assert (now.session_id, now.train, now.pause_cause) == (None, None, None)


def test_practice_and_self_test_are_told_at_both_ends(band: Band) -> None:
    heard = told(band)
    band.must(Operation.SELF_TEST)
    assert heard[0] is DeviceState.SELF_TESTING
    band.skip(2_000)
    assert heard[-1] is DeviceState.IDLE
    heard.clear()
    band.firmware.begin_update()
    assert heard == [DeviceState.UPDATING]
    band.firmware.end_update()
    assert heard[-1] is DeviceState.IDLE


# When a state ends


def alive(band: Band, ms: int) -> None:
    """Let time pass in long steps, phone and person there."""
    end_ms = band.now_ms + ms
    while band.now_ms < end_ms:
        band.skip(min(LIVES_MS, end_ms - band.now_ms))
        band.sealed(Operation.BEAT)
        band.sealed(Operation.STILL_HERE)


def test_a_measurement_ends_to_the_millisecond_after_an_hour(measuring: Band) -> None:
    alive(measuring, 3_599_999)
    assert measuring.is_in(DeviceState.STIMULATING)
    measuring.skip(1)
    assert measuring.bodies(SessionClosedBody)[-1].cause is CloseCause.TIME_LIMIT


def test_a_measurements_hour_runs_on_while_it_is_paused(measuring: Band) -> None:
    alive(measuring, 3_300_000)
    measuring.must(Operation.PAUSE)
    measuring.skip(299_999)
    assert measuring.is_in(DeviceState.PAUSED)
    measuring.skip(1)
    assert measuring.bodies(SessionClosedBody)[-1].cause is CloseCause.TIME_LIMIT


@pytest.mark.parametrize("in_parts", [False, True])
def test_a_pause_ends_to_the_millisecond_after_ten_minutes(new_band: Band, in_parts: bool) -> None:
    new_band.ready(bilateral() if in_parts else itbs())
    new_band.start()
    new_band.run_until_fired(40)
    if in_parts:
        new_band.run(45_000, beat=True)
        assert new_band.is_in(DeviceState.REPOSITIONING)
    new_band.must(Operation.PAUSE)
    new_band.skip(599_999)
    assert new_band.is_in(DeviceState.PAUSED)
    new_band.skip(1)
    assert new_band.bodies(SessionClosedBody)[-1].cause is CloseCause.PAUSE_LIMIT


def test_the_capacitor_has_its_200_ms(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.CLOSE)
    band.skip(199)
    assert band.is_in(DeviceState.CLOSING)
    band.skip(1)
    assert band.is_in(DeviceState.IDLE)


def test_a_silent_phone_disarms_after_three_seconds_to_the_millisecond(band: Band) -> None:
    band.arm()
    band.skip(2_999)
    assert band.is_in(DeviceState.ARMED)
    band.skip(1)
    assert band.is_in(DeviceState.IDLE)
    assert band.firmware.status().session_id is None


def test_a_person_who_does_not_answer_has_twenty_seconds(band: Band) -> None:
    band.start()
    band.run(139_950, beat=True, still_here=False)
    assert band.is_in(DeviceState.STIMULATING)
    band.run(50, beat=True, still_here=False)
    assert band.firmware.status().pause_cause == int(PauseCause.STILL_HERE_MISSED)
    assert band.bodies(SessionPausedBody) == [SessionPausedBody(PauseCause.STILL_HERE_MISSED)]
    assert band.firmware.status().still_here_due_ms == 0


# How it begins and goes on


def test_what_opens_stands_on_the_record_whole(band: Band) -> None:
    band.skip(12_345)
    band.start()
    now = band.firmware.status()
    assert now.prescription_hash is not None
    (opened,) = band.bodies(SessionOpenedBody)
    arm_hash = opened.arm_hash
    assert opened == SessionOpenedBody(
        b"s" * 16, now.prescription_hash, 600, 20, arm_hash, SessionKind.TREATMENT
    )
    assert len(set(arm_hash)) > 1
    began_ms = band.now_ms
    band.run_until_fired(1)
    assert band.pulse_times_us[0] == began_ms * 1000
    reserved = band.bodies(SliceReservedBody)[0]
    assert (reserved.train, reserved.slice, reserved.pulses) == (1, 1, 30)
    assert reserved.percent_mso == itbs().percent_mso()


def test_the_next_session_begins_without_the_pauses_of_the_last(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)
    band.must(Operation.CLOSE)
    band.skip(itbs().limits.day_window_s * 1000 + 1_000)
    band.clear()
    band.answer_gates()
    assert band.firmware.status().pauses == 1
    assert granted(band.arm(b"2" * 16))
    assert band.firmware.status().pauses == 0


def test_stop_shuts_the_window_that_a_pause_had_open(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.STOP)
    assert granted(band.sealed(Operation.RESUME))
    assert band.firmware.status().start_window_open
    band.must(Operation.STOP)
    assert not band.firmware.status().start_window_open
    band.press()
    assert band.is_in(DeviceState.PAUSED)


def test_after_the_button_paused_the_button_must_agree(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.press()
    assert band.firmware.status().pause_cause == int(PauseCause.BUTTON)
    assert granted(band.sealed(Operation.RESUME))
    assert band.is_in(DeviceState.PAUSED)
    assert not band.bodies(SessionResumedBody)
    band.press()
    assert band.is_in(DeviceState.STIMULATING)


def test_output_only_falls_when_it_is_softened(band: Band) -> None:
    band.start()
    band.run_until_fired(10)
    for percent, left in ((50, 50), (55, 50), (45, 45)):
        soften(band, percent)
        assert band.firmware.status().percent_mso == left
    band.run_until_fired(40)
    assert band.bodies(SliceReservedBody)[-1].percent_mso == 45


def test_where_it_was_not_moved_yet_going_on_means_moving_it(moved: Band) -> None:
    moved.must(Operation.PAUSE)
    assert moved.firmware.status().pauses == 2
    assert granted(moved.sealed(Operation.RESUME))
    now = moved.firmware.status()
    assert (now.state, now.pause_cause, now.pauses) == (DeviceState.REPOSITIONING, None, 3)
    assert moved.board.coil.interlocked
    moved.run(60_000, beat=True)
    assert moved.is_in(DeviceState.REPOSITIONING)
    moved.board.sensors.change(contact=False)
    assert moved.sealed(Operation.REPOSITIONED).status is StatusCode.LOCKED
    moved.must(Operation.PAUSE)
    assert granted(moved.sealed(Operation.RESUME))
    assert moved.is_in(DeviceState.REPOSITIONING), "a refused move is none"
    moved.board.sensors.change(contact=True)
    assert granted(moved.sealed(Operation.REPOSITIONED))
    assert moved.bodies(SessionResumedBody) == [SessionResumedBody(2)]
    moved.must(Operation.PAUSE)
    assert granted(moved.sealed(Operation.RESUME))
    assert moved.is_in(DeviceState.STIMULATING), "once moved, it stays moved"


def test_a_measurement_goes_on_after_a_pause(measuring: Band) -> None:
    measuring.must(Operation.PAUSE)
    assert code(titrate(measuring, 45)) == "not_stimulating"
    assert granted(measuring.sealed(Operation.RESUME))
    assert measuring.bodies(SessionResumedBody) == [SessionResumedBody(1)]
    assert measuring.firmware.display == Display("T.P.  Measuring", "green")
    assert granted(titrate(measuring, 45))
    measuring.run(3_950, beat=True)
    measuring.skip(49)
    assert code(titrate(measuring, 45)) == "titration_too_soon"
    measuring.skip(1)
    assert granted(titrate(measuring, 45))


def test_each_single_pulse_is_a_slice_of_its_own(measuring: Band) -> None:
    for percent in (45, 50):
        measuring.run(4_000, beat=True)
        assert granted(titrate(measuring, percent))
    found = [
        (b.train, b.slice, b.pulses, b.percent_mso) for b in measuring.bodies(SliceReservedBody)
    ]
    assert found == [(1, 1, 1, 45), (2, 1, 1, 50)]
    assert measuring.pulse_times_us[-1] == measuring.now_ms * 1000


def test_while_it_is_moved_it_is_paused(moved: Band) -> None:
    found = moved.must(Operation.SESSION_OUTCOME, SessionArguments(b"s" * 16))
    assert found == OutcomeResult(Outcome.PAUSED, 600)
