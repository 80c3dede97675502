"""The flash keeps what it took, and says what is wrong with what it holds."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from firmware_bridge.emulator.firmware import ledger_room
from firmware_bridge.emulator.parts.chip import BLOCK_BYTES, WEAR_LIMIT_ERASES, FlashChip
from firmware_bridge.emulator.parts.errors import (
    BadPageName,
    BlockWorn,
    EntryTooLong,
    FlashFull,
    PageBroken,
    PowerCut,
)
from firmware_bridge.emulator.parts.flash import DEFAULT_ROOM_BYTES, BlockFlash, FileFlash
from firmware_bridge.emulator.parts.frames import ENTRY_LIMIT_BYTES, FRAME_BYTES, frame
from firmware_bridge.emulator.parts.media import MemoryMedium
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
    assert ledger_room.capacity() * largest_entry_bytes + BLOCK_BYTES <= DEFAULT_ROOM_BYTES


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


def test_damaged_version_gives_the_page_before(tmp_path: Path) -> None:
    flash = flash_with(tmp_path)
    flash.write_page("receipt", b"first")
    flash.write_page("receipt", b"second")
    slot = tmp_path / "page-receipt.b"
    slot.write_bytes(slot.read_bytes().replace(b"second", b"sedond"))
    assert flash.read_page("receipt") == b"first"
    flash.write_page("receipt", b"third")
    assert flash.read_page("receipt") == b"third"


def test_newest_version_counts_whatever_is_damaged_before_it(tmp_path: Path) -> None:
    flash = flash_with(tmp_path)
    for content in (b"first", b"second", b"third"):
        flash.write_page("receipt", content)
    slot = tmp_path / "page-receipt.b"
    slot.write_bytes(slot.read_bytes().replace(b"second", b"sedond"))
    assert FileFlash(tmp_path, durable=False).read_page("receipt") == b"third"


def test_a_page_written_every_five_minutes_outlives_its_blocks_for_years() -> None:
    flash = BlockFlash(MemoryMedium())
    for number in range(1_000):
        flash.write_page("anchor", number.to_bytes(24, "big"))
    erases = flash.chip.erases("page-anchor.a") + flash.chip.erases("page-anchor.b")
    writes_a_year = 365 * 24 * 12
    assert WEAR_LIMIT_ERASES / (erases / 1_000 * writes_a_year) > 20, "years"


@pytest.mark.parametrize("large", [False, True])
def test_page_cut_at_any_byte_is_the_old_one_or_the_new_one(*, large: bool) -> None:
    old, new = (b"o" * 3_000, b"n" * 3_000) if large else (b"old", b"new")
    held, medium = [], MemoryMedium()
    for cut in range(0, 7_000, 41 if large else 1):
        medium = MemoryMedium()
        flash = BlockFlash(medium)
        for content in (b"x" * 4_000, old, old):
            flash.write_page("receipt", content)
        flash.chip.cut_after(cut, seed=cut)
        try:
            flash.write_page("receipt", new)
        except PowerCut:
            held.append(BlockFlash(medium).read_page("receipt"))
            BlockFlash(medium).write_page("receipt", b"after")
            assert BlockFlash(medium).read_page("receipt") == b"after"
            continue
        break
    assert len(held) > 20
    assert set(held) == {old}
    assert BlockFlash(medium).read_page("receipt") == new


@pytest.mark.parametrize("length", [3, 600, 3_000])
def test_first_write_of_a_page_cut_at_any_byte_is_as_if_it_had_never_begun(length: int) -> None:
    framed_bytes = length + FRAME_BYTES
    for cut in range(0, framed_bytes, max(1, length // 200)):
        medium = MemoryMedium()
        flash = BlockFlash(medium)
        flash.chip.cut_after(cut, seed=cut)
        with pytest.raises(PowerCut):
            flash.write_page("receipt", b"n" * length)
        assert BlockFlash(medium).read_page("receipt") is None


def test_page_with_both_slots_damaged_is_an_error_not_an_absence(tmp_path: Path) -> None:
    flash = flash_with(tmp_path)
    flash.write_page("receipt", b"first")
    for slot in tmp_path.glob("page-receipt.*"):
        slot.write_bytes(b"?")
    with pytest.raises(PageBroken):
        flash.read_page("receipt")


def test_page_names_cannot_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(BadPageName):
        flash_with(tmp_path).write_page("../log", b"")


class TestCutWrites:
    """A power cut at any byte of a write leaves the entries before it, and no damage."""

    @staticmethod
    def entries(count: int) -> list[bytes]:
        return [number.to_bytes(4, "big") * (11 + number % 13) for number in range(count)]

    def cut_within_last_append(self, count: int, cut: int) -> tuple[MemoryMedium, bool]:
        medium = MemoryMedium()
        flash = BlockFlash(medium)
        *before, last = self.entries(count)
        for entry in before:
            flash.append(entry)
        flash.chip.cut_after(cut, seed=cut)
        try:
            flash.append(last)
        except PowerCut:
            return medium, True
        return medium, False

    @pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 47])
    def test_the_torn_write_alone_is_cut_off(self, count: int) -> None:
        cut, is_cut = 0, True
        while is_cut:
            medium, is_cut = self.cut_within_last_append(count, cut)
            content = BlockFlash(medium).read_all()
            kept = self.entries(count)[: count - 1 if is_cut else count]
            assert content.entries == tuple(kept)
            assert content.broken_at is None
            assert content.torn_tail == (is_cut and cut > 0)
            BlockFlash(medium).cut_torn_tail()
            BlockFlash(medium).append(b"after")
            assert BlockFlash(medium).read_all().entries == (*kept, b"after")
            cut += 1
        assert cut == len(frame(self.entries(count)[-1])) + 1

    def test_a_cut_within_the_cutting_off_changes_nothing(self) -> None:
        ends = set()
        for cut in range(400):
            medium, _ = self.cut_within_last_append(5, 30)
            flash = BlockFlash(medium)
            flash.read_all()
            flash.chip.cut_after(cut, seed=cut)
            try:
                flash.cut_torn_tail()
            except PowerCut:
                ends.add("cut")
            else:
                ends.add("whole")
            again = BlockFlash(medium)
            again.cut_torn_tail()
            content = again.read_all()
            assert content.entries == tuple(self.entries(4))
            assert (content.torn_tail, content.broken_at) == (False, None)
        assert ends == {"cut", "whole"}


class TestRing:
    """What was dropped makes room; what wasn't stays, over any number of turns and cuts."""

    ENTRY = b"e" * 100

    def filled(self, medium: MemoryMedium, blocks: int = 4) -> BlockFlash:
        flash = BlockFlash(medium, room_bytes=blocks * BLOCK_BYTES)
        number = len(flash.read_all().entries)
        while flash.room_bytes() >= len(frame(self.ENTRY)):
            flash.append(number.to_bytes(4, "big") + self.ENTRY[4:])
            number += 1
        return flash

    def test_it_goes_around_many_times(self) -> None:
        medium = MemoryMedium()
        oldest, newest = 0, 0
        for turn in range(1, 60):
            flash = BlockFlash(medium, room_bytes=4 * BLOCK_BYTES)
            while flash.room_bytes() >= len(frame(self.ENTRY)):
                flash.append(newest.to_bytes(4, "big") + self.ENTRY[4:])
                newest += 1
            flash.drop(37 + turn % 50)
            oldest += 37 + turn % 50
            content = BlockFlash(medium, room_bytes=4 * BLOCK_BYTES).read_all()
            held = [int.from_bytes(entry[:4], "big") for entry in content.entries]
            assert held == list(range(oldest, newest))
            assert (content.torn_tail, content.broken_at) == (False, None)
        chip = FlashChip(medium)
        worn = [chip.erases("log", block) for block in range(4)]
        assert min(worn) > 5
        assert max(worn) - min(worn) <= 1, "every block wears alike"

    def test_a_cut_while_it_makes_room_loses_nothing_that_was_to_stay(self) -> None:
        medium = MemoryMedium()
        self.filled(medium)
        image, cut, is_cut = medium.image(), 0, True
        while is_cut:
            cut += 97
            medium.restore(image)
            flash = BlockFlash(medium, room_bytes=4 * BLOCK_BYTES)
            before = flash.read_all().entries
            flash.chip.cut_after(cut, seed=cut)
            try:
                flash.drop(80)
                is_cut = False
            except PowerCut:
                pass
            again = BlockFlash(medium, room_bytes=4 * BLOCK_BYTES)
            content = again.read_all()
            assert content.entries in (before, before[80:])
            assert (content.torn_tail, content.broken_at) == (False, None)
            again.drop(len(content.entries) - len(before) + 80)
            while again.room_bytes() >= len(frame(self.ENTRY)):
                again.append(self.ENTRY)
            assert again.read_all().broken_at is None
        assert cut > 2 * BLOCK_BYTES

    def test_damage_in_a_ring_that_wrapped_is_a_break(self) -> None:
        medium = MemoryMedium()
        self.filled(medium).drop(80)
        self.filled(medium)
        flash = BlockFlash(medium, room_bytes=4 * BLOCK_BYTES)
        flash.chip.flip("log", 50)
        content = BlockFlash(medium, room_bytes=4 * BLOCK_BYTES).read_all()
        assert content.broken_at is not None
        assert not content.torn_tail

    def test_a_lost_page_of_the_ring_gives_damage_and_no_empty_log(self) -> None:
        medium = MemoryMedium()
        self.filled(medium).drop(80)
        flash = self.filled(medium)
        flash.lose_page("log-ring")
        assert BlockFlash(medium, room_bytes=4 * BLOCK_BYTES).read_all().broken_at is not None

    def test_a_worn_block_is_a_failure_and_no_loss(self) -> None:
        medium = MemoryMedium()
        flash = self.filled(medium)
        before = flash.read_all().entries
        flash.chip.wear_out("log", 0)
        with pytest.raises(BlockWorn):
            flash.drop(80)
        assert frame(before[-1]) in medium.read("log")
