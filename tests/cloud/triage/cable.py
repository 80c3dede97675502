"""A line between browser and server that a test can cut and mend."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Cable:
    """Carries bytes both ways until it is cut; whoever connects meanwhile is hung up on."""

    def __init__(self, port: int) -> None:
        self._port, self._whole = port, True
        self._ends: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Break every connection, and each that is tried from now on."""
        self._whole = False
        for end in self._ends:
            end.transport.abort()

    def mend(self) -> None:
        """Carry again."""
        self._whole = True

    async def carry(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        if not self._whole:
            near_out.transport.abort()
            return
        far_in, far_out = await asyncio.open_connection("127.0.0.1", self._port)
        self._ends |= {near_out, far_out}
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_pump(near_in, far_out))
                both.create_task(_pump(far_in, near_out))
        finally:
            self._ends -= {near_out, far_out}


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()


@asynccontextmanager
async def cable_to(port: int) -> AsyncIterator[tuple[Cable, int]]:
    """Lay a cable to a port of this machine; yields it and the port at its other end."""
    cable = Cable(port)
    server = await asyncio.start_server(cable.carry, "127.0.0.1", 0)
    try:
        yield cable, server.sockets[0].getsockname()[1]
    finally:
        cable.cut()
        server.close()
