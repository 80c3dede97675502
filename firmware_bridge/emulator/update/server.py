"""MCUmgr's requests as the band answers them: the image group, and what an update needs of the
system's.

Every no is one of `UpdateRefusal`. It knows no Bluetooth: whole messages come in and go out.
"""

from __future__ import annotations

from collections.abc import Callable

from smp import image_management as image_group
from smp import os_management as os_group
from smp.header import OP, CommandId, GroupId
from smp.message import Request

from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ports import PartFailure
from firmware_bridge.emulator.update import messages
from firmware_bridge.emulator.update.judging import UpdateRefused
from firmware_bridge.emulator.update.messages import Head, Unreadable
from firmware_bridge.emulator.update.slots import Slot
from firmware_bridge.emulator.update.store import ImageStore
from shared.firmware.image import HEADER, MAGIC, MAXIMUM_IMAGE_BYTES
from shared.firmware.refusals import LEAST_BATTERY_PERCENT, UpdateRefusal
from shared.wire.status import DeviceState

QUIET_LIMIT_MS = 30_000
"""Without another chunk for so long, the band is at rest again (own figure)."""

_AT_REST = frozenset({DeviceState.IDLE, DeviceState.UNPROVISIONED, DeviceState.UPDATING})

_READ, _WRITE = OP.READ, OP.WRITE
_OS, _IMAGE = GroupId.OS_MANAGEMENT, GroupId.IMAGE_MANAGEMENT


