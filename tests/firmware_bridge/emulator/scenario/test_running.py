"""The shipped scenarios, run: repeatable, and never a pulse charged too few."""

from pathlib import Path

import pytest

from firmware_bridge.emulator.scenario.reading import load_scenario
from shared.dose.reasons import ReasonCode
from shared.wire.operations import Operation
from shared.wire.records import CloseCause, PauseCause, SessionClosedBody, SessionPausedBody
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.faults.device import Device
from tests.firmware_bridge.emulator.faults.treated import beating, treated

SLICE = 30
TRAIN_MS = 10_000


def afflicted(folder: Path, scenario: str) -> Device:
    device = Device(folder)
    device.ready()
    load_scenario(scenario).place_in(device.faults)
    device.start()
    return device


def test_worn_flash_ends_in_a_device_that_is_out_of_service_with_all_charged(
    tmp_path: Path,
) -> None:
    device = afflicted(tmp_path / "band", "worn-flash")
    for _ in range(4):
        device.run(4 * TRAIN_MS, beat=True)
        if device.state is DeviceState.IDLE:
            device.skip(24 * 3_600_000)
            device.clear()
            device.set_time()
            device.answer_gates()
            device.start()
    struck = [each.fault for each in device.faults.struck()]
    assert struck == ["brown_out", "flash_power_cut", "flash_bad_block"]
    assert device.state is DeviceState.FAULT
    assert device.fired <= device.charged <= device.fired + 2 * SLICE


def test_restless_wearer_is_paused_and_then_held(tmp_path: Path) -> None:
    device = afflicted(tmp_path / "band", "restless-wearer")
    device.run(2 * TRAIN_MS, beat=True)
    assert [body.cause for body in device.bodies(SessionPausedBody)] == [PauseCause.POSITION]
    device.faults.take_back("position_ok")
    device.run(1_000, beat=True)
    for _ in range(2):
        device.sealed(Operation.RESUME)
        device.run(2 * TRAIN_MS, beat=True)
    assert [body.cause for body in device.bodies(SessionClosedBody)] == [CloseCause.MOTION]
    assert ReasonCode.HOLD in device.reasons


@pytest.mark.parametrize("scenario", ["flaky-evening"])
def test_scenario_strikes_alike_each_time(tmp_path: Path, scenario: str) -> None:
    runs = []
    for name in ("one", "two"):
        device = afflicted(tmp_path / name, scenario)
        device.run(6 * TRAIN_MS, beat=True)
        runs.append([(each.fault, each.at_ms) for each in device.faults.struck()])
    assert runs[0] == runs[1]


@pytest.mark.long
async def test_flaky_evening_leaves_a_link_that_heals_and_a_record_that_is_right(
    tmp_path: Path,
) -> None:
    async with treated(tmp_path) as here:
        load_scenario("flaky-evening").place_in(here.life.faults)
        await here.start_a_session()
        async with beating(here):
            await here.scene.connection.clock.sleep_ms(3 * TRAIN_MS)
        here.life.faults.clear()
        await here.until_ready()
        outcome = await here.client.session_outcome(here.band.session_id)
        fired = here.band.board.coil.fired_total
        assert fired <= outcome.charged_pulses <= fired + SLICE
