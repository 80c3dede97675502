"""MCUmgr's characteristic of one connection, as smpclient wants its transport.

It writes over the session's client, piece by piece, each in its turn behind STOP and beat. It
neither connects nor disconnects: the link does.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from smp.header import Header
from smpclient.transport import SMPTransport

from firmware_bridge.link.errors import LinkError, LinkLost, TransferBroken
from firmware_bridge.link.turns import Turns, Urgency
from shared.wire.canonical import require_backed
from shared.wire.errors import WireError

_SEQUENCE_AT = 6


class Line(Protocol):
    """Where values go: the session of the moment."""

    async def write_management(self, value: bytes) -> None:
        """Write one value, without response."""


class ManagementChannel(SMPTransport):
    """Requests out, the answers that belong to them in."""

    def __init__(self, line: Line, value_bytes: int, turns: Turns) -> None:
        self._line, self._value_bytes, self._turns = line, value_bytes, turns
        self._begun = b""
        self._answers: asyncio.Queue[bytes | LinkError] = asyncio.Queue()
        self._lost = False

    def received(self, value: bytes) -> None:
        """One notified value."""
        self._begun += value
        if len(self._begun) < Header.SIZE:
            return
        length = Header.SIZE + int.from_bytes(self._begun[2:4], "big")
        if len(self._begun) >= length:
            self._answers.put_nowait(self._begun[:length])
            self._begun = b""

    def lost(self) -> None:
        """The connection is gone: nobody waits any longer."""
        self._lost = True
        self._answers.put_nowait(LinkLost())

    async def connect(self, address: str, timeout_s: float) -> None:
        """The link is connected."""

    async def disconnect(self) -> None:
        """The link stays."""

    async def send(self, data: bytes) -> None:
        for start in range(0, len(data), self._value_bytes):
            if self._lost:
                raise LinkLost()
            async with self._turns.turn(Urgency.TRANSFER):
                await self._line.write_management(data[start : start + self._value_bytes])

    async def receive(self) -> bytes:
        arrived = await self._answers.get()
        if isinstance(arrived, LinkError):
            raise arrived
        return arrived

    async def send_and_receive(self, data: bytes) -> bytes:
        """Send a request and return its answer; one to an earlier request is let go."""
        self._begun = b""
        await self.send(data)
        while (answer := await self.receive())[_SEQUENCE_AT] != data[_SEQUENCE_AT]:
            pass
        _check_form(answer)
        return answer

    @property
    def mtu(self) -> int:
        return self._value_bytes


def _check_form(answer: bytes) -> None:
    """Refuse what claims more than it has, before a library makes room for it."""
    try:
        require_backed(answer[Header.SIZE :])
    except WireError as problem:
        raise TransferBroken(f"The band's answer can't be read: {problem}.") from problem
