"""R1, R27, R29: the power goes at any byte that the whole device writes, boots included."""

from __future__ import annotations

import pytest

from firmware_bridge.emulator.parts.errors import PowerCut
from shared.stimulation.schedule import SLICE_PULSES_MAX
from shared.wire.operations import HeadArguments, Operation
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.memory_band import MemoryBand

STEP_BYTES = 7
"""No divisor of a page, a block or a record: every kind of place is hit."""


@pytest.fixture(scope="module")
def ready() -> MemoryBand:
    band = MemoryBand()
    band.ready()
    return band


def treat(band: Band) -> None:
    """Two trains, an end, a head, and six minutes in which an anchor is written."""
    band.start()
    band.run_until_fired(45)
    band.must(Operation.CLOSE)
    band.must(Operation.HEAD, HeadArguments(bytes(16)))
    band.skip(400_000)


def check(band: Band, before: int) -> None:
    """What holds after any cut: in service, nothing lost, one slice too many at most."""
    assert band.firmware.fault is None
    assert band.state in (DeviceState.IDLE, DeviceState.CLOSING)
    state = band.firmware._journal.state
    assert state.session is None
    assert state.number >= before
    assert band.fired <= state.total_pulses <= band.fired + SLICE_PULSES_MAX


def test_a_cut_at_any_byte_of_a_day_leaves_a_device_that_goes_on(ready: MemoryBand) -> None:
    before, cut, is_cut = ready.firmware.status().head_number, 0, True
    while is_cut:
        band = ready.twin()
        band.board.flash.chip.cut_after(cut, seed=cut)
        try:
            treat(band)
            is_cut = False
        except PowerCut:
            band.reboot(off_ms=1_000)
            check(band, before)
        cut += STEP_BYTES
    assert cut > 100 * STEP_BYTES


@pytest.mark.parametrize("torn_at", [250, 301, 733])
def test_a_cut_at_any_byte_of_the_boot_after_a_cut_leaves_it_so_too(
    ready: MemoryBand, torn_at: int
) -> None:
    torn = ready.twin()
    torn.board.flash.chip.cut_after(torn_at)
    with pytest.raises(PowerCut):
        treat(torn)
    before, kept, cut, is_cut = ready.firmware.status().head_number, torn.kept, 0, True
    while is_cut:
        again = kept.copy()
        try:
            MemoryBand(again, like=torn, cut_after=cut)
            is_cut = False
        except PowerCut:
            check(MemoryBand(again, like=torn), before)
        cut += STEP_BYTES
    assert cut > 100
