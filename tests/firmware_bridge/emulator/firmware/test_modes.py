"""R11, R30: practice, self-test, update, and what a pulse or a moving head means."""

from __future__ import annotations

import pytest

from shared.dose.reasons import ReasonCode
from shared.wire.operations import Operation, StatusCode
from shared.wire.records import (
    CloseCause,
    HoldPlacedBody,
    PracticeBody,
    SelfTestBody,
    SessionClosedBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band


def test_practice_fires_nothing_and_ends_by_a_touch(band: Band) -> None:
    band.must(Operation.PRACTICE)
    assert band.is_in(DeviceState.PRACTICE)
    band.run(60_000)
    band.must(Operation.STOP)
    assert band.is_in(DeviceState.IDLE)
    assert band.fired == 0
    assert band.bodies(PracticeBody) == [PracticeBody(True), PracticeBody(False)]


def test_practice_ends_by_the_button_too(band: Band) -> None:
    band.must(Operation.PRACTICE)
    band.press()
    assert band.is_in(DeviceState.IDLE)


def test_practice_ends_by_itself(band: Band) -> None:
    band.must(Operation.PRACTICE)
    band.skip(600_000)
    assert band.is_in(DeviceState.IDLE)


def test_nothing_is_armed_while_practising(band: Band) -> None:
    band.must(Operation.PRACTICE)
    assert band.arm().status is StatusCode.WRONG_STATE


def test_the_self_test_takes_a_moment_and_stands_on_the_record(band: Band) -> None:
    band.must(Operation.SELF_TEST)
    assert band.is_in(DeviceState.SELF_TESTING)
    band.run(2_000)
    assert band.is_in(DeviceState.IDLE)
    assert band.bodies(SelfTestBody) == [SelfTestBody(True)]


def test_a_self_test_that_fails_locks(band: Band) -> None:
    band.board.sensors.change(coil_temperature_c=150)
    band.must(Operation.SELF_TEST)
    band.run(2_000)
    band.board.sensors.change(coil_temperature_c=None)
    assert band.bodies(SelfTestBody) == [SelfTestBody(False)]
    assert ReasonCode.SELF_TEST in band.reasons


def test_an_update_keeps_everything_else_out(band: Band) -> None:
    band.firmware.begin_update()
    assert band.is_in(DeviceState.UPDATING)
    assert band.arm().status is StatusCode.WRONG_STATE
    band.firmware.end_update()
    assert band.is_in(DeviceState.IDLE)


def test_an_update_of_nobodys_band_keeps_its_owner_out_and_ends(new_band: Band) -> None:
    new_band.firmware.begin_update()
    assert new_band.is_in(DeviceState.UPDATING)
    assert new_band.ask(Operation.PROVISION).status is StatusCode.WRONG_STATE
    new_band.firmware.end_update()
    assert new_band.is_in(DeviceState.UNPROVISIONED)


@pytest.mark.parametrize("mode", [Operation.PRACTICE, Operation.SELF_TEST, None])
def test_a_pulse_measured_where_none_may_be_is_a_fault(band: Band, mode: Operation | None) -> None:
    if mode is not None:
        band.must(mode)
    band.board.coil.miscount(-1)
    band.run(100)
    assert band.state is DeviceState.FAULT
    assert band.firmware.fault == "stray_pulse"


def test_a_moving_head_ends_the_session_and_holds(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.board.sensors.change(motion_mg=900)
    band.run(200, beat=True)
    assert band.bodies(SessionClosedBody)[-1].cause is CloseCause.MOTION
    hold = band.bodies(HoldPlacedBody)[-1]
    assert hold.reason == "motion"
    assert ReasonCode.HOLD in band.reasons


def test_while_the_head_moves_nothing_opens(band: Band) -> None:
    band.board.sensors.change(motion_mg=900)
    assert band.arm().result.reasons == (int(ReasonCode.MOTION),)


def test_a_firmware_on_trial_starts_no_session(band: Band) -> None:
    band.firmware.note_firmware("1.1.0", confirmed=False)
    assert band.arm().result.reasons == (int(ReasonCode.FIRMWARE_UNCONFIRMED),)
    band.firmware.note_firmware("1.1.0", confirmed=True)
    assert band.arm().status is StatusCode.OK
