"""Changes as they happen, as server-sent events: state, messages, events of the state machine.

A reader who is too slow loses the oldest. Not for what is kept anywhere: who
comes late asks for that.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from firmware_bridge.emulator.control.schema import plain
from firmware_bridge.emulator.control.shapes import BandState, Message
from firmware_bridge.emulator.firmware.states import Event
from shared.wire.operations import Operation
from shared.wire.status import DeviceState

Look = Callable[[], Awaitable[BandState]]

LOOK_EVERY_S = 0.2
"""How long a change of state may go unseen (own figure, real time)."""

WAITING_AT_MOST = 500
UNTOLD = frozenset({Operation.BEAT})
"""Once a second while armed, and nothing to see."""


@dataclass
class Reader:
    """One open stream."""

    waiting: asyncio.Queue[tuple[str, Any]] = field(
        default_factory=lambda: asyncio.Queue(WAITING_AT_MOST)
    )

    def tell(self, kind: str, told: Any) -> None:
        """Have it told; the oldest gives way where too much waits."""
        if self.waiting.full():
            self.waiting.get_nowait()
        self.waiting.put_nowait((kind, told))

    async def arriving(self, for_s: float) -> AsyncIterator[tuple[str, Any]]:
        """What comes within so many seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + for_s
        while (left := until - loop.time()) > 0:
            try:
                async with asyncio.timeout(left):
                    told = await self.waiting.get()
            except TimeoutError:
                return
            yield told


def sent(kind: str, content: str) -> bytes:
    """One event as it goes over the line."""
    return f"event: {kind}\ndata: {content}\n\n".encode()


class Live:
    """Tells every open stream."""

    def __init__(self) -> None:
        self._readers: list[Reader] = []

    def message(self, message: Message) -> None:
        """A message passed on the link."""
        self._tell("message", plain(message))

    def event(self, state: DeviceState, event: Event) -> None:
        """The state machine met an event in a state."""
        if event not in UNTOLD:
            self._tell("event", {"state": state.name, "event": event.name})

    async def stream(self, look: Look) -> AsyncGenerator[bytes]:
        """The state whenever it differs, and all else as it comes, until the caller leaves."""
        reader, seen = Reader(), ""
        self._readers.append(reader)
        try:
            while True:
                state = json.dumps(plain(await look()))
                if state != seen:
                    seen = state
                    yield sent("state", state)
                async for kind, told in reader.arriving(LOOK_EVERY_S):
                    yield sent(kind, json.dumps(told))
        finally:
            self._readers.remove(reader)

    def _tell(self, kind: str, told: Any) -> None:
        for reader in self._readers:
            reader.tell(kind, told)
