"""R12: two parts in one session, the band moved between them with the trigger interlocked."""

from __future__ import annotations

import pytest

from shared.dose.reasons import ReasonCode
from shared.wire.operations import Operation, StatusCode
from shared.wire.records import (
    CloseCause,
    PauseCause,
    SessionClosedBody,
    SessionPausedBody,
    SliceReservedBody,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.prescribed import bilateral

FIRST_PART_PULSES = 600


@pytest.fixture
def moved(new_band: Band) -> Band:
    """A band that waits, between the parts, to be moved."""
    new_band.ready(bilateral())
    new_band.start()
    new_band.run(45_000, beat=True)
    assert new_band.state is DeviceState.REPOSITIONING
    return new_band


def test_after_the_first_part_the_band_is_moved_and_nothing_fires(moved: Band) -> None:
    assert moved.fired == FIRST_PART_PULSES
    moved.run(60_000, beat=True)
    assert moved.fired == FIRST_PART_PULSES
    assert moved.board.coil.fire(moved.now_ms * 1000, 40) is False


def test_a_touch_goes_on_with_the_second_part(moved: Band) -> None:
    assert moved.sealed(Operation.REPOSITIONED).status is StatusCode.OK
    moved.run(220_000, beat=True)
    assert moved.fired == 2 * FIRST_PART_PULSES
    closed = moved.bodies(SessionClosedBody)[-1]
    assert (closed.cause, closed.completed) == (CloseCause.COMPLETED, True)


def test_each_part_has_its_own_intensity_and_trains_are_numbered_through(moved: Band) -> None:
    moved.sealed(Operation.REPOSITIONED)
    moved.run(220_000, beat=True)
    reserved = moved.bodies(SliceReservedBody)
    assert {body.percent_mso for body in reserved if body.train == 1} == {40}
    assert {body.percent_mso for body in reserved if body.train > 1} == {60}
    assert max(body.train for body in reserved) == 21


def test_the_lock_is_asked_before_it_goes_on(moved: Band) -> None:
    moved.board.sensors.change(position_ok=False)
    refused = moved.sealed(Operation.REPOSITIONED)
    assert refused.status is StatusCode.LOCKED
    assert refused.result.reasons == (int(ReasonCode.POSITION),)
    assert moved.state is DeviceState.REPOSITIONING
    moved.board.sensors.change(position_ok=True)
    assert moved.sealed(Operation.REPOSITIONED).status is StatusCode.OK
    assert moved.is_in(DeviceState.STIMULATING)


def test_it_lasts_at_most_ten_minutes(moved: Band) -> None:
    moved.run(600_000, beat=True)
    assert moved.bodies(SessionClosedBody)[-1].cause is CloseCause.PAUSE_LIMIT
    assert moved.fired == FIRST_PART_PULSES


def test_stop_while_it_is_moved_asks_for_the_button_and_then_for_the_move(moved: Band) -> None:
    moved.must(Operation.STOP)
    assert moved.bodies(SessionPausedBody)[-1].cause is PauseCause.STOP
    assert moved.sealed(Operation.RESUME).status is StatusCode.OK
    moved.press()
    assert moved.state is DeviceState.REPOSITIONING
    assert moved.sealed(Operation.REPOSITIONED).status is StatusCode.OK
    assert moved.is_in(DeviceState.STIMULATING)


def test_a_press_of_the_button_pauses_it(moved: Band) -> None:
    moved.press()
    assert moved.state is DeviceState.PAUSED


def test_a_missed_beat_pauses_it(moved: Band) -> None:
    moved.run(5_000, beat=False)
    assert moved.bodies(SessionPausedBody)[-1].cause is PauseCause.BEAT_MISSED


def test_without_the_sessions_key_nobody_says_that_it_was_moved(moved: Band) -> None:
    refused = moved.send_sealed(Operation.REPOSITIONED, (99, bytes(16)))
    assert refused.status is StatusCode.NOT_TRUSTED
