"""A band at rest, and its control surface on a port of loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from bumble.keys import MemoryKeyStore

from firmware_bridge.emulator.boots import Boot, Cause
from firmware_bridge.emulator.control.app import control_app
from firmware_bridge.emulator.control.guard import Guard
from firmware_bridge.emulator.control.surface import Surface
from firmware_bridge.emulator.control.watching import Watch
from firmware_bridge.emulator.shell import PRESS_MS
from firmware_bridge.timebase import SystemClock
from tests.firmware_bridge.emulator.faults.bench import Bench
from tests.firmware_bridge.emulator.stand_in import EchoCore

TOKEN = "token of this test"
BEARER = {"Authorization": f"Bearer {TOKEN}"}

Client = TestClient[Request, Application]


class NobodyNear:
    """What is on the air where nobody listens."""

    def __init__(self) -> None:
        self.connected = False
        self.bonds = MemoryKeyStore()

    async def advertise(self) -> None:
        """Nobody sees it."""

    async def drop(self) -> bool:
        return False


class RestingBand(Bench):
    """Real parts, a stand-in for the firmware, and no radio."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.core = EchoCore()
        self.face = NobodyNear()
        self.boots = [Boot(1, Cause.POWER_ON, 0)]

    async def press(self, held_ms: int = PRESS_MS, let_go: asyncio.Event | None = None) -> None:
        self.core.button(True)
        if let_go is not None:
            await let_go.wait()
        self.core.button(False)


@dataclass
class Surroundings:
    """The surface, and two who ask: one with the token, one without."""

    guard: Guard
    watch: Watch
    server: TestServer
    client: Client
    stranger: ClientSession

    def url(self, path: str) -> str:
        return str(self.server.make_url(path))


@asynccontextmanager
async def surface_of(band: Any, watch: Watch | None = None) -> AsyncIterator[Surroundings]:
    """Serve a band's surface."""
    guard, watch = Guard(TOKEN), watch or Watch(SystemClock())
    server = TestServer(control_app(Surface(band, guard, watch), guard))
    async with (
        TestClient(server, headers=BEARER) as client,
        ClientSession(cookie_jar=DummyCookieJar()) as stranger,
    ):
        yield Surroundings(guard, watch, server, client, stranger)
