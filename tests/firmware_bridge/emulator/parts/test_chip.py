"""The flash chip has the properties of flash: blocks, pages, wear, and cuts at any byte."""

from collections.abc import Callable
from pathlib import Path

import pytest

from firmware_bridge.emulator.parts.chip import BLOCK_BYTES, PAGE_BYTES, FlashChip, pieces
from firmware_bridge.emulator.parts.errors import BlockWorn, NotErased, PowerCut
from firmware_bridge.emulator.parts.media import FileMedium, Medium, MemoryMedium

AREA = "log"


@pytest.fixture(params=["file", "memory"])
def medium(request: pytest.FixtureRequest, tmp_path: Path) -> Medium:
    return FileMedium(tmp_path, durable=False) if request.param == "file" else MemoryMedium()


def cells_after(chip: FlashChip, step: Callable[[], None], cut: int, *, seed: int = 0) -> bytes:
    chip.cut_after(cut, seed=seed)
    with pytest.raises(PowerCut):
        step()
    return chip.read(AREA)


def test_programming_never_gives_a_one_back(medium: Medium) -> None:
    chip = FlashChip(medium)
    chip.program(AREA, 0, b"\x0f\x0f")
    chip.program(AREA, 0, b"\x0e\x00")
    chip.sync(AREA)
    assert chip.read(AREA) == b"\x0e\x00"
    chip.program(AREA, 1, b"\x01")
    with pytest.raises(NotErased, match="log at 1"):
        chip.sync(AREA)


def test_only_a_whole_block_is_erased(medium: Medium) -> None:
    chip = FlashChip(medium)
    chip.program(AREA, 0, bytes(3 * BLOCK_BYTES))
    chip.erase(AREA, 1)
    held = chip.read(AREA)
    assert held == bytes(BLOCK_BYTES) + b"\xff" * BLOCK_BYTES + bytes(BLOCK_BYTES)
    chip.program(AREA, BLOCK_BYTES, b"anew")
    chip.sync(AREA)


def test_each_erasure_wears_its_block_and_the_last_one_is_refused(medium: Medium) -> None:
    chip = FlashChip(medium, wear_limit=3)
    for _ in range(3):
        chip.program(AREA, 0, b"worn")
        chip.erase(AREA, 0)
    chip.erase(AREA, 0)
    assert (chip.erases(AREA), chip.erases(AREA, 1)) == (3, 0), "what is blank needs no erasure"
    chip.program(AREA, 0, b"last")
    with pytest.raises(BlockWorn, match="block 0 was erased 3 times"):
        chip.erase(AREA, 0)
    assert FlashChip(medium).erases(AREA) == 3, "a reboot heals nothing"


def test_pages_that_do_not_wait_for_each_other_land_in_any_order() -> None:
    content = b"a" * PAGE_BYTES + b"b" * PAGE_BYTES
    begun = set()
    for seed in range(20):
        chip = FlashChip(MemoryMedium())
        chip.program(AREA, 0, content)
        begun.add(cells_after(chip, chip.settle, 1, seed=seed)[-1:])
    assert begun == {b"a", b"b"}


def test_pages_that_wait_land_in_order() -> None:
    content = b"a" * PAGE_BYTES + b"b" * PAGE_BYTES
    for seed in range(20):
        chip = FlashChip(MemoryMedium())

        def step(chip: FlashChip = chip) -> None:
            chip.program_in_order(AREA, 0, content)

        assert cells_after(chip, step, PAGE_BYTES + 1, seed=seed) == content[: PAGE_BYTES + 1]


@pytest.mark.parametrize("cut", [0, 1, 100, BLOCK_BYTES - 1])
def test_a_cut_within_an_erasure_leaves_the_rest_of_the_block(cut: int) -> None:
    chip = FlashChip(MemoryMedium())
    chip.program(AREA, 0, bytes(BLOCK_BYTES))
    chip.settle()
    held = cells_after(chip, lambda: chip.erase(AREA, 0), cut)
    assert held == b"\xff" * cut + bytes(BLOCK_BYTES - cut)


def test_bytes_are_cut_at_the_borders_of_pages() -> None:
    cut = pieces(AREA, PAGE_BYTES - 2, b"abcd" + bytes(PAGE_BYTES))
    assert [len(piece.content) for piece in cut] == [2, PAGE_BYTES, 2]
    assert [piece.page[1] for piece in cut] == [0, 1, 2]
    assert b"".join(piece.content for piece in cut) == b"abcd" + bytes(PAGE_BYTES)


def test_a_flipped_bit_turns_over_either_way() -> None:
    chip = FlashChip(MemoryMedium())
    chip.program(AREA, 0, b"\x00")
    chip.settle()
    chip.flip(AREA, 0, bit=3)
    chip.flip(AREA, 1, bit=0)
    assert chip.read(AREA) == b"\x08\xfe"
