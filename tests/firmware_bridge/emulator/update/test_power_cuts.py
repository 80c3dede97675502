"""The power may go at any byte of an update: the band boots, has its ledger, runs old or new."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.firmware.trial import CONFIRM_AFTER_MS
from firmware_bridge.emulator.parts.chip import FlashChip
from firmware_bridge.emulator.parts.errors import PowerCut
from shared.firmware.image import Version, read
from shared.firmware.manifest import Behaviour
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.update.updating_band import UpdatingBand

PLENTY_BYTES = 10**9
STRIDE = 2_003
"""Every so many bytes a cut, beside those around each flash operation."""

TRIAL_MS = CONFIRM_AFTER_MS + 10

TWO_BLOCKS = random.Random(3).randbytes(4_200)


@dataclass(frozen=True)
class Phase:
    """A stretch of an update that begins with a boot."""

    before: UpdatingBand
    do: Callable[[UpdatingBand], None]
    """What comes after the boot."""
    may_run: tuple[bytes | None, ...]
    """Hashes of the images that may run after a cut."""
    ends_with: bytes = b""
    """What the phone sends once more after it."""

    def band(self, on_chip: Callable[[FlashChip], None]) -> UpdatingBand:
        """The same device once more, booting."""
        return UpdatingBand(self.before.kept.copy(), like=self.before, on_chip=on_chip)


def old_band() -> tuple[UpdatingBand, bytes]:
    """A band with an owner that runs its second image."""
    band = UpdatingBand()
    band.provision()
    band.update(band.maker.image(Version(1, 0, 1), filler=TWO_BLOCKS))
    old = band.maker.image(Version(1, 0, 2), filler=TWO_BLOCKS[:600])
    band.update(old)
    assert band.slots().running == read(old).hash
    assert band.slots().confirmed
    return band, old


def upload() -> Phase:
    band, old = old_band()
    new = band.maker.image(Version(1, 1, 0), filler=TWO_BLOCKS)

    def do(band: UpdatingBand) -> None:
        band.send(new)
        band.mark(new)

    return Phase(band, do, (read(old).hash,), ends_with=new)


def swap_and_confirm() -> Phase:
    band, old = old_band()
    new = band.maker.image(Version(1, 1, 0), filler=TWO_BLOCKS)
    band.send(new)
    band.mark(new)
    return Phase(band, lambda band: band.skip(TRIAL_MS), (read(old).hash, read(new).hash))


def go_back() -> Phase:
    band, old = old_band()
    band.bring(band.maker.image(Version(1, 1, 0), Behaviour.NEVER_CONFIRMS))
    return Phase(band, lambda band: None, (read(old).hash,))


PHASES = {"upload": upload, "swap": swap_and_confirm, "revert": go_back}


def spent_at_operations(phase: Phase) -> list[int]:
    """Bytes programmed and erased before each flash operation of a phase, and at its end."""
    begun: list[int] = []

    def listen(chip: FlashChip) -> None:
        def note(_pages: int = 0) -> None:
            assert chip._left_bytes is not None
            begun.append(PLENTY_BYTES - chip._left_bytes)

        chip.on_program, chip.on_erase = note, note
        chip.cut_after(PLENTY_BYTES)

    band = phase.band(listen)
    phase.do(band)
    assert band.board.flash.chip._left_bytes is not None
    return [*begun, PLENTY_BYTES - band.board.flash.chip._left_bytes]


def cut_at(phase: Phase, cut: int) -> None:
    """Let the power go there once, and hold the band to what it must be afterwards."""
    records = phase.before.firmware.record_range()[1]
    known = phase.before.firmware.hash_at(records)
    band = phase.band(lambda chip: chip.cut_after(cut))
    try:
        phase.do(band)
    except PowerCut:
        band.go_down(Cause.POWER_CUT)
    assert Cause.POWER_CUT in band.causes, cut
    assert band.slots().running in phase.may_run, cut
    if not band.slots().confirmed:
        band.skip(TRIAL_MS)
    assert band.slots().running in phase.may_run, cut
    assert band.slots().confirmed, cut
    assert band.firmware.state is DeviceState.IDLE, cut
    assert band.firmware.hash_at(records) == known, cut
    assert band.firmware.ledger.firmware_confirmed, cut
    if phase.ends_with:
        band.bring(phase.ends_with)
        assert band.slots().running == read(phase.ends_with).hash, cut


@pytest.mark.parametrize("name", PHASES)
def test_cut_around_each_flash_operation_and_within(name: str) -> None:
    phase = PHASES[name]()
    operations = spent_at_operations(phase)
    near = {cut + shift for cut in operations for shift in (-1, 0, 1)}
    cuts = sorted(cut for cut in near | set(range(0, operations[-1], STRIDE)))
    assert len(operations) > 15
    for cut in cuts:
        if 0 <= cut < operations[-1]:
            cut_at(phase, cut)


@pytest.mark.early
@pytest.mark.long
@pytest.mark.timeout(3_000)
@pytest.mark.parametrize("name", PHASES)
def test_cut_at_every_byte(name: str) -> None:
    phase = PHASES[name]()
    for cut in range(spent_at_operations(phase)[-1]):
        cut_at(phase, cut)