class UpdateServer:
    """Answers requests of one boot."""

    def __init__(self, core: FirmwareCore, store: ImageStore, restart: Callable[[], None]) -> None:
        self._core, self._store, self._restart = core, store, restart
        self._now_ms = self._heard_ms = 0

    def answer(self, message: bytes) -> bytes | None:
        """Return the answer to one whole message; None for what isn't even a request."""
        try:
            head = messages.head_of(message)
        except Unreadable:
            return None
        if head.operation not in (_READ, _WRITE):
            return None
        try:
            return self._carry_out(head, message)
        except UpdateRefused as refused:
            return messages.refusal(head, refused.refusal)
        except PartFailure:
            return messages.refusal(head, UpdateRefusal.FLASH_BROKEN)

    def link_lost(self) -> None:
        """Nobody sends any more: the band is at rest until somebody goes on."""
        self._rest()

    def advance(self, elapsed_ms: int) -> None:
        """Take note of the time; who sends nothing for long keeps the band no longer."""
        self._now_ms = elapsed_ms
        if elapsed_ms - self._heard_ms >= QUIET_LIMIT_MS:
            self._rest()

    def _rest(self) -> None:
        if self._core.state is DeviceState.UPDATING:
            self._core.end_update()

    def _carry_out(self, head: Head, message: bytes) -> bytes:
        known = REQUESTS.get((head.operation, head.group, head.command))
        if known is None:
            raise UpdateRefused(UpdateRefusal.NOT_SUPPORTED)
        kind, method = known
        try:
            request = messages.read(kind, message)
        except Unreadable as problem:
            raise UpdateRefused(UpdateRefusal.BAD_REQUEST) from problem
        return method(self, head, request)

    # The system's group

    def _echo(self, head: Head, asked: os_group.EchoWriteRequest) -> bytes:
        return messages.answer(head, os_group.EchoWriteResponse, r=asked.d)

    def _parameters(self, head: Head, _: os_group.MCUMgrParametersReadRequest) -> bytes:
        kind = os_group.MCUMgrParametersReadResponse
        return messages.answer(head, kind, buf_size=messages.BUFFER_BYTES, buf_count=1)

    def _reset(self, head: Head, _: os_group.ResetWriteRequest) -> bytes:
        """Restart, for a signed image that waits and for nothing else."""
        if not self._store.waits:
            raise UpdateRefused(UpdateRefusal.NOTHING_WAITS)
        self._require_ready()
        self._restart()
        return messages.answer(head, os_group.ResetWriteResponse)

    # The image group

    def _states(self, head: Head, _: image_group.ImageStatesReadRequest) -> bytes:
        kind = image_group.ImageStatesReadResponse
        return messages.answer(head, kind, images=self._images())

    def _set_state(self, head: Head, asked: image_group.ImageStatesWriteRequest) -> bytes:
        """Mark an image for its trial; whether it stays is its own word."""
        if asked.confirm:
            raise UpdateRefused(UpdateRefusal.CONFIRMS_ITSELF)
        self._require_ready()
        image = self._store.second.image()
        if image is None or image.hash != asked.hash:
            raise UpdateRefused(UpdateRefusal.BAD_IMAGE)
        clock_ms = self._core.status().clock_ms
        self._store.judge.accept(image, now_s=None if clock_ms is None else clock_ms // 1000)
        if not self._store.waits:
            self._store.second.set_waiting()
        kind = image_group.ImageStatesWriteResponse
        return messages.answer(head, kind, images=self._images())

    def _erase(self, head: Head, asked: image_group.ImageEraseRequest) -> bytes:
        if asked.slot not in (None, 1):
            raise UpdateRefused(UpdateRefusal.BAD_REQUEST)
        self._require_ready()
        self._store.upload.forget()
        self._store.second.erase()
        return messages.answer(head, image_group.ImageEraseResponse)

    def _take(self, head: Head, asked: image_group.ImageUploadWriteRequest) -> bytes:
        upload = self._store.upload
        self._require_ready()
        if asked.off == 0:
            self._begin_upload(asked)
        elif self._core.state is not DeviceState.UPDATING or asked.off > upload.length:
            raise UpdateRefused(UpdateRefusal.BAD_REQUEST)
        if asked.off == upload.held_bytes and not upload.is_whole:
            if asked.off + len(asked.data) > upload.length:
                raise UpdateRefused(UpdateRefusal.BAD_REQUEST)
            upload.write(asked.data)
        self._heard_ms = self._now_ms
        held_bytes, match = upload.held_bytes, None
        if upload.is_whole:
            match = upload.matches()
            self._rest()
        if match is False:
            upload.forget()
        kind = image_group.ImageUploadWriteResponse
        return messages.answer(head, kind, off=held_bytes, match=match)

    def _begin_upload(self, asked: image_group.ImageUploadWriteRequest) -> None:
        if asked.image or asked.len is None or asked.sha is None or len(asked.sha) != 32:
            raise UpdateRefused(UpdateRefusal.BAD_REQUEST)
        if asked.upgrade:
            raise UpdateRefused(UpdateRefusal.NOT_SUPPORTED)
        if not HEADER.size <= asked.len <= MAXIMUM_IMAGE_BYTES:
            raise UpdateRefused(UpdateRefusal.TOO_LARGE)
        if not asked.data.startswith(MAGIC.to_bytes(4, "little")):
            raise UpdateRefused(UpdateRefusal.BAD_IMAGE)
        if self._store.waits:
            raise UpdateRefused(UpdateRefusal.ALREADY_WAITS)
        if self._core.state is not DeviceState.UPDATING:
            self._begin_update()
        self._store.upload.begin(asked.len, asked.sha)

    def _begin_update(self) -> None:
        try:
            self._core.begin_update()
        except Refused as problem:
            raise UpdateRefused(UpdateRefusal.NOT_IDLE) from problem

    def _require_ready(self) -> None:
        """An update goes on only at rest, with a battery that outlasts the swap, and not while
        the second slot holds the way back."""
        if self._core.state not in _AT_REST:
            raise UpdateRefused(UpdateRefusal.NOT_IDLE)
        if self._store.on_trial:
            raise UpdateRefused(UpdateRefusal.ON_TRIAL)
        if self._core.status().battery_percent < LEAST_BATTERY_PERCENT:
            raise UpdateRefused(UpdateRefusal.BATTERY_LOW)

    def _images(self) -> list[image_group.ImageState]:
        store = self._store
        running = _state(0, store.first, active=True, confirmed=not store.on_trial)
        if running is None:
            version = self._core.firmware_version
            running = image_group.ImageState(
                slot=0, version=version, active=True, confirmed=True, bootable=True
            )
        other = _state(1, store.second, pending=store.waits)
        return [running] if other is None else [running, other]


def _state(number: int, slot: Slot, **marks: bool) -> image_group.ImageState | None:
    """Return what MCUmgr says of a slot; None for one that holds no image."""
    image = slot.image()
    if image is None:
        return None
    version = str(image.version)
    return image_group.ImageState(
        slot=number, version=version, hash=image.hash, bootable=True, **marks
    )


REQUESTS: dict[tuple[int, int, int], tuple[type[Request], Callable[..., bytes]]] = {
    (_WRITE, _OS, CommandId.OSManagement.ECHO): (os_group.EchoWriteRequest, UpdateServer._echo),
    (_READ, _OS, CommandId.OSManagement.MCUMGR_PARAMETERS): (
        os_group.MCUMgrParametersReadRequest,
        UpdateServer._parameters,
    ),
    (_WRITE, _OS, CommandId.OSManagement.RESET): (
        os_group.ResetWriteRequest,
        UpdateServer._reset,
    ),
    (_READ, _IMAGE, CommandId.ImageManagement.STATE): (
        image_group.ImageStatesReadRequest,
        UpdateServer._states,
    ),
    (_WRITE, _IMAGE, CommandId.ImageManagement.STATE): (
        image_group.ImageStatesWriteRequest,
        UpdateServer._set_state,
    ),
    (_WRITE, _IMAGE, CommandId.ImageManagement.UPLOAD): (
        image_group.ImageUploadWriteRequest,
        UpdateServer._take,
    ),
    (_WRITE, _IMAGE, CommandId.ImageManagement.ERASE): (
        image_group.ImageEraseRequest,
        UpdateServer._erase,
    ),
}
"""Everything that is answered; the rest is `not_supported`."""
