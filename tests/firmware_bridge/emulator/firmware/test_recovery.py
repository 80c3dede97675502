"""R27, R29: only a torn last write is cut off; anything else that does not follow is a fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from firmware_bridge.emulator.parts.frames import frame
from shared.dose import ledger
from shared.trust import sign1
from shared.trust.statements import LedgerHead
from shared.wire import canonical, records
from shared.wire.operations import HeadArguments, Operation, StatusCode
from shared.wire.records import Record, RecordType
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import CLINIC_ID, DEVICE_ID


def log_of(band: Band) -> Path:
    return band.folder / "flash" / "log"


def reopened_with(band: Band, content: bytes) -> Band:
    """Cut the power, leave other bytes in the log, and switch on."""
    band.power_cut()
    log_of(band).write_bytes(content)
    band.power_on()
    return band


def some_sessions_record(band: Band) -> bytes:
    band.start()
    band.run_until_fired(70)
    band.must(Operation.CLOSE)
    return log_of(band).read_bytes()


def is_out_of_service(band: Band, fault: str) -> None:
    assert band.firmware.fault == fault
    assert band.state is DeviceState.FAULT
    assert band.arm().status is not StatusCode.OK
    fired = band.fired
    band.press()
    band.run(5_000, beat=True)
    assert band.fired == fired


def test_a_last_write_torn_at_any_byte_is_cut_off(band: Band, tmp_path: Path) -> None:
    band.skip(1)
    count, whole = len(band.records), log_of(band).read_bytes()
    band.place_hold()
    longer = log_of(band).read_bytes()
    assert len(band.records) == count + 1
    for cut in range(len(whole), len(longer)):
        torn = band.copy(tmp_path / f"torn-{cut}")
        reopened_with(torn, longer[:cut])
        assert torn.firmware.fault is None
        assert [record.type for record in torn.records[count:]] == [RecordType.BOOT]
        torn.power_cut()


def test_a_flipped_bit_in_the_middle_is_a_fault_and_everything_is_kept(
    band: Band, tmp_path: Path
) -> None:
    whole = some_sessions_record(band)
    for place in range(3, len(whole) // 2, 97):
        broken = bytearray(whole)
        broken[place] ^= 0x10
        other = band.copy(tmp_path / f"flipped-{place}")
        reopened_with(other, bytes(broken))
        is_out_of_service(other, "ledger_broken")
        assert log_of(other).read_bytes() == bytes(broken)
        other.power_cut()


def test_a_record_that_is_missing_in_the_middle_is_a_fault(band: Band) -> None:
    some_sessions_record(band)
    entries = band.board.flash.read_all().entries
    gap = b"".join(frame(entry) for entry in (*entries[:5], *entries[6:]))
    reopened_with(band, gap)
    is_out_of_service(band, "ledger_broken")
    assert log_of(band).read_bytes() == gap


@pytest.mark.parametrize("kind", [37, 99, 255])
def test_an_unknown_record_type_is_a_fault(band: Band, kind: int) -> None:
    status = band.firmware.status()
    line = canonical.encode([status.head_number + 1, kind, 1, 10_000, None, {}])
    reopened_with(band, log_of(band).read_bytes() + frame(line))
    is_out_of_service(band, "ledger_broken")


def test_a_record_that_follows_and_is_known_is_no_fault(band: Band) -> None:
    """So that the tests beside this one fail for the right reason."""
    number = band.firmware.status().head_number + 1
    record = Record(number, RecordType.CHECKPOINT, 1, 10_000, None, None)
    line = records.encode_record(record)
    reopened_with(band, log_of(band).read_bytes() + frame(line))
    assert band.firmware.fault is None


def test_a_restored_flash_image_is_a_fault(band: Band, tmp_path: Path) -> None:
    image = tmp_path / "image"
    shutil.copytree(band.folder / "flash", image)
    band.start()
    band.run_until_fired(40)
    band.power_cut()
    shutil.rmtree(band.folder / "flash")
    shutil.copytree(image, band.folder / "flash")
    band.power_on()
    is_out_of_service(band, "ledger_behind_counter")


def test_a_single_slice_rolled_back_is_a_fault(band: Band) -> None:
    band.start()
    band.run_until_fired(30)
    before = log_of(band).read_bytes()
    band.run_until_fired(31)
    reopened_with(band, before)
    is_out_of_service(band, "ledger_behind_counter")


def test_a_ledger_one_step_ahead_of_the_counter_is_a_torn_step(band: Band) -> None:
    cell = band.folder / "counter" / "cell"
    before = cell.read_bytes()
    band.start()
    band.run_until_fired(1)
    band.power_cut()
    cell.write_bytes(before)
    band.power_on()
    assert band.firmware.fault is None
    assert band.board.counter.read() == 2


def test_a_ledger_two_steps_ahead_of_the_counter_is_a_fault(band: Band) -> None:
    cell = band.folder / "counter" / "cell"
    before = cell.read_bytes()
    band.start()
    band.run_until_fired(31)
    band.power_cut()
    cell.write_bytes(before)
    band.power_on()
    is_out_of_service(band, "ledger_behind_counter")


def test_a_record_lost_behind_a_sent_head_is_a_fault(band: Band) -> None:
    before = log_of(band).read_bytes()
    band.place_hold()
    band.must(Operation.HEAD, HeadArguments(bytes(16)))
    reopened_with(band, before)
    is_out_of_service(band, "ledger_behind_head")


def test_the_sent_head_is_over_the_record_as_anybody_folds_it(band: Band) -> None:
    some_sessions_record(band)
    sent = band.must(Operation.HEAD, HeadArguments(b"n" * 16)).head
    head = sign1.verify(LedgerHead, sent, audience=CLINIC_ID, key=band.device_key.public_key)
    state = ledger.genesis(DEVICE_ID, head.epoch)
    for number in range(1, head.number + 1):
        state = ledger.take(state, band.firmware.record(number))
    assert (head.number, head.hash, head.nonce) == (state.number, state.hash, b"n" * 16)


def test_a_fault_found_at_boot_still_tells_what_it_is(band: Band) -> None:
    whole = some_sessions_record(band)
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 1
    reopened_with(band, bytes(broken))
    assert band.must(Operation.HELLO).state == int(DeviceState.FAULT)
    assert band.firmware.display.text == "Service"


def test_numbers_are_never_used_again(band: Band) -> None:
    some_sessions_record(band)
    band.reboot()
    band.reboot()
    numbers = [record.number for record in band.records]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_flash_that_is_full_at_boot_is_a_fault_and_not_a_crash(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firmware_bridge.emulator.parts.flash.FileFlash.room_bytes", lambda _: 0)
    band.reboot()
    is_out_of_service(band, "part_failed")
