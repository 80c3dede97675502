"""A conversation in JSON lines over loopback: with the app's drive port and the clock server."""

from __future__ import annotations

import asyncio
import json
from typing import Any


class LineRefused(AssertionError):
    """The other side answered that it could not; the message says why."""


class Lines:
    """One connection: a question, an answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._turn = asyncio.Lock()

    @classmethod
    async def connect(cls, port: int) -> Lines:
        """Connect on loopback."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**22))

    async def ask(self, question: dict[str, Any], *, within_s: float = 60) -> dict[str, Any]:
        """Send one object and return the answer to it, raising LineRefused for `ok: false`."""
        async with self._turn:
            self._writer.write(json.dumps(question).encode() + b"\n")
            await self._writer.drain()
            async with asyncio.timeout(within_s):
                line = await self._reader.readline()
        if not line:
            raise LineRefused(f"{question}: the other side is gone")
        answer: dict[str, Any] = json.loads(line)
        if answer.get("ok") is False:
            raise LineRefused(f"{question}: {answer.get('error')}")
        return answer

    async def next(self) -> dict[str, Any]:
        """Return the next object that comes unasked."""
        line = await self._reader.readline()
        if not line:
            raise LineRefused("the other side is gone")
        value: dict[str, Any] = json.loads(line)
        return value

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()
