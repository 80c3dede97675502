"""Ways without a socket: from a Bluetooth host to its controller, and from the app to its clinic.

Packets arrive in order, in the next turn of the loop. Not for what is on the air: that is the
radio's own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from bumble.controller import Controller
from bumble.transport.common import BaseSource, Transport, TransportSink

from tests.mobile.engine.clinic_server import DayServer
from tests.mobile.sync.clinic import Message


class _Later:
    """Hands packets on in the next turn."""

    def __init__(self, sink: TransportSink) -> None:
        self._sink = sink
        self._loop = asyncio.get_running_loop()

    def on_packet(self, packet: bytes) -> None:
        self._loop.call_soon(self._sink.on_packet, packet)


class _FromController(BaseSource):
    """What a controller sends, for its host."""

    def on_packet(self, packet: bytes) -> None:
        if self.sink is not None:
            self.sink.on_packet(packet)


def wired(controller: Controller) -> Transport:
    """A host's way to its controller; a host that attaches again takes it over."""
    source = _FromController()
    controller.set_packet_sink(_Later(source))
    return Transport(source, _Later(controller))


@asynccontextmanager
async def serving_here(server: DayServer) -> AsyncIterator[None]:
    """Serve the clinic over HTTP from this very loop, so that waiting for it takes no time."""

    async def answer(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        message = Message(request.method, server.url + request.path_qs, headers)
        status, body = server.answer(message, await request.read())
        return web.Response(
            status=status, body=json.dumps(body).encode(), content_type="application/json"
        )

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.port = runner.addresses[0][1]
        yield
    finally:
        await runner.cleanup()
