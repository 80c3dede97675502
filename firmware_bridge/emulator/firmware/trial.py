"""A firmware on trial: it says so on the record, tests itself, and only then has itself kept (R15).

Until then the lock gives `FIRMWARE_UNCONFIRMED`. Not for how an image comes or goes: the bootloader
takes it back at the next boot unless it was confirmed.
"""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.emulator.firmware.journal import Journal
from firmware_bridge.emulator.firmware.ports import RunningImage
from shared.wire import records

CONFIRM_AFTER_MS = 3_000
"""How long a firmware on trial runs before it tests itself (own figure)."""


class FactoryImage:
    """What the maker put in: on trial never."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.on_trial = False

    def confirm(self) -> None:
        """It is."""


class Trial:
    """Whether the firmware that runs is more than a trial."""

    def __init__(
        self, image: RunningImage, journal: Journal, *, examine: Callable[[], bool]
    ) -> None:
        self._image, self._journal, self._examine = image, journal, examine
        self._tested = False

    def begin(self) -> None:
        """At boot: have the record say what the bootloader says."""
        if self._image.on_trial or not self._journal.state.firmware_confirmed:
            self._note()

    def advance(self, uptime_ms: int) -> None:
        """Test once, when the time has come; what fails is never confirmed."""
        if not self._image.on_trial or self._tested or uptime_ms < CONFIRM_AFTER_MS:
            return
        self._tested = True
        if self._journal.fault is None and self._examine():
            self._image.confirm()
            if not self._image.on_trial and self._journal.count:
                self._note()

    def _note(self) -> None:
        image = self._image
        self._journal.write(records.FirmwareBody(image.version, not image.on_trial))
