"""R1, R2, R29: what is fired was reserved before, and counted after."""

from __future__ import annotations

import pytest

from firmware_bridge.emulator.firmware.treatment import Treatment
from shared.stimulation import schedule
from shared.wire import records
from shared.wire.records import (
    CloseCause,
    RecordType,
    SessionClosedBody,
    SliceClosedBody,
    SliceReservedBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import itbs

SESSION_MS = itbs().session_ms


def pulses_reserved_in_flash(band: Band) -> int:
    """Read the flash itself, not what the core believes of it."""
    lines = (records.decode_record(entry) for entry in band.board.flash.read_all().entries)
    return sum(line.body.pulses for line in lines if isinstance(line.body, SliceReservedBody))


def test_600_pulses_in_20_trains_fall_at_the_catalogues_own_microseconds(band: Band) -> None:
    band.start()
    began_us = band.now_ms * 1000
    band.run(SESSION_MS + 1000, beat=True)
    wanted = [began_us + at_us for at_us in schedule.pulses(itbs().parts[0].plan)]
    assert band.pulse_times_us == wanted
    assert len(wanted) == 600
    assert band.bodies(SessionClosedBody) == [
        SessionClosedBody(band.session_id, CloseCause.COMPLETED, True, 600)
    ]
    assert {body.train for body in band.bodies(SliceReservedBody)} == set(range(1, 21))


def test_every_pulse_stands_reserved_in_flash_and_counted_outside_before_it_is_fired(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    fire, counter = band.board.coil.fire, band.board.counter

    def watched(at_us: int, percent_mso: int) -> bool:
        seen.append((pulses_reserved_in_flash(band), band.fired, counter.read()))
        return fire(at_us, percent_mso)

    monkeypatch.setattr(band.board.coil, "fire", watched)
    band.start()
    band.run(40_000, beat=True)
    assert len(seen) > 100
    assert all(reserved > fired for reserved, fired, _ in seen)
    slices = 1 + (len(seen) - 1) // 30
    assert seen[-1][2] == 1 + slices, "one step at provisioning and one for each slice"


def test_a_slice_has_at_most_50_pulses_and_is_never_fired_beyond(band: Band) -> None:
    band.start()
    band.run(SESSION_MS + 1000, beat=True)
    reserved, closed = band.bodies(SliceReservedBody), band.bodies(SliceClosedBody)
    assert all(body.pulses <= schedule.SLICE_PULSES_MAX for body in reserved)
    assert [body.pulses for body in reserved] == [body.measured for body in closed]
    assert all(body.percent_mso == 52 * 120 // 100 for body in reserved)


def test_unfired_pulses_of_a_broken_slice_are_given_back_once(band: Band) -> None:
    band.start()
    band.run_until_fired(7)
    band.press()
    fired = band.fired
    assert 7 <= fired < 30
    assert band.bodies(SliceClosedBody)[-1].measured == fired
    assert band.firmware.status().charged_pulses == fired


def test_the_countdown_lets_no_pulse_through_that_was_not_loaded(band: Band) -> None:
    band.start()
    band.run_until_fired(30)
    assert band.board.coil.countdown == 0
    assert not band.board.coil.fire(0, 50)


@pytest.mark.parametrize("missed", [1, 5])
def test_a_pulse_that_the_counter_did_not_see_is_a_fault_at_the_slices_end(
    band: Band, missed: int
) -> None:
    band.start()
    band.run_until_fired(31)
    band.board.coil.miscount(missed)
    band.run(30_000, beat=True)
    assert band.firmware.fault == "pulse_count"
    assert band.state is DeviceState.FAULT
    assert band.fired == 60
    assert band.firmware.status().charged_pulses is None
    closed = band.bodies(SliceClosedBody)[-1]
    assert (closed.commanded, closed.measured) == (30, 30 - missed)
    assert band.bodies(SessionClosedBody)[-1].charged_pulses == 60


@pytest.mark.parametrize("end", ["stop", "heat", "hold", "close"])
def test_a_count_that_differs_when_a_train_is_broken_is_a_fault_too(band: Band, end: str) -> None:
    band.start()
    band.run_until_fired(3)
    band.board.coil.miscount(2)
    band.run_until_fired(12)
    if end == "heat":
        band.board.sensors.change(coil_temperature_c=60)
        band.run(100, beat=True)
    elif end == "hold":
        band.place_hold()
    else:
        band.end_by(end)
    fired = band.fired
    band.run(30_000, beat=True)
    assert band.firmware.fault == "pulse_count"
    assert band.fired == fired < 30
    assert (RecordType.HOLD_PLACED in {record.type for record in band.records}) is (end == "hold")
    assert [body.cause for body in band.bodies(SessionClosedBody)] == [CloseCause.FAULT]


def test_a_trigger_that_refuses_closes_the_session_and_keeps_the_true_count(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    band.start()
    band.run_until_fired(40)
    fired = band.fired
    monkeypatch.setattr(band.board.coil, "fire", lambda at_us, percent_mso: False)
    band.run(30_000, beat=True)
    assert band.firmware.fault == "trigger_refused"
    assert band.fired == fired
    assert band.bodies(SliceClosedBody)[-1].measured == fired - 30
    assert band.bodies(SessionClosedBody)[-1].charged_pulses == fired


def test_a_counter_that_sticks_ends_the_session_before_the_slice_that_it_should_stand_for(
    band: Band,
) -> None:
    band.start()
    band.run_until_fired(30)
    band.board.counter.stick()
    band.run(30_000, beat=True)
    assert band.fired == 30
    assert band.state is DeviceState.FAULT
    assert band.bodies(SessionClosedBody)[-1].charged_pulses == 30


def test_a_fault_stays_over_a_reboot(band: Band) -> None:
    band.start()
    band.run_until_fired(31)
    band.board.coil.miscount(1)
    band.run(10_000, beat=True)
    band.reboot(off_ms=1000)
    assert band.firmware.fault == "pulse_count"
    assert band.state is DeviceState.FAULT


@pytest.mark.parametrize("room_entries", range(6))
def test_a_flash_that_fills_up_stops_the_session_and_nothing_unreserved_is_fired(
    band: Band, room_entries: int
) -> None:
    band.start()
    band.run_until_fired(31)
    log = band.folder / "flash" / "log"
    band.board.flash.limit_room(log.stat().st_size + room_entries * 70)
    band.run(60_000, beat=True)
    assert band.state is DeviceState.FAULT
    assert band.fired <= pulses_reserved_in_flash(band)
    fired = band.fired
    band.run(60_000, beat=True)
    assert band.fired == fired < 600


def test_a_full_flash_at_stop_stops_all_the_same_and_is_answered_as_a_fault(band: Band) -> None:
    band.start()
    band.run_until_fired(31)
    band.board.flash.limit_room(0)
    answer = band.end_by("stop")
    assert answer is not None
    assert answer.status.name == "FAULT"
    fired = band.fired
    band.run(60_000, beat=True)
    assert band.fired == fired
    assert band.state is DeviceState.FAULT


def test_a_full_flash_at_the_button_stops_all_the_same(band: Band) -> None:
    band.start()
    band.run_until_fired(31)
    band.board.flash.limit_room(0)
    band.press()
    fired = band.fired
    band.run(60_000, beat=True)
    assert band.fired == fired
    assert band.state is DeviceState.FAULT


def test_a_treatment_without_a_session_leaves_the_trigger_interlocked(band: Band) -> None:
    assert isinstance(band.firmware._treatment, Treatment)
    band.board.coil.load(5)
    assert not band.board.coil.fire(0, 10)
    assert RecordType.SLICE_RESERVED not in {record.type for record in band.records}
