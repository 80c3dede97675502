"""What begins at a boot: finish a swap, try what waits, take back what didn't confirm itself.

After MCUboot's tables, in their order. A blank first slot stands for the firmware that the maker
put in before any update: the emulator's own.
"""

from __future__ import annotations

import logging

from firmware_bridge.emulator.boots import Boot, Cause, Down
from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.ports import PartFailure
from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.parts.errors import PartError
from firmware_bridge.emulator.update.judging import UpdateRefused
from firmware_bridge.emulator.update.running import SlotImage, WatchedFirmware
from firmware_bridge.emulator.update.store import ImageStore
from firmware_bridge.emulator.update.swap import SwapKind
from shared.firmware.manifest import Behaviour, Manifest

log = logging.getLogger(__name__)


class NoFirmware(PartError):
    """Nothing that may run stands in the first slot, and nothing can come in its place."""

    code = "no_firmware"

    def __init__(self, why: str) -> None:
        super().__init__(f"no firmware to boot: {why}")


def boot_image(board: Board, boot: Boot) -> FirmwareCore:
    """Return the firmware that begins; raise Down where it crashes before it began."""
    store = ImageStore(board)
    choose(store)
    if store.first.used_blocks == 0:
        return Firmware(board.parts)
    manifest = _runnable(store)
    if manifest.behaviour is Behaviour.CRASHES_AT_BOOT:
        _crash(store)
    store.settle_security()
    return WatchedFirmware(board.parts, SlotImage(store, manifest))


def choose(store: ImageStore) -> None:
    """Have in the first slot what is to begin.

    A block that fails keeps the slots as they are: whatever may run in the first one does.
    """
    try:
        _choose(store)
    except PartFailure as problem:
        log.warning("the slots stay as they are: %s", problem)


def _choose(store: ImageStore) -> None:
    if store.swap_under_way:
        store.finish_swap()
    elif store.waits:
        _try_waiting(store)
    elif store.on_trial:
        store.swap(SwapKind.REVERT)


def _try_waiting(store: ImageStore) -> None:
    try:
        store.judge.accept(store.second.image())
    except UpdateRefused:
        store.second.erase_trailer()
    else:
        store.swap(SwapKind.TEST)


def _runnable(store: ImageStore) -> Manifest:
    try:
        return store.judge.accept(store.first.image())
    except UpdateRefused as refusal:
        raise NoFirmware(refusal.refusal.word) from refusal


def _crash(store: ImageStore) -> None:
    if not store.on_trial:
        raise NoFirmware("a confirmed image crashes at boot")
    raise Down(Cause.WATCHDOG)
