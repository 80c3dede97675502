"""Counter, coil, clock, sensors and identity, each by what the firmware may rely on."""

import json
import os
from pathlib import Path

import pytest

from firmware_bridge.emulator.parts.backed_clock import FileBackedClock
from firmware_bridge.emulator.parts.coil import LoggedCoil, Pulse, read_pulses
from firmware_bridge.emulator.parts.counter import FileCounter
from firmware_bridge.emulator.parts.errors import CounterBroken, IdentityBroken
from firmware_bridge.emulator.parts.identity import load_manufacture
from firmware_bridge.emulator.parts.sensors import AMBIENT_C, CoilTemperature, SetSensors
from shared.trust.keys import SoftwareKey


class SetTime:
    """A time that stands where the test puts it."""

    def __init__(self, now_ms: int = 0) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


def test_counter_goes_up_and_never_back_over_restarts(tmp_path: Path) -> None:
    cell = tmp_path / "cell"
    seen = [FileCounter(cell, durable=False).advance() for _ in range(12)]
    assert seen == list(range(1, 13))
    assert FileCounter(cell, durable=False).read() == 12
    assert not [name for name in dir(FileCounter) if name.startswith("set")]


def test_counter_with_a_damaged_cell_is_a_fault_not_a_zero(tmp_path: Path) -> None:
    cell = tmp_path / "cell"
    FileCounter(cell, durable=False).advance()
    cell.write_bytes(cell.read_bytes().replace(b"1 ", b"0 "))
    with pytest.raises(CounterBroken):
        FileCounter(cell, durable=False)


def test_stuck_counter_refuses_to_advance(tmp_path: Path) -> None:
    counter = FileCounter(tmp_path / "cell", durable=False)
    counter.stick()
    with pytest.raises(CounterBroken):
        counter.advance()


def test_coil_refuses_when_the_countdown_is_zero(tmp_path: Path) -> None:
    coil = LoggedCoil(tmp_path / "pulses.log")
    assert not coil.fire(0, 50)
    coil.load(2)
    assert [coil.fire(at_us, 50) for at_us in (1, 2, 3)] == [True, True, False]
    assert coil.fired_since_load() == 2
    assert read_pulses(tmp_path / "pulses.log") == (Pulse(1, 50), Pulse(2, 50))


def test_coil_behind_its_interlock_fires_nothing(tmp_path: Path) -> None:
    coil = LoggedCoil(tmp_path / "pulses.log")
    coil.load(2)
    coil.interlock(closed=True)
    assert not coil.fire(1, 50)
    coil.interlock(closed=False)
    assert coil.fire(2, 50)
    coil.discharge()
    assert not coil.fire(3, 50)


def test_coil_starts_unloaded_and_keeps_its_total_after_a_restart(tmp_path: Path) -> None:
    coil = LoggedCoil(tmp_path / "pulses.log")
    coil.load(5)
    coil.fire(1, 50)
    again = LoggedCoil(tmp_path / "pulses.log")
    assert again.fired_total == 1
    assert not again.fire(2, 50)


def test_pulse_log_does_not_wait_in_a_buffer(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        coil = LoggedCoil(tmp_path / "pulses.log")
        coil.load(3)
        for at_us in range(3):
            coil.fire(at_us, 40)
        os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    assert len(read_pulses(tmp_path / "pulses.log")) == 3


def test_miscounting_coil_still_fires_and_the_oracle_knows(tmp_path: Path) -> None:
    coil = LoggedCoil(tmp_path / "pulses.log")
    coil.load(2)
    coil.miscount(1)
    assert coil.fire(1, 50)
    assert coil.fire(2, 50)
    assert coil.fired_since_load() == 1
    assert coil.fired_total == 2


def test_backed_clock_counts_on_while_the_device_is_off(tmp_path: Path) -> None:
    time = SetTime(1_000)
    clock = FileBackedClock(tmp_path / "clock", time, durable=False)
    clock.mark_trusted()
    before = clock.read().count_ms
    time.now_ms += 5_000
    again = FileBackedClock(tmp_path / "clock", time, durable=False).read()
    assert again.count_ms - before == 5_000
    assert again.unbroken


def test_backed_clock_is_broken_until_marked_and_after_its_supply_broke(tmp_path: Path) -> None:
    time = SetTime(1_000)
    clock = FileBackedClock(tmp_path / "clock", time, durable=False)
    assert not clock.read().unbroken
    clock.mark_trusted()
    clock.break_supply()
    assert not FileBackedClock(tmp_path / "clock", time, durable=False).read().unbroken


def test_backed_clock_that_went_back_has_lost_its_flag(tmp_path: Path) -> None:
    time = SetTime(1_000)
    clock = FileBackedClock(tmp_path / "clock", time, durable=False)
    clock.mark_trusted()
    time.now_ms = 500
    reading = clock.read()
    assert not reading.unbroken
    assert reading.count_ms == 0


def test_coil_warms_with_the_square_of_output_and_cools_again() -> None:
    time = SetTime()
    weak, strong = CoilTemperature(time), CoilTemperature(time)
    for _ in range(600):
        weak.pulse(30)
        strong.pulse(60)
    weak_rise, strong_rise = weak.celsius() - AMBIENT_C, strong.celsius() - AMBIENT_C
    assert strong_rise == pytest.approx(4 * weak_rise)
    assert 5 < strong_rise < 15
    time.now_ms += 10 * 3_600_000
    assert strong.celsius() == pytest.approx(AMBIENT_C, abs=0.01)


def test_sensors_say_what_was_set() -> None:
    sensors = SetSensors(CoilTemperature(SetTime()))
    assert sensors.read().contact
    sensors.change(contact=False, coil_temperature_c=44)
    assert not sensors.read().contact
    assert sensors.read().coil_temperature_c == 44
    sensors.change(coil_temperature_c=None)
    assert sensors.read().coil_temperature_c == AMBIENT_C
    with pytest.raises(ValueError, match="battery_percent"):
        sensors.change(battery_percent=101)


def identity_folder(folder: Path) -> SoftwareKey:
    key, maker = SoftwareKey.generate(), SoftwareKey.generate()
    (folder / "device.json").write_text(json.dumps({"device_id": "ab" * 16, "name": "Demo"}))
    (folder / "device.key").write_bytes(key.to_pem())
    (folder / "device.cert").write_bytes(b"certificate")
    (folder / "manufacturer.pub").write_text(maker.public_key.data.hex() + "\n")
    return key


def test_identity_gives_a_signer(tmp_path: Path) -> None:
    key = identity_folder(tmp_path)
    made = load_manufacture(tmp_path)
    assert made.identity.device_id == bytes.fromhex("ab" * 16)
    assert made.name == "Demo"
    key.public_key.verify(made.identity.signer.sign(b"hello"), b"hello")


@pytest.mark.parametrize("name", ["device.json", "device.key", "device.cert", "manufacturer.pub"])
def test_identity_names_the_file_that_fails(tmp_path: Path, name: str) -> None:
    identity_folder(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(IdentityBroken, match=name):
        load_manufacture(tmp_path)


def test_identity_with_a_short_device_id_is_refused(tmp_path: Path) -> None:
    identity_folder(tmp_path)
    (tmp_path / "device.json").write_text(json.dumps({"device_id": "ab"}))
    with pytest.raises(IdentityBroken, match="16 bytes"):
        load_manufacture(tmp_path)
