"""A band in memory that boots by its bootloader, and a phone as small as an update needs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cbor2
from smp.image_management import (
    ImageStatesReadRequest,
    ImageStatesReadResponse,
    ImageStatesWriteRequest,
    ImageUploadWriteRequest,
    ImageUploadWriteResponse,
)
from smp.message import Request, Response
from smp.os_management import ResetWriteRequest, ResetWriteResponse

from firmware_bridge.emulator.boots import Boot, Cause, Down
from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.parts.board import Kept, build_board_in_memory
from firmware_bridge.emulator.parts.chip import FlashChip
from firmware_bridge.emulator.parts.errors import PowerCut
from firmware_bridge.emulator.update.bootloader import boot_image
from firmware_bridge.emulator.update.server import UpdateServer
from firmware_bridge.emulator.update.store import ImageStore
from shared.firmware.image import read
from shared.firmware.refusals import UpdateRefusal, refusal_of
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.firmware.memory_band import MemoryBand
from tests.shared.clinic import DEVICE_ID
from tests.shared.firmware.releases import Maker

CHUNK_BYTES = 300


class Refused(Exception):
    """The band said no."""

    def __init__(self, refusal: UpdateRefusal | None) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True)
class Slots:
    """What the band says of its images: hashes, and the marks that are set."""

    running: bytes | None
    confirmed: bool
    other: bytes | None
    waits: bool


class UpdatingBand(MemoryBand):
    """Boots as often as it takes; power that was cut comes back at once."""

    def __init__(
        self,
        kept: Kept | None = None,
        *,
        like: Band | None = None,
        on_chip: Callable[[FlashChip], None] = lambda chip: None,
    ) -> None:
        self.causes: list[Cause] = []
        self._on_chip = on_chip
        super().__init__(kept, like=like)
        self.maker = Maker(root=self.clinic.manufacturer)

    def power_on(self, before_boot: Callable[[Firmware], None] = lambda _: None) -> None:
        """Boot by the bootloader until a firmware is up."""
        identity = Identity(DEVICE_ID, self.device_key, b"", self.clinic.manufacturer.public_key)
        self.board = build_board_in_memory(self.kept, identity, lambda: self.now_ms)
        self._on_chip(self.board.flash.chip)
        self.come_up(Cause.POWER_ON)

    def _boot(self, cause: Cause) -> Cause | None:
        """Boot once; return why the next boot begins where this one didn't come up."""
        self.causes.append(cause)
        self._booted_ms = self.now_ms
        self.boots.append((self.board.coil.fired_total, self.now_ms))
        try:
            firmware = boot_image(self.board, Boot(len(self.causes), cause, self.now_ms))
            assert isinstance(firmware, Firmware)
            self.firmware = firmware
            firmware.boot()
            firmware.advance(0)
        except (Down, PowerCut) as end:
            self.board.lose_power()
            return end.cause if isinstance(end, Down) else Cause.POWER_CUT
        self.store = ImageStore(self.board)
        self.server = UpdateServer(firmware, self.store, self._ask_for_restart)
        self._restart_asked = False
        return None

    def live(self, ms: int) -> None:
        """Let time pass, through whatever ends a boot."""
        end_ms = self.now_ms + ms
        while self.now_ms < end_ms:
            try:
                self.run(end_ms - self.now_ms)
            except Down as end:
                self.go_down(end.cause)
            except PowerCut:
                self.go_down(Cause.POWER_CUT)

    def go_down(self, cause: Cause) -> None:
        """End this boot, for that cause."""
        self.board.lose_power()
        self.come_up(cause)

    def come_up(self, cause: Cause) -> None:
        """Boot until a firmware is up."""
        next_cause: Cause | None = cause
        while next_cause is not None:
            next_cause = self._boot(next_cause)

    # The phone

    def say(self, request: Request, kind: type[Response]) -> Any:
        """Send a request; return its answer, or raise Refused."""
        self.firmware.advance(self.now_ms - self._booted_ms)
        self.server.advance(self.now_ms - self._booted_ms)
        answer = self.server.answer(request.BYTES)
        assert answer is not None
        try:
            return kind.loads(answer)
        except ValueError:
            raise Refused(refused_in(answer)) from None

    def slots(self) -> Slots:
        """What the band says of its images."""
        said = self.say(ImageStatesReadRequest(), ImageStatesReadResponse)
        by_slot = {state.slot: state for state in said.images}
        other = by_slot.get(1)
        return Slots(
            by_slot[0].hash,
            bool(by_slot[0].confirmed),
            None if other is None else other.hash,
            other is not None and bool(other.pending),
        )

    def send(self, data: bytes) -> list[int]:
        """Send an image from where the band stands; return what it said it holds, each time."""
        held: list[int] = []
        while not held or held[-1] < len(data):
            at = held[-1] if held else 0
            held.append(self.send_chunk(data, at).off)
        return held

    def send_chunk(self, data: bytes, at: int, content: bytes | None = None, **changes: Any) -> Any:
        """Send one chunk, as a client does: length and hash with the first."""
        first = {"len": len(data), "sha": hashlib.sha256(data).digest()} if at == 0 else {}
        chunk = data[at : at + CHUNK_BYTES] if content is None else content
        fields = {"off": at, "data": chunk, **first, **changes}
        return self.say(ImageUploadWriteRequest(**fields), ImageUploadWriteResponse)

    def mark(self, data: bytes) -> None:
        """Have the image tried at the next boot."""
        request = ImageStatesWriteRequest(hash=read(data).hash)
        self.say(request, ImageStatesReadResponse)

    def restart(self) -> None:
        """Have the band restart for what waits."""
        self.say(ResetWriteRequest(), ResetWriteResponse)
        assert self._restart_asked
        self.go_down(Cause.RESTART)

    def bring(self, data: bytes) -> None:
        """Do all of an update that is still to be done, up to the restart."""
        slots, image_hash = self.slots(), read(data).hash
        if slots.running == image_hash:
            return
        if not (slots.waits and slots.other == image_hash):
            self.send(data)
            self.mark(data)
        self.restart()

    def update(self, data: bytes) -> None:
        """Bring an image and let the trial end."""
        self.bring(data)
        self.live(5_000)

    def _ask_for_restart(self) -> None:
        self._restart_asked = True


def refused_in(answer: bytes) -> UpdateRefusal | None:
    """The refusal that an answer is."""
    said = cbor2.loads(answer[8:])
    error = said.get("err", {})
    return refusal_of(error.get("group"), error.get("rc", said.get("rc")), said.get("rsn"))
