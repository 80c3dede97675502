"""The radio as a server: one controller behind each TCP port, and a control page for drops.

A host (a phone's, a device's) attaches with bumble's `tcp-client` transport. One host a port.
"""

import asyncio
from dataclasses import dataclass

from aiohttp import web
from bumble.transport.common import StreamPacketSource

from firmware_bridge.radio.air import Air
from firmware_bridge.radio.airtime import Phy
from firmware_bridge.radio.controller import AirController

MAXIMUM_OUT_OF_REACH_MS = 3_600_000


@dataclass(frozen=True)
class RadioPorts:
    """Where the radio listens."""

    hosts: tuple[int, ...]
    control: int


class Radio:
    """Controllers on one air, each behind a port of its own."""

    def __init__(self, *, host: str = "127.0.0.1", phy: Phy | None = None) -> None:
        self._host = host
        self._air = Air(phy)
        self._servers: list[asyncio.Server] = []
        self._runner: web.AppRunner | None = None

    @property
    def air(self) -> Air:
        return self._air

    async def start(self, ports: list[int], control_port: int = 0) -> RadioPorts:
        """Listen; a port of 0 chooses one. Returns the ports in the same order."""
        hosts = [await self._listen(number, port) for number, port in enumerate(ports, start=1)]
        return RadioPorts(tuple(hosts), await self._listen_for_control(control_port))

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        for each in list(self._air.controllers):
            if isinstance(each.hci_sink, _HostSink):
                each.hci_sink.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _listen(self, number: int, port: int) -> int:
        controller = AirController(
            f"controller-{number}", self._air, f"F0:0D:00:00:00:{number:02X}"
        )
        server = await asyncio.get_running_loop().create_server(
            lambda: _HostConnection(controller), self._host, port
        )
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _listen_for_control(self, port: int) -> int:
        application = web.Application()
        application.router.add_post("/drop", self._drop)
        application.router.add_get("/state", self._state)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def _state(self, request: web.Request) -> web.Response:
        """What a soak watches."""
        return web.json_response({"tasks": len(asyncio.all_tasks())})

    async def _drop(self, request: web.Request) -> web.Response:
        try:
            out_of_reach_ms = _out_of_reach_ms(
                await request.json() if request.can_read_body else {}
            )
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"dropped": self._air.drop(out_of_reach_ms=out_of_reach_ms)})


class _HostConnection(asyncio.Protocol):
    """The TCP connection of one host to its controller."""

    def __init__(self, controller: AirController) -> None:
        self._controller = controller
        self._source: StreamPacketSource | None = None
        self._sink: _HostSink | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._take_over()
        self._source = StreamPacketSource()
        self._source.set_packet_sink(self._controller)
        self._sink = _HostSink(transport)
        self._controller.set_packet_sink(self._sink)

    def _take_over(self) -> None:
        """A host that starts again may be here before its old connection is seen to be gone."""
        previous = self._controller.hci_sink
        if isinstance(previous, _HostSink):
            self._controller.host_went_away()
            previous.close()

    def data_received(self, data: bytes) -> None:
        if self._source is not None:
            self._source.data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._sink is not None and self._controller.hci_sink is self._sink:
            self._controller.host_went_away()


class _HostSink:
    """What a controller sends goes to its host."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def on_packet(self, packet: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(packet)

    def close(self) -> None:
        self._transport.close()


def _out_of_reach_ms(body: object) -> int:
    value = body.get("for_ms", 0) if isinstance(body, dict) else None
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("for_ms: not a whole number of milliseconds")
    if not 0 <= value <= MAXIMUM_OUT_OF_REACH_MS:
        raise ValueError(f"for_ms: outside 0 to {MAXIMUM_OUT_OF_REACH_MS}")
    return value
