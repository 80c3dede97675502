"""MCUmgr's one characteristic on one connection: values in, whole messages on, answers out in
pieces.

A value that is no part of a message, or comes too late for one, is let go: nobody waits for an
error of a write without response. Not for what a message means.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from firmware_bridge.emulator.face.outlet import Outlet
from firmware_bridge.emulator.profile.processor import Processor
from firmware_bridge.emulator.update.messages import Parts, Unreadable, verifications_of


class Updates(Protocol):
    """Answers whole messages, whatever they ask for."""

    def answer(self, message: bytes) -> bytes | None:
        """The answer; None where there is none."""

    def link_lost(self) -> None:
        """Nobody asks any more."""


PART_WITHIN_MS = 3_000
"""The rest of a message comes within so long, or it is taken for a new one (own figure)."""


class Management:
    """Puts requests together and answers them, each in the time that the profile gives it."""

    def __init__(
        self, updates: Updates, outlet: Outlet, now_ms: Callable[[], int], processor: Processor
    ) -> None:
        self._updates, self._outlet, self._now_ms = updates, outlet, now_ms
        self._processor = processor
        self._parts = Parts()
        self._heard_ms = 0
        self._arrived: asyncio.Queue[bytes] = asyncio.Queue()

    def write(self, value: bytes) -> None:
        """Take one value, and see to a completed message."""
        now_ms = self._now_ms()
        if now_ms - self._heard_ms > PART_WITHIN_MS:
            self._parts.reset()
        self._heard_ms = now_ms
        with suppress(Unreadable):
            message = self._parts.feed(value)
            if message is None:
                return
            if self._processor.profile.is_free:
                self._send(self._updates.answer(message))
            else:
                self._arrived.put_nowait(message)

    async def run(self) -> None:
        """Answer what takes its time, one after the other."""
        while True:
            message = await self._arrived.get()
            work = partial(self._updates.answer, message)
            self._send(await self._processor.manage(verifications_of(message), work))

    def lost(self) -> None:
        """The connection is gone."""
        self._updates.link_lost()

    def _send(self, answer: bytes | None) -> None:
        self._outlet.put_pieces(answer or b"")
