"""What a device does when something fails in the middle of a session: it fails closed."""

from pathlib import Path
from typing import Any

import pytest

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.faults.table import FAULTS
from shared.dose.reasons import ReasonCode
from shared.trust.statements import HoldKind
from shared.wire.operations import Operation, StatusCode
from shared.wire.records import (
    CloseCause,
    HoldPlacedBody,
    PauseCause,
    SelfTestBody,
    SessionClosedBody,
    SessionPausedBody,
    SliceClosedBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.faults.device import Device
from tests.firmware_bridge.emulator.faults.test_placements import GIVEN

SLICE = 30
"""Pulses of a slice of iTBS: a train of 2 s."""
TRAIN_MS = 10_000

DAMAGES_THE_LEDGER = ("flash_flip",)
"""After these the record can't be read whole: the device is out of service for good (R27)."""


@pytest.fixture
def device(tmp_path: Path) -> Device:
    device = Device(tmp_path / "band")
    device.ready()
    return device


def closed_by(device: Device) -> list[CloseCause]:
    return [body.cause for body in device.bodies(SessionClosedBody)]


def paused_by(device: Device) -> list[PauseCause]:
    return [body.cause for body in device.bodies(SessionPausedBody)]


@pytest.mark.parametrize("name", list(FAULTS))
def test_no_fault_in_a_session_charges_a_pulse_too_few_or_fires_one_too_many(
    device: Device, name: str
) -> None:
    value = {"value": GIVEN[name]} if name in GIVEN else {}
    device.place(name, **value, event="pulse", nth=40)
    device.start()
    device.run(2 * TRAIN_MS + 3_000, beat=True)
    device.reboot(off_ms=1_000)
    assert [each.fault for each in device.faults.struck()] == [name]
    if name in DAMAGES_THE_LEDGER:
        assert device.state is DeviceState.FAULT
    else:
        assert device.fired <= device.charged <= device.fired + SLICE
    fired = device.fired
    assert fired <= 3 * SLICE
    device.run(TRAIN_MS, beat=True)
    assert device.fired == fired


@pytest.mark.parametrize(("fault", "measured"), [("pulse_missing", 29), ("pulse_extra", 30)])
def test_generator_that_fires_another_number_than_asked_is_a_fault_and_charged_in_full(
    device: Device, fault: str, measured: int
) -> None:
    device.place(fault, event="slice", nth=2)
    device.start()
    device.run(2 * TRAIN_MS, beat=True)
    assert device.state is DeviceState.FAULT
    assert device.fired == SLICE + measured
    closed = device.bodies(SliceClosedBody)[-1]
    assert closed.measured == measured
    assert closed.measured != closed.commanded
    assert device.charged == 2 * SLICE
    assert closed_by(device) == [CloseCause.FAULT]


def test_countdown_holds_back_a_pulse_more_than_was_reserved(device: Device) -> None:
    device.place("pulse_extra", event="pulse", nth=SLICE)
    device.start()
    device.run(5_000, beat=True)
    assert device.fired == SLICE == device.charged
    assert device.state is DeviceState.STIMULATING


def test_more_pulses_than_reserved_need_two_faults_and_are_charged_all_the_same(
    device: Device,
) -> None:
    device.place("pulse_extra", event="pulse", nth=SLICE)
    device.place("countdown_stuck", event="slice")
    device.start()
    device.run(5_000, beat=True)
    assert device.fired == SLICE + 1 == device.charged
    assert device.state is DeviceState.FAULT


@pytest.mark.parametrize(
    ("fault", "cause"),
    [("contact", PauseCause.CONTACT), ("position_ok", PauseCause.POSITION)],
)
def test_band_that_leaves_its_place_pauses_until_a_touch_also_when_it_is_back(
    device: Device, fault: str, cause: PauseCause
) -> None:
    device.place(fault, event="pulse", nth=10, for_ms=2_000)
    device.start()
    device.run(5_000, beat=True)
    assert paused_by(device) == [cause]
    assert device.fired < 10 + 300 // 10
    device.faults.take_back(fault)
    fired = device.fired
    device.run(TRAIN_MS, beat=True)
    assert device.state is DeviceState.PAUSED
    assert device.fired == fired


def test_flicker_shorter_than_the_grace_asks_the_person_and_a_longer_one_pauses(
    device: Device,
) -> None:
    device.place("contact_flickers_ms", value=200, event="pulse", nth=10)
    device.start()
    device.run(2_000, beat=True, still_here=False)
    assert device.state is DeviceState.STIMULATING
    assert device.firmware.status().still_here_due_ms is not None
    device.place("contact_flickers_ms", value=600)
    device.run(2_000, beat=True, still_here=False)
    assert paused_by(device) == [PauseCause.CONTACT]


def test_seizure_ends_the_session_and_leaves_a_safety_hold(device: Device) -> None:
    device.place("seizure", event="pulse", nth=10, for_ms=1_000)
    device.start()
    device.run(5_000, beat=True)
    assert closed_by(device) == [CloseCause.MOTION]
    assert [body.kind for body in device.bodies(HoldPlacedBody)] == [HoldKind.SAFETY]
    assert device.fired < 10 + 20


@pytest.mark.parametrize("fault", ["temperature", "self_test_fails"])
def test_hot_coil_or_a_thermometer_out_of_range_ends_the_session(
    device: Device, fault: str
) -> None:
    device.place(fault, event="pulse", nth=10)
    device.start()
    device.run(5_000, beat=True)
    assert closed_by(device) == [CloseCause.OVER_TEMPERATURE]
    assert device.fired < 10 + 20


def test_stuck_button_pauses_and_starts_nothing_however_long_it_is_stuck(device: Device) -> None:
    device.start()
    device.run_until_fired(10)
    device.place("button_stuck")
    device.run(50, beat=True)
    fired = device.fired
    device.run(60_000, beat=True)
    assert paused_by(device) == [PauseCause.BUTTON]
    assert device.fired == fired


@pytest.mark.parametrize(("plugged_in", "left_percent"), [(False, 59), (True, 61)])
def test_charger_fills_the_battery_in_a_session_too_and_disturbs_nothing(
    device: Device, plugged_in: bool, left_percent: int
) -> None:
    device.board.sensors.change(battery_percent=60)
    device.place("charger_plugged_in", value=plugged_in, event="slice")
    device.start()
    device.run(13 * TRAIN_MS, beat=True)
    assert device.state is DeviceState.STIMULATING
    device.end_by("stop")
    device.run(3_000, beat=True)
    assert device.board.battery.percent() == left_percent
    device.faults.clear()
    assert not device.board.battery.plugged_in


@pytest.mark.parametrize("cause", ["watchdog", "brown_out", "power_cut"])
@pytest.mark.parametrize(
    ("event", "charged"),
    [({"event": "slice", "nth": 2}, 2 * SLICE), ({"event": "pulse", "nth": 45}, 2 * SLICE)],
)
def test_band_that_goes_down_in_a_slice_has_charged_it_whole_and_closes_the_session(
    device: Device, cause: str, event: dict[str, Any], charged: int
) -> None:
    device.place(cause, **event)
    device.start()
    device.run(2 * TRAIN_MS, beat=True)
    assert device.causes == [Cause(cause)]
    assert device.fired == (SLICE if event["event"] == "slice" else event["nth"])
    assert device.charged == charged
    assert closed_by(device) == [CloseCause.REBOOT]
    assert device.state is DeviceState.IDLE


@pytest.mark.parametrize("at_byte", [0, 1, 20, 60, 90, 150])
def test_power_cut_at_any_byte_of_the_flash_leaves_a_band_that_boots_and_charged_enough(
    device: Device, at_byte: int
) -> None:
    device.place("flash_power_cut", value=at_byte, event="record", of="SLICE_CLOSED")
    device.start()
    device.run(3 * TRAIN_MS, beat=True)
    assert len(device.boots) == 2
    assert device.fired <= device.charged <= device.fired + SLICE
    assert device.state is DeviceState.IDLE


@pytest.mark.parametrize("fault", ["flash_bad_block", "ledger_full", "counter_stuck"])
def test_slice_that_cannot_be_put_down_is_not_fired(device: Device, fault: str) -> None:
    device.place(fault, event="record", of="SLICE_CLOSED")
    device.start()
    device.run(3 * TRAIN_MS, beat=True)
    assert device.fired == SLICE
    assert device.state is DeviceState.FAULT


def test_frozen_firmware_fires_nothing_and_comes_up_by_the_watchdog(device: Device) -> None:
    device.place("firmware_frozen", event="pulse", nth=40)
    device.start()
    device.run(2 * TRAIN_MS, beat=True)
    frozen_at = device.fired
    assert frozen_at <= 2 * SLICE
    device.faults.take_back("firmware_frozen")
    device.run(TRAIN_MS, beat=True)
    assert device.causes == [Cause.WATCHDOG]
    assert device.fired == frozen_at
    assert closed_by(device) == [CloseCause.REBOOT]


@pytest.mark.parametrize(
    ("fault", "value", "reason"),
    [
        ("battery_percent", 29, ReasonCode.BATTERY),
        ("temperature", 45, ReasonCode.TEMPERATURE),
        ("contact", False, ReasonCode.CONTACT),
        ("position_ok", False, ReasonCode.POSITION),
        ("ledger_full", True, ReasonCode.LEDGER_ROOM),
    ],
)
def test_band_that_is_not_fit_arms_no_session_until_it_is(
    device: Device, fault: str, value: Any, reason: ReasonCode
) -> None:
    device.place(fault, value=value)
    device.run(100)
    assert reason in device.reasons
    assert device.arm().status is StatusCode.LOCKED
    device.faults.take_back(fault)
    device.run(100)
    assert reason not in device.reasons
    assert device.arm().status is StatusCode.OK


def test_self_test_that_fails_stands_on_the_record_and_locks(device: Device) -> None:
    device.place("self_test_fails")
    device.must(Operation.SELF_TEST)
    device.run(3_000)
    assert device.bodies(SelfTestBody)[-1] == SelfTestBody(False)
    assert ReasonCode.SELF_TEST in device.reasons
    device.faults.take_back("self_test_fails")
    assert device.arm().status is StatusCode.LOCKED
    device.must(Operation.SELF_TEST)
    device.run(3_000)
    assert device.arm().status is StatusCode.OK


def test_lost_clock_locks_after_the_reboot(device: Device) -> None:
    device.place("clock_lost")
    device.reboot(off_ms=1_000)
    assert ReasonCode.CLOCK_NOT_TRUSTED in device.reasons
    assert device.arm().status is not StatusCode.OK


def test_drifting_clock_ends_no_lock_early_while_the_band_is_on(device: Device) -> None:
    device.place("clock_drift_ppm", value=100_000)
    proven_ms = device.firmware.status().proven_ms
    device.run(600_000)
    assert device.firmware.status().proven_ms - proven_ms <= 600_000


def test_key_that_signs_nothing_makes_the_device_stop(device: Device) -> None:
    device.place("key_unavailable")
    assert device.arm().status is StatusCode.FAULT
    assert device.state is DeviceState.FAULT
