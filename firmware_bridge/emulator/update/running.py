"""The firmware that runs, as its image says it behaves: confirmed, on trial, or never to confirm.

The rules are the core's; here is the image that it runs from, and the watchdog over a trial.
"""

from __future__ import annotations

from firmware_bridge.emulator.boots import Cause, Down
from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.ports import Parts, RunningImage
from firmware_bridge.emulator.update.store import ImageStore
from shared.firmware.manifest import Behaviour, Manifest

TRIAL_LIMIT_MS = 30_000
"""A firmware that hasn't confirmed itself by then is ended by the watchdog (own figure)."""


class SlotImage:
    """The image in the first slot."""

    def __init__(self, store: ImageStore, manifest: Manifest) -> None:
        self._store, self._manifest = store, manifest
        self.version = manifest.name
        self.on_trial = store.on_trial

    def confirm(self) -> None:
        """Stay; an image that is made never to confirm doesn't come so far."""
        if self._manifest.behaviour is not Behaviour.NEVER_CONFIRMS:
            self._store.confirm()
            self.on_trial = False


class WatchedFirmware(Firmware):
    """The core, with a watchdog that is fed only as long as a trial may last."""

    def __init__(self, parts: Parts, image: RunningImage) -> None:
        super().__init__(parts, image)
        self._image = image

    def advance(self, elapsed_ms: int) -> None:
        """Do everything that is due; raise Down where the trial's time is over."""
        super().advance(elapsed_ms)
        if self._image.on_trial and elapsed_ms >= TRIAL_LIMIT_MS:
            raise Down(Cause.WATCHDOG)
