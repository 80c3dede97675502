"""R3 on a microcontroller: STOP in each state in which pulses come or could come next.

Each time with the processor busy checking signatures, which STOP must not wait for.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.wire import operations
from shared.wire.operations import Operation, SealedPercentArguments, StatusCode
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.test_titration import arm as arm_titration
from tests.firmware_bridge.emulator.firmware.test_titration import supervise
from tests.firmware_bridge.emulator.profile.slow_band import Slow, hold
from tests.shared.clinic import itbs
from tests.shared.prescribed import bilateral, titration

R3_LIMIT_MS = 100
FIRST_PART_PULSES = 600


def _in_a_train(band: Band) -> None:
    band.ready()
    band.start()
    band.run_until_fired(44)


def _at_the_first_pulse(band: Band) -> None:
    band.ready()
    band.start()
    band.run_until_fired(1)


def _between_two_trains(band: Band) -> None:
    band.ready()
    band.start()
    band.run_until_fired(30)
    band.run(3_000, beat=True)


def _in_the_last_train(band: Band) -> None:
    band.ready()
    band.start()
    band.run_until_fired(587)


def _going_on_after_a_pause(band: Band) -> None:
    _in_a_train(band)
    band.must(Operation.PAUSE)
    assert band.sealed(Operation.RESUME).status is StatusCode.OK


def _waiting_for_the_button(band: Band) -> None:
    band.ready()
    band.arm()
    assert band.sealed(Operation.OPEN_START_WINDOW).status is StatusCode.OK


def _being_moved(band: Band) -> None:
    band.ready(bilateral())
    band.start()
    band.run(45_000, beat=True)
    assert band.state is DeviceState.REPOSITIONING


def _in_the_second_part(band: Band) -> None:
    _being_moved(band)
    assert band.sealed(Operation.REPOSITIONED).status is StatusCode.OK
    band.run_until_fired(FIRST_PART_PULSES + 5)


def _measuring_a_threshold(band: Band) -> None:
    band.ready()
    assert band.install(titration(itbs())).status is StatusCode.OK
    assert band.clear(serial=2).status is StatusCode.OK
    assert supervise(band).status is StatusCode.OK
    assert arm_titration(band).status is StatusCode.OK
    assert band.sealed(Operation.OPEN_START_WINDOW).status is StatusCode.OK
    band.press()
    assert _titrate(band) is StatusCode.OK


def _titrate(band: Band) -> StatusCode:
    assert band.writer is not None
    sealed = band.writer.seal(int(Operation.TITRATE), 40)
    return band.ask(Operation.TITRATE, SealedPercentArguments(*sealed, 40)).status


STATES = [
    _in_a_train,
    _at_the_first_pulse,
    _between_two_trains,
    _in_the_last_train,
    _going_on_after_a_pause,
    _waiting_for_the_button,
    _being_moved,
    _in_the_second_part,
    _measuring_a_threshold,
]


@pytest.mark.parametrize("reach", STATES, ids=lambda reach: reach.__name__.strip("_"))
async def test_no_pulse_later_than_100_ms_after_stop_was_sent(
    new_band: Band, reach: Callable[[Band], None]
) -> None:
    reach(new_band)
    slow = Slow(new_band)
    busy = [slow.send(Operation.PLACE_HOLD, hold(new_band)) for _ in range(3)]
    asked_ms, asked = new_band.now_ms, slow.send(Operation.STOP)
    await slow.run(R3_LIMIT_MS)
    assert operations.decode_answer(asked.result(), Operation.STOP).status is StatusCode.OK
    assert not any(task.done() for task in busy)
    await slow.run(12_000)
    assert all(at_us / 1000 - asked_ms <= R3_LIMIT_MS for at_us in new_band.pulse_times_us)


async def test_after_stop_neither_button_nor_command_brings_a_pulse(new_band: Band) -> None:
    _waiting_for_the_button(new_band)
    slow = Slow(new_band)
    slow.send(Operation.STOP)
    await slow.run(R3_LIMIT_MS)
    new_band.press()
    new_band.run(12_000)
    assert new_band.fired == 0


async def test_after_stop_a_measuring_band_fires_no_further_pulse(new_band: Band) -> None:
    _measuring_a_threshold(new_band)
    fired = new_band.fired
    slow = Slow(new_band)
    slow.send(Operation.STOP)
    await slow.run(5_000)
    assert _titrate(new_band) is not StatusCode.OK
    assert new_band.fired == fired
