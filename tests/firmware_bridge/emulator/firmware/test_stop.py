"""R3: whatever the cause, no pulse later than 100 ms after the band knows of it, in a train too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from shared.wire.operations import Operation, PauseArguments, StatusCode
from shared.wire.records import CloseCause, PauseCause, SessionClosedBody, SessionPausedBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band

STOP_US = 100_000
BEAT_LIMIT_MS = 3000
CONTACT_GRACE_MS = 300


@dataclass(frozen=True)
class End:
    """One cause: how it comes about, after how many ms the band knows, and what follows."""

    happens: Callable[[Band], object]
    follows: PauseCause | CloseCause
    known_after_ms: int = 0


ENDS = {
    "stop": End(lambda band: band.must(Operation.STOP), PauseCause.STOP),
    "button": End(lambda band: band.press(), PauseCause.BUTTON),
    "pause": End(lambda band: band.must(Operation.PAUSE), PauseCause.PAUSE_ASKED),
    "contact": End(
        lambda band: band.board.sensors.change(contact=False),
        PauseCause.CONTACT,
        CONTACT_GRACE_MS,
    ),
    "position": End(lambda band: band.board.sensors.change(position_ok=False), PauseCause.POSITION),
    "heat": End(
        lambda band: band.board.sensors.change(coil_temperature_c=43),
        CloseCause.OVER_TEMPERATURE,
    ),
    "motion": End(
        lambda band: band.board.sensors.change(motion_mg=900),
        CloseCause.MOTION,
    ),
    "hold": End(lambda band: band.place_hold(), CloseCause.HOLD),
    "end": End(lambda band: band.must(Operation.CLOSE), CloseCause.ENDED_BY_PERSON),
}


@pytest.mark.parametrize("name", list(ENDS))
@pytest.mark.parametrize("fired_before", [1, 44, 587])
def test_pulses_end_inside_the_train(band: Band, name: str, fired_before: int) -> None:
    end = ENDS[name]
    band.start()
    band.run_until_fired(fired_before)
    end.happens(band)
    known_us = (band.now_ms + end.known_after_ms) * 1000
    band.run(10_000, beat=True)
    assert band.fired < -(-fired_before // 30) * 30, "the train would have gone on"
    assert max(band.pulse_times_us) <= known_us + STOP_US
    if isinstance(end.follows, PauseCause):
        assert band.state is DeviceState.PAUSED
        assert band.bodies(SessionPausedBody)[-1].cause is end.follows
    else:
        assert band.state is DeviceState.IDLE
        assert band.bodies(SessionClosedBody)[-1].cause is end.follows


def test_a_missed_beat_ends_pulses_inside_the_train(band: Band) -> None:
    band.start()
    band.run_until_fired(30)
    band.run(6_500, beat=True)
    band.sealed(Operation.BEAT)
    known_us = (band.now_ms + BEAT_LIMIT_MS) * 1000
    band.run(20_000)
    times = band.pulse_times_us
    assert 30 < len(times) < 60
    assert known_us - 400_000 < times[-1] <= known_us + STOP_US
    assert band.bodies(SessionPausedBody)[-1].cause is PauseCause.BEAT_MISSED


def test_a_break_of_contact_shorter_than_300_ms_does_not_pause(band: Band) -> None:
    band.start()
    band.run_until_fired(10)
    band.board.sensors.change(contact=False)
    band.run(CONTACT_GRACE_MS, beat=True)
    band.board.sensors.change(contact=True)
    band.run(2_000, beat=True)
    assert band.state is DeviceState.STIMULATING
    assert band.fired == 30


def test_after_a_break_of_contact_the_person_is_asked_at_once(band: Band) -> None:
    """R11."""
    band.start()
    band.run_until_fired(10)
    band.board.sensors.change(contact=False)
    band.run(200, beat=True)
    assert band.firmware.status().still_here_due_ms is None
    band.board.sensors.change(contact=True)
    band.skip(50)
    assert band.firmware.status().still_here_due_ms == 20_000


def test_stop_while_armed_disarms(band: Band) -> None:
    band.arm()
    band.must(Operation.STOP)
    assert band.state is DeviceState.IDLE
    band.press()
    band.run(5_000)
    assert band.fired == 0


def test_stop_is_never_refused_for_want_of_a_session(band: Band) -> None:
    band.must(Operation.STOP)
    assert band.state is DeviceState.IDLE


def test_an_incoming_call_pauses_and_a_touch_goes_on(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE, PauseArguments(PauseCause.INCOMING_CALL))
    assert band.bodies(SessionPausedBody)[-1].cause is PauseCause.INCOMING_CALL
    assert band.sealed(Operation.RESUME).status is StatusCode.OK
    assert band.is_in(DeviceState.STIMULATING)


def test_a_pause_by_the_app_cannot_pass_for_another_cause(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE, PauseArguments(PauseCause.STOP))
    assert band.bodies(SessionPausedBody)[-1].cause is PauseCause.PAUSE_ASKED
