"""The core around a session: button, pairing, what it tells, its modes, its machine of states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.outside import Display
from firmware_bridge.emulator.firmware.states import Happening, StateMachine
from shared.wire.operations import Operation
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.refusing import code
from tests.firmware_bridge.emulator.firmware.test_owners import let_go, offer_patient
from tests.firmware_bridge.emulator.firmware.test_session_edges import open_window, told
from tests.shared.prescribed import bilateral

MINUTE_MS = 60_000

# The button


def test_that_the_button_is_waited_for_and_that_it_agreed_is_told(band: Band) -> None:
    let_go(band)
    heard = told(band)
    assert code(offer_patient(band)) == "press_the_button"
    assert heard == [DeviceState.IDLE]
    assert band.firmware.display == Display("Press to agree", "blue")
    band.skip(MINUTE_MS - 1)
    heard.clear()
    band.press()
    assert heard == [DeviceState.IDLE]
    assert band.firmware.ledger.patient_id == b"other patient 16"
    count = len(band.records)
    band.press()
    assert len(band.records) == count


def test_that_nobody_waits_any_more_is_told_once(band: Band) -> None:
    let_go(band)
    offer_patient(band)
    heard = told(band)
    band.skip(MINUTE_MS)
    band.skip(1)
    assert heard == [DeviceState.IDLE]
    assert band.firmware.display == Display("T.P.  Resting", "white")


def test_a_press_that_the_lock_refuses_is_told_and_starts_nothing(band: Band) -> None:
    band.arm()
    open_window(band)
    band.board.sensors.change(contact=False)
    heard = told(band)
    band.press()
    assert heard == [DeviceState.ARMED]
    assert band.fired == 0


def test_held_for_three_seconds_it_opens_pairing_once_and_tells(band: Band) -> None:
    band.skip(10_000)
    heard = told(band)
    band.firmware.button(True)
    band.skip(2_999)
    assert not heard
    band.skip(1)
    assert heard == [DeviceState.IDLE]
    assert band.firmware.display == Display("Pairing open", "blue")
    band.skip(119_999)
    assert band.firmware.pairing_open
    band.skip(1)
    assert not band.firmware.pairing_open, "held on, it opens no second time"
    assert heard == [DeviceState.IDLE]


def test_let_go_in_time_it_opens_nothing(band: Band) -> None:
    band.firmware.button(True)
    band.skip(2_999)
    band.firmware.button(False)
    band.skip(5_000)
    assert not band.firmware.pairing_open


def test_let_go_exactly_at_three_seconds_it_opens(band: Band) -> None:
    band.firmware.button(True)
    band.now_ms += 3_000
    band.firmware._time.advance(band.now_ms)
    band.firmware.button(False)
    assert band.firmware.pairing_open


def test_in_a_session_a_held_button_opens_nothing(band: Band) -> None:
    band.arm()
    band.firmware.button(True)
    band.run(3_000, beat=True)
    assert not band.firmware.pairing_open


def test_where_it_is_is_shown_for_ten_seconds_and_told(band: Band) -> None:
    heard = told(band)
    band.must(Operation.LOCATE)
    assert heard == [DeviceState.IDLE]
    band.skip(9_999)
    assert band.firmware.display == Display("Here", "white")
    band.skip(1)
    assert band.firmware.display == Display("T.P.  Resting", "white")


def test_a_number_to_compare_is_told_when_it_comes_and_goes(band: Band) -> None:
    heard = told(band)
    band.firmware.show_number(12)
    band.firmware.show_number(None)
    assert len(heard) == 2


def test_a_request_that_writes_is_told_and_one_that_reads_is_not(band: Band) -> None:
    heard = told(band)
    band.must(Operation.HELLO)
    assert not heard
    band.place_hold()
    assert heard


def test_before_a_shell_listens_it_works_all_the_same(new_band: Band) -> None:
    def untouched(core: Firmware) -> None:
        core.on_status()
        core.on_forget_bonds()

    new_band.power_on(before_boot=untouched)
    assert new_band.is_in(DeviceState.UNPROVISIONED)


# Its modes


@pytest.mark.parametrize(
    "enter",
    [
        lambda band: band.must(Operation.PRACTICE),
        lambda band: band.must(Operation.SELF_TEST),
        lambda band: band.firmware.begin_update(),
    ],
)
def test_without_treatment_nothing_reaches_the_coil_whatever_was_left(
    band: Band, enter: Callable[[Band], Any]
) -> None:
    coil = band.board.coil
    coil.load(3)
    coil.interlock(closed=False)
    enter(band)
    assert (coil.interlocked, coil.countdown) == (True, 0)


def test_every_event_is_told_with_the_state_that_it_meets(band: Band) -> None:
    heard: list[tuple[DeviceState, Any]] = []
    band.firmware.watch_events(lambda state, event: heard.append((state, event)))
    band.must(Operation.PRACTICE)
    band.skip(10 * MINUTE_MS)
    band.must(Operation.SELF_TEST)
    band.skip(2_000)
    band.firmware.begin_update()
    band.firmware.end_update()
    band.press()
    band.arm()
    band.run(120_000, beat=True)
    seen = [each for each in heard if each[1] is not Operation.BEAT]
    idle = DeviceState.IDLE
    assert seen == [
        (idle, Operation.PRACTICE),
        (DeviceState.PRACTICE, Happening.PRACTICE_LIMIT),
        (idle, Operation.SELF_TEST),
        (DeviceState.SELF_TESTING, Happening.SELF_TEST_DONE),
        (idle, Happening.UPDATE_BEGIN),
        (DeviceState.UPDATING, Happening.UPDATE_END),
        (idle, Happening.BUTTON),
        (idle, Operation.NONCE),
        (idle, Operation.ARM),
        (DeviceState.ARMED, Happening.ARMED_LIMIT),
    ]


def sees(band: Band) -> list[Any]:
    """What happens to the band from now on, beside requests."""
    heard: list[Any] = []
    band.firmware.watch_events(
        lambda _, event: heard.append(event) if isinstance(event, Happening) else None
    )
    return heard


def test_what_happens_in_a_session_is_told_too(new_band: Band) -> None:
    new_band.ready(bilateral())
    heard = sees(new_band)
    new_band.start()
    new_band.run(45_000, beat=True)
    assert heard == [Happening.BUTTON, Happening.PART_DONE]
    heard.clear()
    new_band.run(4_000)
    new_band.skip(600_000)
    new_band.skip(200)
    assert heard == [Happening.BEAT_MISSED, Happening.PAUSE_LIMIT, Happening.DISCHARGED]


@pytest.mark.parametrize(
    ("changes", "happening"),
    [
        ({"coil_temperature_c": 60}, Happening.TOO_HOT),
        ({"motion_mg": 5_000}, Happening.MOVED),
        ({"position_ok": False}, Happening.POSITION_LOST),
        ({"contact": False}, Happening.CONTACT_LOST),
    ],
)
def test_what_the_sensors_end_is_told_by_its_name(
    band: Band, changes: dict[str, Any], happening: Happening
) -> None:
    band.start()
    band.run_until_fired(10)
    heard = sees(band)
    band.board.sensors.change(**changes)
    band.run(400)
    assert heard[0] is happening


def test_the_end_a_silence_a_fault_and_a_stray_pulse_are_told_by_their_names(band: Band) -> None:
    band.start()
    heard = sees(band)
    band.run_until_fired(600)
    assert heard == [Happening.STILL_HERE_DUE, Happening.PULSES_DONE]
    band.run(200)
    heard.clear()
    band.board.coil.miscount(-1)
    band.run(50)
    assert heard == [Happening.STRAY_PULSE]


@dataclass
class Machine:
    """A machine whose state is set by hand."""

    state: DeviceState = DeviceState.IDLE
    machine: StateMachine = field(init=False)

    def __post_init__(self) -> None:
        self.machine = StateMachine(lambda: self.state)


def test_an_event_that_means_nothing_leaves_nothing_under_way() -> None:
    world = Machine()
    assert not world.machine.take(Operation.STOP)
    world.state = DeviceState.STIMULATING
    world.machine.changed()
    assert world.machine.take(Operation.STOP)
    world.state = DeviceState.FAULT
    world.machine.changed()
    world.state = DeviceState.STIMULATING
    world.machine.changed()
    world.state = DeviceState.PAUSED
    world.machine.changed()


def test_each_step_is_held_against_the_table(band: Band, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[DeviceState] = []
    monkeypatch.setattr(band.firmware._machine, "changed", lambda: held.append(band.state))
    band.start()
    band.run_until_fired(40)
    band.must(Operation.PAUSE)
    band.sealed(Operation.RESUME)
    band.must(Operation.CLOSE)
    band.run(200)
    band.must(Operation.PRACTICE)
    band.must(Operation.STOP)
    assert [state.name for state in held] == [
        *("ARMED", "STIMULATING", "PAUSED", "STIMULATING", "CLOSING", "IDLE"),
        *("PRACTICE", "IDLE"),
    ]


def test_a_count_that_differs_is_told_as_a_fault_that_was_found(band: Band) -> None:
    band.start()
    heard = sees(band)
    band.board.coil.miscount(1)
    band.run(2_500, beat=True)
    assert heard == [Happening.FAULT_FOUND]
