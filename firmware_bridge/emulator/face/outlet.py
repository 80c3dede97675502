"""Whole messages out on one characteristic: framed, in order, never interleaved.

One outlet for each characteristic of a connection. Not for what is in the messages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from bumble.device import Connection
from bumble.gatt import Characteristic
from bumble.gatt_server import Server

from firmware_bridge.emulator.face.stack import await_stack
from firmware_bridge.emulator.profile.airtime import Airtime
from firmware_bridge.radio.flow import room
from firmware_bridge.timebase import Clock
from shared.wire.framing import ATT_HEADER_BYTES, frames
from shared.wire.gatt import ONE_PACKET_VALUE_BYTES

log = logging.getLogger(__name__)

MAXIMUM_WAITING = 16
"""Messages that wait for a phone which takes none (own figure)."""


class Outlet:
    """Sends messages on one characteristic of one connection."""

    def __init__(
        self,
        server: Server,
        connection: Connection,
        characteristic: Characteristic[bytes],
        clock: Clock,
        airtime: Airtime,
        on_message: Callable[[bytes], None],
        passing: Callable[[bytes], Awaitable[tuple[bytes, ...]]],
        *,
        indicate: bool,
        framed: bool = True,
        gives_way: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """With `gives_way` each value waits until that returns."""
        self._server = server
        self._connection = connection
        self._characteristic = characteristic
        self._clock = clock
        self._airtime = airtime
        self._on_message = on_message
        self._passing = passing
        self._indicate = indicate
        self._framed = framed
        self._gives_way = gives_way
        self._idle = asyncio.Event()
        self._idle.set()
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(MAXIMUM_WAITING)
        self._sending = asyncio.Lock()

    @property
    def subscribed(self) -> bool:
        """Whether the phone has asked to hear this characteristic."""
        subscriptions = self._server.subscribers.get(self._connection, {})
        wanted = 2 if self._indicate else 1
        return bool(subscriptions.get(self._characteristic.handle, b"\0")[0] & wanted)

    @property
    def full(self) -> bool:
        """Whether so many messages wait that the phone has to take some first."""
        return self._waiting.full()

    def put(self, message: bytes) -> None:
        """Have a message sent after those before it; one too many is let go."""
        if self._waiting.full():
            log.warning("the phone takes nothing: a message is let go")
            return
        self._idle.clear()
        self._waiting.put_nowait(message)

    def put_pieces(self, message: bytes) -> None:
        """Have a message sent in as many values as the link makes of it."""
        longest = self._connection.att_mtu - ATT_HEADER_BYTES
        for start in range(0, len(message), longest):
            self.put(message[start : start + longest])

    async def run(self) -> None:
        """Send what is put, until cancelled."""
        while True:
            await self.send_at_once(await self._waiting.get())
            if self._waiting.empty():
                self._idle.set()

    async def idle(self) -> None:
        """Return once nothing that was put waits any longer or is under way."""
        await self._idle.wait()

    async def send(self, message: bytes) -> None:
        """Send one message now; on return its values are on their way, and few still wait."""
        await self._airtime.spend(len(message), confirmed=self._indicate)
        await self._send_values(message)

    async def send_at_once(self, message: bytes) -> None:
        """Send one message, with the clock waiting until it has left or is confirmed."""
        await self._airtime.spend(len(message), confirmed=self._indicate)
        with self._clock.work():
            await self._send_values(message)
            if not self._indicate:
                await await_stack(self._connection.drain())

    async def _send_values(self, message: bytes) -> None:
        async with self._sending:
            self._on_message(message)
            for value in self._values(message):
                for arriving in await self._passing(value):
                    if self._gives_way is not None:
                        await self._gives_way()
                    await self._send_value(arriving)

    def _values(self, message: bytes) -> Iterable[bytes]:
        if not self._framed:
            return [message]
        longest = self._connection.att_mtu - ATT_HEADER_BYTES
        if not self._indicate:
            longest = min(longest, ONE_PACKET_VALUE_BYTES)
        return frames(message, longest)

    async def _send_value(self, value: bytes) -> None:
        server, connection, characteristic = self._server, self._connection, self._characteristic
        if self._indicate:
            await await_stack(server.indicate_subscriber(connection, characteristic, value))
        else:
            await await_stack(server.notify_subscriber(connection, characteristic, value))
            await await_stack(room(connection))
