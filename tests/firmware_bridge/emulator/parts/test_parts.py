"""Counter, coil, clock, sensors and identity, each by what the firmware may rely on."""

import json
import os
from pathlib import Path

import pytest

from firmware_bridge.emulator.firmware.ports import Identity, PartFailure
from firmware_bridge.emulator.parts.backed_clock import FileBackedClock
from firmware_bridge.emulator.parts.board import Kept, build_board_in_memory
from firmware_bridge.emulator.parts.buzzer import HeardBuzzer
from firmware_bridge.emulator.parts.cells import MemoryCell
from firmware_bridge.emulator.parts.coil import LoggedCoil
from firmware_bridge.emulator.parts.counter import FileCounter
from firmware_bridge.emulator.parts.errors import CounterBroken, IdentityBroken
from firmware_bridge.emulator.parts.fuse import CellFuse
from firmware_bridge.emulator.parts.identity import load_manufacture
from firmware_bridge.emulator.parts.key import KeyPart
from firmware_bridge.emulator.parts.pulse_log import FilePulseLog, Pulse, read_pulses
from firmware_bridge.emulator.parts.randomness import RandomSource, seeded
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
    coil = LoggedCoil(FilePulseLog(tmp_path / "pulses.log"))
    assert not coil.fire(0, 50)
    coil.load(2)
    assert [coil.fire(at_us, 50) for at_us in (1, 2, 3)] == [True, True, False]
    assert coil.fired_since_load() == 2
    assert read_pulses(tmp_path / "pulses.log") == (Pulse(1, 50), Pulse(2, 50))


def test_coil_behind_its_interlock_fires_nothing(tmp_path: Path) -> None:
    coil = LoggedCoil(FilePulseLog(tmp_path / "pulses.log"))
    coil.load(2)
    coil.interlock(closed=True)
    assert not coil.fire(1, 50)
    coil.interlock(closed=False)
    assert coil.fire(2, 50)
    coil.discharge()
    assert not coil.charged
    assert not coil.fire(3, 50)
    coil.load(0)
    assert not coil.charged, "nothing to fire is no cause to charge"
    coil.load(1)
    assert coil.fire(4, 50)


def test_coil_starts_unloaded_and_keeps_its_total_after_a_restart(tmp_path: Path) -> None:
    coil = LoggedCoil(FilePulseLog(tmp_path / "pulses.log"))
    coil.load(5)
    coil.fire(1, 50)
    again = LoggedCoil(FilePulseLog(tmp_path / "pulses.log"))
    assert again.fired_total == 1
    assert not again.fire(2, 50)


def test_pulse_log_does_not_wait_in_a_buffer(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        try:
            coil = LoggedCoil(FilePulseLog(tmp_path / "pulses.log"))
            coil.load(3)
            for at_us in range(3):
                coil.fire(at_us, 40)
        finally:
            os.kill(os.getpid(), 9)  # it must never go on as a second run of these tests
    os.waitpid(child, 0)
    assert len(read_pulses(tmp_path / "pulses.log")) == 3


def test_miscounting_coil_still_fires_and_the_oracle_knows(tmp_path: Path) -> None:
    coil = LoggedCoil(FilePulseLog(tmp_path / "pulses.log"))
    coil.load(2)
    coil.miscount(1)
    assert coil.fire(1, 50)
    assert coil.fire(2, 50)
    assert coil.fired_since_load() == 1
    assert coil.fired_total == 2


def test_counter_that_counts_too_many_says_so(tmp_path: Path) -> None:
    coil = LoggedCoil(FilePulseLog(tmp_path / "pulses.log"))
    coil.load(2)
    coil.fire(1, 50)
    coil.miscount(-2)
    assert coil.fired_since_load() == 3
    assert coil.fired_total == 1


def test_stuck_countdown_lets_through_what_was_not_loaded(tmp_path: Path) -> None:
    coil = LoggedCoil(FilePulseLog(tmp_path / "pulses.log"))
    coil.stick_countdown()
    assert not coil.fire(1, 50), "never loaded, never charged"
    coil.load(1)
    assert [coil.fire(at_us, 50) for at_us in (1, 2)] == [True, True]
    assert coil.fired_since_load() == 2, "the counter is another part"


def test_drifting_clock_is_wrong_by_as_much_over_restarts(tmp_path: Path) -> None:
    time = SetTime(1_000)
    clock = FileBackedClock(tmp_path / "clock", time, durable=False)
    clock.mark_trusted()
    time.now_ms += 1_000_000
    before_ms = clock.read().count_ms
    clock.drift(200)
    assert clock.read().count_ms == before_ms, "a drift is no jump"
    time.now_ms += 1_000_000
    again = FileBackedClock(tmp_path / "clock", time, durable=False)
    assert again.read().count_ms == before_ms + 1_000_200
    assert again.read().unbroken, "no flag shows it"
    again.drift(-200)
    time.now_ms += 1_000_000
    assert again.read().count_ms == before_ms + 2_000_000


def test_fuse_is_blown_once_and_for_all() -> None:
    kept = MemoryCell()
    assert not CellFuse(kept).released
    CellFuse(kept).release()
    fuse = CellFuse(kept)
    assert fuse.released
    fuse.break_off()
    with pytest.raises(PartFailure, match="fuse"):
        _ = fuse.released


def test_randomness_that_fails_gives_nothing_predictable() -> None:
    source = RandomSource()
    assert source.bytes(16) != source.bytes(16)
    source.break_off()
    with pytest.raises(PartFailure, match="randomness"):
        source.bytes(16)
    assert seeded(3).bytes(8) == seeded(3).bytes(8)


def test_key_that_is_unavailable_signs_nothing() -> None:
    key = KeyPart(SoftwareKey.generate())
    key.public_key.verify(key.sign(b"hello"), b"hello")
    key.break_off()
    with pytest.raises(PartFailure, match="signing key"):
        key.sign(b"hello")


def test_buzzer_sounds_for_its_time_and_a_broken_one_never() -> None:
    time = SetTime()
    buzzer = HeardBuzzer(time)
    buzzer.sound(500)
    assert buzzer.is_sounding
    time.now_ms = 500
    assert not buzzer.is_sounding
    buzzer.mute()
    buzzer.sound(500)
    assert not buzzer.is_sounding


def test_board_in_memory_keeps_all_that_a_power_cut_leaves() -> None:
    kept, key, time = Kept(), SoftwareKey.generate(), SetTime(5_000)
    identity = Identity(bytes(16), key, b"", key.public_key)
    board = build_board_in_memory(kept, identity, time)
    board.flash.append(b"entry")
    board.counter.advance()
    board.clock.mark_trusted()
    board.coil.load(1)
    board.coil.fire(7, 50)
    board.fuse.release()
    earlier = kept.copy()
    board.counter.advance()
    again = build_board_in_memory(earlier, identity, time)
    assert again.flash.read_all().entries == (b"entry",)
    assert (again.counter.read(), again.clock.read().unbroken) == (1, True)
    assert (again.coil.fired_total, again.coil.countdown) == (1, 0)
    assert (again.fuse.released, kept.pulses) == (True, [Pulse(7, 50)])


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
