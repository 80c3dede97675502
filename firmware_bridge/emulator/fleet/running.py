"""A fleet as a process: one radio with a port for each band and each phone, and the bands on it.

One line says when every band is on the air, and how to reach each. It ends on SIGTERM or SIGINT
with every band's state on file. Not for measuring: see `scripts/bench_fleet.py`.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from firmware_bridge.demo.keys import make_keys
from firmware_bridge.emulator.control.opening import Opening, open_surface
from firmware_bridge.emulator.controller import virtual
from firmware_bridge.emulator.faults.errors import FaultRefused
from firmware_bridge.emulator.process import (
    Running,
    Settings,
    bring_up,
    told_to_stop,
    until_one_ends,
)
from firmware_bridge.emulator.profile.figures import Profile
from firmware_bridge.emulator.scenario.reading import Scenario
from firmware_bridge.radio.process import Radio, RadioPorts
from firmware_bridge.timebase import open_clock

MOST_BANDS = 200
"""More on one radio is a mistake: its ports and folders are counted in three digits."""


@dataclass(frozen=True)
class FleetSettings:
    """What a fleet is given."""

    bands: int
    phones: int
    state: Path
    clock: str | None
    durable: bool
    profile: Profile
    scenario: Scenario | None = None


@dataclass(frozen=True)
class BandSeen:
    """One band of the fleet, as the ready line tells of it."""

    name: str
    demo: str
    """Folder of the demonstration's keys that own this band."""
    port: int
    token: str
    page: str


def check_count(bands: int) -> int:
    """Return it; FaultRefused where it is none that a fleet can have."""
    if not 1 <= bands <= MOST_BANDS:
        raise FaultRefused("bands", f"an integer from 1 to {MOST_BANDS}")
    return bands


async def run_fleet(settings: FleetSettings) -> None:
    """Run every band until told to stop, or until one of them fails."""
    async with AsyncExitStack() as leaving:
        radio = Radio()
        ports = await radio.start([0] * (settings.bands + settings.phones))
        leaving.push_async_callback(radio.stop)
        bands = [
            await leaving.enter_async_context(bring_up(each))
            for each in await _settings_of_each(settings, ports)
        ]
        await until_one_ends(
            *(band.life.run() for band in bands),
            _tell_when_ready(settings, ports, bands, leaving),
            told_to_stop(),
        )


async def _settings_of_each(settings: FleetSettings, ports: RadioPorts) -> list[Settings]:
    now_s = (await _wall_ms(settings.clock)) // 1000
    return [
        Settings(
            transport=virtual(f"127.0.0.1:{port}"),
            state=folder / "state",
            identity=_keys_in(folder / "demo", now_s) / "device",
            control=Opening(),
            clock=settings.clock,
            interactive=False,
            durable=settings.durable,
            profile=settings.profile,
            scenario=settings.scenario,
        )
        for folder, port in zip(_folders(settings), ports.hosts, strict=False)
    ]


async def _wall_ms(address: str | None) -> int:
    clock = await open_clock(address, "fleet", acks=False)
    wall_ms = clock.wall_ms()
    close = getattr(clock, "close", None)
    if close is not None:
        await close()
    return wall_ms


def _folders(settings: FleetSettings) -> list[Path]:
    return [settings.state / f"band-{number:03}" for number in range(1, settings.bands + 1)]


def _keys_in(folder: Path, now_s: int) -> Path:
    if not folder.exists():
        make_keys(folder, now_s)
    return folder


async def _tell_when_ready(
    settings: FleetSettings, ports: RadioPorts, bands: list[Running], leaving: AsyncExitStack
) -> None:
    seen = []
    for folder, band in zip(_folders(settings), bands, strict=True):
        await band.life.on_air()
        address = await leaving.enter_async_context(open_surface(band.life, band.watch, Opening()))
        demo = str(folder / "demo")
        seen.append(BandSeen(folder.name, demo, address.port, address.token, address.page))
    said = {
        "phones": list(ports.hosts[settings.bands :]),
        "radio": ports.control,
        "bands": [asdict(each) for each in seen],
    }
    print("ready", json.dumps(said), flush=True)
    await asyncio.Event().wait()
