"""How a session ends and what is said of it, in every way it can."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.wire.operations import (
    Operation,
    Outcome,
    OutcomeResult,
    SessionArguments,
)
from shared.wire.records import (
    CloseCause,
    FaultBody,
    PauseCause,
    PracticeBody,
    SessionClosedBody,
    SessionPausedBody,
)
from shared.wire.status import DeviceState, Telemetry
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.test_session_edges import open_window, told
from tests.shared.clinic import itbs


def outcome(band: Band, session_id: bytes = b"s" * 16) -> OutcomeResult:
    found: OutcomeResult = band.must(Operation.SESSION_OUTCOME, SessionArguments(session_id))
    return found


# How it ends


ENDS: dict[str, Callable[[Band], object]] = {
    "stop": lambda band: band.must(Operation.STOP),
    "close": lambda band: band.must(Operation.CLOSE),
    "limit": lambda band: band.run(120_000, beat=True),
    "silence": lambda band: band.skip(3_000),
    "hold": lambda band: band.place_hold(),
}


@pytest.mark.parametrize("way", ENDS)
def test_what_was_armed_leaves_nothing_behind(band: Band, way: str) -> None:
    count = len(band.records)
    band.arm()
    ENDS[way](band)
    now = band.firmware.status()
    assert (now.state, now.session_id, now.close_cause) == (DeviceState.IDLE, None, None)
    assert band.board.coil.interlocked
    assert len(band.records) - count == int(way == "hold")
    band.press()
    assert band.is_in(DeviceState.IDLE)


def test_heat_disarms_or_ends_what_is_paused_too(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)
    band.board.sensors.change(coil_temperature_c=60)
    band.run(50)
    assert band.bodies(SessionClosedBody)[-1].cause is CloseCause.OVER_TEMPERATURE


def test_motion_or_lost_contact_in_a_pause_changes_nothing(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)
    band.board.sensors.change(motion_mg=5_000, contact=False, position_ok=False)
    band.run(2_000)
    now = band.firmware.status()
    assert (now.state, now.pause_cause) == (DeviceState.PAUSED, int(PauseCause.PAUSE_ASKED))


@pytest.mark.parametrize(
    ("changes", "cause"),
    [({"position_ok": False}, PauseCause.POSITION), ({"contact": False}, PauseCause.CONTACT)],
)
def test_a_band_that_slips_pauses_by_its_cause(
    band: Band, changes: dict[str, bool], cause: PauseCause
) -> None:
    band.start()
    band.run_until_fired(40)
    band.board.sensors.change(**changes)
    band.run(400, beat=True)
    assert band.bodies(SessionPausedBody) == [SessionPausedBody(cause)]
    assert band.firmware.status().pause_cause == int(cause)


def test_a_fault_closes_interlocked_with_what_was_charged(band: Band) -> None:
    band.start()
    band.run_until_fired(10)
    heard = told(band)
    band.board.coil.miscount(1)
    band.run_until_fired(30)
    band.run(50, beat=True)
    assert band.is_in(DeviceState.FAULT)
    assert heard[-1] is DeviceState.FAULT
    assert band.bodies(FaultBody) == [FaultBody("pulse_count")]
    (closed,) = band.bodies(SessionClosedBody)
    assert (closed.cause, closed.completed) == (CloseCause.FAULT, False)
    assert (band.board.coil.interlocked, band.board.coil.countdown) == (True, 0)
    now = band.firmware.status()
    assert (now.close_cause, now.session_id) == (int(CloseCause.FAULT), None)


def test_a_stray_pulse_stands_on_the_record_once(band: Band) -> None:
    heard = told(band)
    band.board.coil.miscount(-1)
    band.run(200)
    assert band.bodies(FaultBody) == [FaultBody("stray_pulse")]
    assert heard[-1] is DeviceState.FAULT


@pytest.mark.parametrize("way", [Operation.STOP, Operation.CLOSE])
def test_a_touch_ends_practice_and_says_so(band: Band, way: Operation) -> None:
    band.must(Operation.PRACTICE)
    assert (band.board.coil.interlocked, band.board.coil.countdown) == (True, 0)
    band.must(way)
    assert band.is_in(DeviceState.IDLE)
    assert band.bodies(PracticeBody) == [PracticeBody(True), PracticeBody(False)]


# What is said of it


def test_what_became_of_a_session_is_said_at_every_stage(band: Band) -> None:
    assert outcome(band) == OutcomeResult(Outcome.UNKNOWN, 0)
    band.arm()
    assert outcome(band) == OutcomeResult(Outcome.ARMED, 0)
    assert outcome(band, b"x" * 16) == OutcomeResult(Outcome.UNKNOWN, 0)
    open_window(band)
    band.press()
    band.run_until_fired(40)
    assert outcome(band) == OutcomeResult(Outcome.RUNNING, 60)
    band.must(Operation.PAUSE)
    assert outcome(band) == OutcomeResult(Outcome.PAUSED, 40)
    band.must(Operation.CLOSE)
    assert outcome(band) == OutcomeResult(Outcome.PARTIAL, 40)
    assert outcome(band, b"x" * 16) == OutcomeResult(Outcome.UNKNOWN, 0)


def test_a_whole_session_is_said_to_be_completed(band: Band) -> None:
    band.start()
    band.run(itbs().session_ms + 2_000, beat=True)
    assert outcome(band) == OutcomeResult(Outcome.COMPLETED, 600)


def test_one_sample_says_what_is_measured(band: Band) -> None:
    band.skip(1_000)
    band.board.sensors.change(coil_temperature_c=31, battery_percent=77, contact=False)
    now_ms = band.firmware.telemetry().uptime_ms
    assert now_ms == band.now_ms
    assert band.firmware.telemetry() == Telemetry(now_ms, 31, 77, False, True, 0)
    band.board.sensors.change(contact=True, position_ok=False)
    assert band.firmware.telemetry() == Telemetry(now_ms, 31, 77, True, False, 0)
    band.board.sensors.change(position_ok=True)
    band.start()
    band.run_until_fired(10)
    assert band.firmware.telemetry().charged_pulses == 30


def test_between_trains_it_runs_and_does_not_fire(band: Band) -> None:
    band.start()
    band.run_until_fired(1)
    assert band.firmware.status().firing
    band.run_until_fired(30)
    assert not band.firmware.status().firing
    band.run(7_950, beat=True)
    assert not band.firmware.status().firing
    band.run(250, beat=True)
    assert band.firmware.status().firing
    assert band.firmware.status().train == 2
