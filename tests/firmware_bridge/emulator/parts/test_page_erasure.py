"""A page whose first write was torn, and whose erasure was torn too, was simply never written."""

from __future__ import annotations

import pytest

from firmware_bridge.emulator.parts.errors import PageBroken, PowerCut
from firmware_bridge.emulator.parts.flash import BlockFlash
from firmware_bridge.emulator.parts.media import MemoryMedium

CONTENT = b"prescription" * 40


def cut_at(medium: MemoryMedium, written_bytes: int) -> None:
    flash = BlockFlash(medium)
    flash.chip.cut_after(written_bytes)
    with pytest.raises(PowerCut):
        flash.write_page("prescription-1", CONTENT)


@pytest.mark.parametrize("torn_at", [1, 30, 300])
@pytest.mark.parametrize("erased", [0, 1, 20, 29])
def test_two_power_cuts_in_a_first_write_leave_no_page_and_no_damage(
    torn_at: int, erased: int
) -> None:
    medium = MemoryMedium()
    cut_at(medium, torn_at)
    other = BlockFlash(medium)
    other.read_page("prescription-1")
    other.chip.cut_after(min(erased, torn_at - 1))

    def erase_both() -> None:
        other.chip.erase("page-prescription-1.a", 0)
        other.chip.erase("page-prescription-1.b", 0)

    with pytest.raises(PowerCut):
        erase_both()
    flash = BlockFlash(medium)
    assert flash.read_page("prescription-1") is None
    flash.write_page("prescription-1", CONTENT)
    assert BlockFlash(medium).read_page("prescription-1") == CONTENT


def test_a_first_version_that_was_whole_and_is_damaged_stays_damage() -> None:
    medium = MemoryMedium()
    BlockFlash(medium).write_page("prescription-1", CONTENT)
    area = next(area for area in medium.areas() if medium.length(area))
    BlockFlash(medium).chip.flip(area, 40)
    with pytest.raises(PageBroken):
        BlockFlash(medium).read_page("prescription-1")
