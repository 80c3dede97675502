"""Records one run of a band into a folder, from before its first boot to its end.

Random numbers come from the recording's seed: what a recorded band signs protects nothing. Not for
running the band: the process does that, with the pieces that it is given here.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bumble.transport.common import SnoopingTransport, Transport

from firmware_bridge.emulator.boots import Boot
from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.face.ear import Ear
from firmware_bridge.emulator.face.face import BONDS as KEPT_BONDS
from firmware_bridge.emulator.firmware.core import FIRMWARE_VERSION
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.life import Bootloader, Life
from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.parts.randomness import RandomSource, seeded
from firmware_bridge.emulator.profile.figures import Profile
from firmware_bridge.emulator.recording import folder as kept
from firmware_bridge.emulator.recording.core import RecordedCore, raised
from firmware_bridge.emulator.recording.latch import Latch
from firmware_bridge.emulator.recording.pen import NotedSigner, Pen
from firmware_bridge.emulator.recording.snoop import BandSnooper
from firmware_bridge.emulator.recording.steps import Kind
from firmware_bridge.emulator.snapshot import archive
from firmware_bridge.timebase import Clock

SEED_BITS = 63


@dataclass(frozen=True)
class Recorded:
    """Which band is recorded: where it keeps things, whose it is, and whose time it takes."""

    state: Path
    identity: Path
    device_id: bytes
    profile: Profile


class Recorder:
    """What a run needs so that it is recorded."""

    def __init__(self, folder: Path, band: Recorded, clock: Clock, closing: ExitStack) -> None:
        self._folder, self._band, self._clock = folder, band, clock
        seed, wall_ms = secrets.randbits(SEED_BITS), clock.wall_ms()
        kept.new_folder(folder)
        archive.write(archive.take(band.state, band.identity, wall_ms), folder / kept.SNAPSHOT)
        manifest = kept.Manifest(
            band.device_id.hex(), FIRMWARE_VERSION, band.profile.name, seed, wall_ms
        )
        kept.write_manifest(folder, manifest)
        self.latch = Latch(wall_ms)
        self.randomness: RandomSource = seeded(seed)
        journal = closing.enter_context(kept.new_file(folder / kept.JOURNAL))
        self._air = closing.enter_context(kept.new_file(folder / kept.AIR))
        self.pen = Pen(journal, self.latch, clock.wall_ms)
        self.ear: Ear = self.pen
        closing.callback(self._keep_bonds)

    def now_ms(self) -> int:
        """The instant of the present step."""
        return self.latch.now_ms()

    def snooped(self, radio: Transport) -> Transport:
        """The same controller, with all that passes written down."""
        return SnoopingTransport(radio, BandSnooper(self._air, self._clock.wall_ms))

    def noted(self, identity: Identity) -> Identity:
        """The same identity, with its signatures written down."""
        return replace(identity, signer=NotedSigner(identity.signer, self.pen))

    def recording(self, bootloader: Bootloader) -> Bootloader:
        """Write down each boot, and all that its firmware is told and says."""

        def begin(board: Board, boot: Boot) -> FirmwareCore:
            given = (boot.number, boot.cause.value, boot.at_ms)
            self.pen.begin()
            try:
                core = bootloader(board, boot)
            except Exception as problem:
                self.pen.end(Kind.BOOT, given, raised(problem))
                raise
            self.pen.end(Kind.BOOT, given, core.firmware_version)
            return RecordedCore(core, self.pen)

        return begin

    def attend(self, life: Life) -> None:
        """Write down what goes wrong."""
        life.events.listen(self.pen.occurred)
        life.faults.tell_changes(self.pen.fault, self.pen.sound)

    def _keep_bonds(self) -> None:
        """The bonds at the end, beside those at the beginning, which the snapshot has."""
        bonds = self._band.state / "radio" / KEPT_BONDS
        if bonds.is_file():
            target = self._folder / kept.BONDS
            kept.new_file(target).close()
            shutil.copyfile(bonds, target)


@contextmanager
def recorder_of(folder: Path, band: Recorded, clock: Clock) -> Iterator[Recorder]:
    """Record until left."""
    with ExitStack() as closing:
        yield Recorder(folder, band, clock, closing)
