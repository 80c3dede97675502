"""A real firmware core in a session, seen and heard by a control surface, without any radio."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from firmware_bridge.emulator.control.watching import Watch
from firmware_bridge.emulator.face.ear import Channel
from firmware_bridge.emulator.firmware.outside import LinkSecurity
from firmware_bridge.emulator.shell import PRESS_MS
from shared.wire import operations
from shared.wire.fields import pack
from shared.wire.framing import frames
from shared.wire.operations import Answer, Nothing, Operation, Request
from tests.firmware_bridge.emulator.control.surfaces import RestingBand
from tests.firmware_bridge.emulator.firmware.band import LINK, Band

VALUE_BYTES = 244


class OverheardBand(Band):
    """A band whose phone is listened to."""

    watch: Watch | None = None

    def ask(
        self, operation: Operation, arguments: Any = None, *, link: LinkSecurity = LINK
    ) -> Answer:
        if self.watch is None:
            return super().ask(operation, arguments, link=link)
        self._request_id += 1
        request = Request(self._request_id, operation, arguments or Nothing())
        written = operations.encode_request(request)
        for value in frames(written, VALUE_BYTES):
            self.watch.messages.wrote(Channel.CONTROL_POINT, value)
        said = self.firmware.control(written, link)
        self.watch.messages.said(Channel.CONTROL_POINT, said)
        return operations.decode_answer(said, operation)

    def tell_status(self) -> None:
        """Say how it is, as a phone would hear it."""
        if self.watch is not None:
            self.watch.messages.said(Channel.STATUS, pack(self.firmware.status()))


class TreatingBand(RestingBand):
    """What the surface is given: that band's parts and core, and hands."""

    def __init__(self, folder: Path) -> None:
        self.band = OverheardBand(folder / "band")
        super().__init__(folder / "unused")
        self.board = self.band.board
        self.core: Any = self.band.firmware
        self.face.connected = True

    def hear(self, watch: Watch) -> None:
        """Have everything told from now on."""
        self.band.watch = watch
        self.band.firmware.watch_events(watch.live.event)

    async def press(self, held_ms: int = PRESS_MS, let_go: asyncio.Event | None = None) -> None:
        self.band.press()
