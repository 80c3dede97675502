"""The table of states: whole, obeyed, and the only way from one state to another."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.states import (
    TABLE,
    Choice,
    Happening,
    StateError,
    StateMachine,
)
from shared.wire.operations import Operation, StatusCode
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band


def test_every_event_is_decided_in_every_state() -> None:
    assert set(TABLE) == {*Operation, *Happening}
    assert all(set(row) == set(DeviceState) for row in TABLE.values())


def test_a_refusal_says_why() -> None:
    refusing = [c for row in TABLE.values() for c in row.values() if c.choice is Choice.REFUSED]
    assert refusing
    assert all(cell.refusal for cell in refusing)


def test_every_state_is_reached_and_left() -> None:
    reached = {to for row in TABLE.values() for cell in row.values() for to in cell.targets}
    assert reached == set(DeviceState) - {DeviceState.PAUSED} | {DeviceState.PAUSED}
    left = {
        state
        for row in TABLE.values()
        for state, cell in row.items()
        if cell.targets - {DeviceState.FAULT}
    }
    assert left == set(DeviceState) - {DeviceState.FAULT}


def test_only_three_events_lead_to_pulses_and_each_asks_the_lock() -> None:
    leading = {
        event
        for event, row in TABLE.items()
        for cell in row.values()
        if DeviceState.STIMULATING in cell.targets
    }
    assert leading == {
        Operation.START,
        Operation.RESUME,
        Operation.REPOSITIONED,
        Happening.BUTTON,
    }


def test_pulses_end_from_wherever_they_are_fired() -> None:
    stopping = (Operation.STOP, Operation.PAUSE, Operation.CLOSE, Happening.BUTTON)
    for event in (*stopping, Happening.BEAT_MISSED, Happening.CONTACT_LOST, Happening.TOO_HOT):
        cell = TABLE[event][DeviceState.STIMULATING]
        assert cell.choice is Choice.TAKEN
        assert cell.targets & {DeviceState.PAUSED, DeviceState.CLOSING}


def test_stop_is_refused_nowhere() -> None:
    for event in (Operation.STOP, Operation.PAUSE, Operation.CLOSE):
        assert all(cell.choice is not Choice.REFUSED for cell in TABLE[event].values())


def test_a_state_that_the_table_does_not_lead_to_is_an_error() -> None:
    now = [DeviceState.IDLE]
    machine = StateMachine(lambda: now[0])
    machine.take(Operation.ARM)
    now[0] = DeviceState.STIMULATING
    with pytest.raises(StateError, match="IDLE to STIMULATING by ARM"):
        machine.changed()


@pytest.mark.parametrize("state", [s for s in DeviceState if s is not DeviceState.IDLE])
def test_arming_is_for_idle_alone(state: DeviceState) -> None:
    with pytest.raises(Refused):
        StateMachine(lambda: state).take(Operation.ARM)


def drive_to_paused(band: Band) -> None:
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)


def drive_to_closing(band: Band) -> None:
    drive_to_paused(band)
    band.must(Operation.CLOSE)


DRIVES: dict[DeviceState, Callable[[Band], object]] = {
    DeviceState.IDLE: lambda band: None,
    DeviceState.ARMED: Band.arm,
    DeviceState.STIMULATING: Band.start,
    DeviceState.PAUSED: drive_to_paused,
    DeviceState.CLOSING: drive_to_closing,
    DeviceState.PRACTICE: lambda band: band.must(Operation.PRACTICE),
    DeviceState.SELF_TESTING: lambda band: band.must(Operation.SELF_TEST),
    DeviceState.UPDATING: lambda band: band.firmware.begin_update(),
}


@pytest.mark.parametrize("state", list(DRIVES), ids=lambda s: s.name)
def test_the_device_obeys_its_table(band: Band, state: DeviceState) -> None:
    DRIVES[state](band)
    assert band.state is state
    for operation in (Operation.PRACTICE, Operation.SELF_TEST, Operation.LOCATE, Operation.PAUSE):
        if TABLE[operation][state].choice is Choice.REFUSED:
            answer = band.ask(operation)
            assert (answer.status, answer.result.code) == (
                StatusCode.WRONG_STATE,
                TABLE[operation][state].refusal,
            )
    assert band.state is state
