"""A clinic's fleet as processes: one clock, one radio, ingest, pages and worker, and a band each.

The phones are the app's own engines without a window, in the test's process. A certified key stands
at the desk; the desk's own tests read and sign in Chromium.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from cloud.clock import FollowedClock
from shared.trust.statements import Scope
from tests.cloud.passkey import SigningPasskey
from tests.cloud.test_lifting import certified
from tests.cloud.worlds import START_MS, HandClock, World, make_world
from tests.journey.band import EmulatedBand
from tests.journey.processes import Process, free_ports, run, start

RATE = 8.0
"""Simulated seconds a second, as far as band and phone follow."""
SCOPES = (Scope.PRESCRIBE, Scope.LIFT_HOLD)
HOST = "127.0.0.1"


class FollowedHand(HandClock):
    """The clinic's clock in the test's own process: the common one."""

    def __init__(self, clock: FollowedClock) -> None:
        self._clock = clock

    @property
    def now_ms(self) -> int:
        return self._clock.wall_ms()

    @now_ms.setter
    def now_ms(self, _value: int) -> None:
        raise AttributeError("the common clock is set by nobody here")


@dataclass(frozen=True)
class Band:
    """An emulator's process: its serial, its hand and eye, and the phone's port on its radio."""

    device_id: bytes
    serial: str
    surface: EmulatedBand
    phone_port: int


@dataclass(frozen=True)
class Fleet:
    """The parts, and what the test's own hands hold: the clinic's files, and the passkey."""

    folder: Path
    world: World
    passkey: SigningPasskey
    pages: httpx2.AsyncClient
    ingest: str
    clock_port: int
    bands: Sequence[Band]
    environment: dict[str, str]

    async def command(self, *words: str) -> list[str]:
        """Give one of the cloud's commands; return the lines that it said."""
        said = await run("circlet-cloud", *words, environment=self.environment)
        return said.splitlines()


@asynccontextmanager
async def fleet(folder: Path, bands: int) -> AsyncIterator[Fleet]:
    """Start every part; so many bands, none of which anybody has yet."""
    async with AsyncExitStack() as leaving:
        parts = _Parts(folder, leaving)
        clock_port, dashboard, ingest, *radio = free_ports(3 + 2 * bands)
        begin = datetime.fromtimestamp(START_MS / 1000, UTC).isoformat()
        when = ("--start-wall", begin, "--rate", str(RATE))
        await parts.start("clock", "circlet-clock", "--port", str(clock_port), *when)
        clock = FollowedClock(HOST, clock_port, "test")
        leaving.callback(clock.close)
        plain = make_world(folder, devices=bands, vaults=bands)
        leaving.callback(plain.database.close)
        world = replace(plain, clock=FollowedHand(clock))
        parts.environment = _environment(world, clock_port, dashboard)
        await parts.start("ingest", "circlet-cloud", "ingest", "--port", str(ingest))
        await parts.start("dashboard", "circlet-cloud", "dashboard", "--port", str(dashboard))
        await parts.start("worker", "circlet-cloud", "worker")
        pages = httpx2.AsyncClient(base_url=f"http://{HOST}:{dashboard}", timeout=30)
        leaving.push_async_callback(pages.aclose)
        yield Fleet(
            folder,
            world,
            certified(world, *SCOPES),
            pages,
            f"http://{HOST}:{ingest}",
            clock_port,
            await parts.start_bands(world, radio),
            parts.environment,
        )


class _Parts:
    """Starts processes, each of which ends with the stage, the last one first."""

    def __init__(self, folder: Path, leaving: AsyncExitStack) -> None:
        self._folder, self._leaving = folder, leaving
        self.environment: dict[str, str] = {}

    async def start(self, name: str, *command: str) -> Process:
        log = self._folder / "logs" / f"{name}.log"
        part = await start(name, *command, log=log, environment=self.environment)
        self._leaving.push_async_callback(part.end)
        return part

    async def start_bands(self, world: World, radio: Sequence[int]) -> list[Band]:
        ports = [word for port in radio for word in ("--port", str(port))]
        air = await self.start("radio", "circlet-radio", *ports)
        control = air.ready["control_port"]
        numbered = enumerate(world.identity.devices)
        pairs = zip(radio[::2], radio[1::2], strict=True)
        return list(
            await asyncio.gather(
                *(
                    self._start_band(world, device_id, f"CB-{number + 1:04}", ports, control)
                    for (number, device_id), ports in zip(numbered, pairs, strict=True)
                )
            )
        )

    async def _start_band(
        self, world: World, device_id: bytes, serial: str, ports: tuple[int, int], control: int
    ) -> Band:
        own, phone = ports
        identity = _write_identity(world, device_id, serial, self._folder / "bands" / serial)
        place = ("--state", str(identity.parent / "state"), "--identity", str(identity))
        air = ("--radio", f"{HOST}:{own}")
        part = await self.start(serial, "circlet-emulator", "run", *air, *place, "--no-fsync")
        surface = EmulatedBand(part.ready["port"], part.ready["token"], control)
        self._leaving.push_async_callback(surface.close)
        return Band(device_id, serial, surface, phone)


def _environment(world: World, clock_port: int, dashboard: int) -> dict[str, str]:
    return {
        "CIRCLET_CLOUD_DATA": str(world.settings.data),
        "CIRCLET_CLOUD_IDENTITY": str(world.identity.folder),
        "CIRCLET_CLOUD_ORIGIN": f"http://cloud.localhost:{dashboard}",
        "CIRCLET_CLOCK": f"{HOST}:{clock_port}",
    }


def _write_identity(world: World, device_id: bytes, serial: str, folder: Path) -> Path:
    """What the maker put into this band, as its emulator reads it."""
    own = world.identity
    certificates = {each.device_id: each.certificate for each in own.more}
    first = (own.folder / "device" / "device.cert").read_bytes()
    made = folder / "identity"
    made.mkdir(parents=True)
    label = f'{{"device_id": "{device_id.hex()}", "name": "{serial}"}}'
    (made / "device.json").write_text(label)
    (made / "device.key").write_bytes(own.devices[device_id].to_pem())
    (made / "device.cert").write_bytes(certificates.get(device_id, first))
    maker = (own.folder / "manufacturer.pub").read_text()
    (made / "manufacturer.pub").write_text(maker)
    return made
