"""The flash keeps what it took, and says what is wrong with what it holds."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from firmware_bridge.emulator.firmware import ledger_room
from firmware_bridge.emulator.parts.errors import BadPageName, EntryTooLong, FlashFull, PageBroken
from firmware_bridge.emulator.parts.flash import (
    DEFAULT_ROOM_BYTES,
    ENTRY_LIMIT_BYTES,
    FileFlash,
    frame,
)
from shared.wire.records import MAXIMUM_RECORD_BYTES

WRITER = """
import sys
from pathlib import Path
from firmware_bridge.emulator.parts.flash import FileFlash
flash = FileFlash(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    flash.append(number.to_bytes(4, "big") * 200)
    print(number, flush=True)
"""


def flash_with(folder: Path, *entries: bytes) -> FileFlash:
    flash = FileFlash(folder, durable=False)
    for entry in entries:
        flash.append(entry)
    return flash


def test_entries_come_back_in_order_after_a_restart(tmp_path: Path) -> None:
    flash_with(tmp_path, b"one", b"", b"three").close()
    content = FileFlash(tmp_path, durable=False).read_all()
    assert content.entries == (b"one", b"", b"three")
    assert not content.torn_tail
    assert content.broken_at is None


@pytest.mark.parametrize("cut_bytes", [1, 2, 7, 14])
def test_torn_tail_is_reported_and_can_be_cut(tmp_path: Path, cut_bytes: int) -> None:
    flash = flash_with(tmp_path, b"one", b"two")
    os.truncate(tmp_path / "log", (tmp_path / "log").stat().st_size - cut_bytes)
    torn = flash.read_all()
    assert torn.torn_tail
    assert torn.entries == (b"one",)
    assert torn.broken_at is None

    flash.cut_torn_tail()
    flash.append(b"three")
    mended = flash.read_all()
    assert mended.entries == (b"one", b"three")
    assert not mended.torn_tail


def test_flipped_bit_in_the_middle_is_a_break_and_never_cut(tmp_path: Path) -> None:
    flash = flash_with(tmp_path, b"one", b"two", b"three")
    log = tmp_path / "log"
    raw = bytearray(log.read_bytes())
    raw[raw.index(b"two")] ^= 1
    log.write_bytes(raw)

    broken = flash.read_all()
    assert broken.broken_at == 1
    assert broken.entries == (b"one", b"three")
    flash.cut_torn_tail()
    assert log.read_bytes() == raw


@pytest.mark.parametrize("from_end", [1, 5, len(frame(b"third"))])
def test_flipped_bit_in_the_last_whole_entry_is_a_break_and_never_cut(
    tmp_path: Path, from_end: int
) -> None:
    flash_with(tmp_path, b"first", b"second", b"third").close()
    raw = bytearray((tmp_path / "log").read_bytes())
    raw[-from_end] ^= 0x01
    (tmp_path / "log").write_bytes(raw)
    flash = FileFlash(tmp_path, durable=False)
    content = flash.read_all()
    assert content.entries == (b"first", b"second")
    assert content.broken_at == 2
    assert not content.torn_tail
    flash.cut_torn_tail()
    assert (tmp_path / "log").read_bytes() == raw


def test_torn_tail_behind_a_break_is_cut_alone(tmp_path: Path) -> None:
    flash = flash_with(tmp_path, b"one", b"two", b"three", b"four")
    log = tmp_path / "log"
    raw = bytearray(log.read_bytes()[:-1])
    raw[raw.index(b"two")] ^= 1
    log.write_bytes(raw)
    assert flash.read_all().torn_tail
    flash.cut_torn_tail()
    content = flash.read_all()
    assert (content.entries, content.torn_tail, content.broken_at) == ((b"one", b"three"), False, 1)


def test_full_log_refuses_the_entry_whole(tmp_path: Path) -> None:
    flash = flash_with(tmp_path, b"one")
    flash.limit_room((tmp_path / "log").stat().st_size + 5)
    with pytest.raises(FlashFull):
        flash.append(b"two")
    assert flash.read_all().entries == (b"one",)


def test_log_has_room_for_every_record_that_the_device_must_hold() -> None:
    largest_entry_bytes = len(frame(bytes(MAXIMUM_RECORD_BYTES)))
    assert ledger_room.capacity() * largest_entry_bytes <= DEFAULT_ROOM_BYTES


def test_entry_above_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EntryTooLong):
        flash_with(tmp_path, bytes(ENTRY_LIMIT_BYTES + 1))


def test_killed_writer_loses_nothing_that_append_returned_from(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _ in range(20)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout]
    flash = FileFlash(tmp_path)
    content = flash.read_all()
    numbers = [int.from_bytes(entry[:4], "big") for entry in content.entries]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= acknowledged[-1]
    assert content.broken_at is None
    flash.cut_torn_tail()
    assert not flash.read_all().torn_tail


def test_page_is_replaced_and_survives_a_restart(tmp_path: Path) -> None:
    flash = flash_with(tmp_path)
    assert flash.read_page("receipt") is None
    for content in (b"first", b"second", b"third"):
        flash.write_page("receipt", content)
        assert FileFlash(tmp_path, durable=False).read_page("receipt") == content


def test_damaged_slot_gives_the_page_before(tmp_path: Path) -> None:
    flash = flash_with(tmp_path)
    flash.write_page("receipt", b"first")
    flash.write_page("receipt", b"second")
    newest = next(p for p in tmp_path.glob("page-*") if p.read_bytes().endswith(b"second"))
    newest.write_bytes(newest.read_bytes()[:-1])
    assert flash.read_page("receipt") == b"first"
    flash.write_page("receipt", b"third")
    assert flash.read_page("receipt") == b"third"


def test_page_with_both_slots_damaged_is_an_error_not_an_absence(tmp_path: Path) -> None:
    flash = flash_with(tmp_path)
    flash.write_page("receipt", b"first")
    for slot in tmp_path.glob("page-*"):
        slot.write_bytes(b"?")
    with pytest.raises(PageBroken):
        flash.read_page("receipt")


def test_page_names_cannot_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(BadPageName):
        flash_with(tmp_path).write_page("../log", b"")
