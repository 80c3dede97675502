"""The emulated band as a process: parts, firmware, radio, clock and control surface together.

It ends on SIGTERM or SIGINT, when a person at the terminal says so, and with an error when the
radio or the clock server is gone or the firmware broke. Not for the command line itself.
"""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bumble.transport.common import Transport, TransportSource

from firmware_bridge.emulator.control.opening import Opening, open_surface
from firmware_bridge.emulator.control.watching import Watch
from firmware_bridge.emulator.controller import open_controller
from firmware_bridge.emulator.face.ear import Ears
from firmware_bridge.emulator.face.services import Label
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.life import Body, Life
from firmware_bridge.emulator.parts.board import build_board
from firmware_bridge.emulator.parts.identity import load_manufacture
from firmware_bridge.emulator.profile.figures import DESKTOP, Profile
from firmware_bridge.emulator.recording.recorder import Recorded, recorder_of
from firmware_bridge.emulator.recording.witness import Nobody, Witness
from firmware_bridge.emulator.scenario.reading import Scenario
from firmware_bridge.emulator.terminal import attend
from firmware_bridge.emulator.update.bootloader import boot_image
from firmware_bridge.timebase import Clock, open_clock


class RadioGone(Exception):
    """The controller, or the process that stands for the air, has ended."""

    def __init__(self) -> None:
        super().__init__("the radio is gone")


@dataclass(frozen=True)
class Settings:
    """What a run is given."""

    transport: str
    state: Path
    identity: Path
    control: Opening
    clock: str | None
    interactive: bool
    durable: bool
    profile: Profile = DESKTOP
    scenario: Scenario | None = None
    record: Path | None = None
    """A new folder for a recording; None records nothing."""


@dataclass(frozen=True)
class Running:
    """A band that is put together; `life.run()` lets it live."""

    life: Life
    watch: Watch
    radio: Transport


async def run_band(settings: Settings) -> None:
    """Run a band until it is told to stop."""
    async with AsyncExitStack() as leaving:
        band = await leaving.enter_async_context(bring_up(settings))
        await until_one_ends(
            band.life.run(),
            _attend_to(band.life, band.watch, settings, leaving),
            told_to_stop(),
            _radio_gone(band.radio.source),
        )


@asynccontextmanager
async def bring_up(settings: Settings) -> AsyncIterator[Running]:
    """Put a band together over its controller, its clock and its files."""
    made = load_manufacture(settings.identity)
    async with AsyncExitStack() as leaving:
        radio = await open_controller(settings.transport)
        leaving.push_async_callback(radio.close)
        clock = await open_clock(settings.clock, "device")
        watch = Watch(clock)
        witness = _witness(settings, made.identity, clock, leaving)
        board = build_board(
            settings.state,
            witness.noted(made.identity),
            witness.now_ms,
            durable=settings.durable,
            randomness=witness.randomness,
        )
        controller = witness.snooped(radio)
        body = Body(
            board,
            clock,
            (controller.source, controller.sink),
            settings.state,
            Label("Circlet", "Band", "emulated", "", made.identity.device_id.hex()),
            settings.profile,
            Ears(watch.messages, witness.ear),
        )
        life = Life(body, witness.recording(watch.watching(boot_image)))
        witness.attend(life)
        if settings.scenario is not None:
            settings.scenario.place_in(life.faults)
        yield Running(life, watch, radio)


def _witness(
    settings: Settings, identity: Identity, clock: Clock, leaving: AsyncExitStack
) -> Witness:
    if settings.record is None:
        return Nobody(clock)
    band = Recorded(settings.state, settings.identity, identity.device_id, settings.profile)
    return leaving.enter_context(recorder_of(settings.record, band, clock))


async def until_one_ends(*waits: Coroutine[Any, Any, None]) -> None:
    """Run all until the first ends, end the others, and raise what that first one raised."""
    tasks = [asyncio.ensure_future(each) for each in waits]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        task.result()


async def _attend_to(life: Life, watch: Watch, settings: Settings, leaving: AsyncExitStack) -> None:
    await life.on_air()
    ready = await leaving.enter_async_context(open_surface(life, watch, settings.control))
    print("ready", json.dumps(asdict(ready)), flush=True)
    if settings.interactive:
        await attend(life)
    else:
        await asyncio.Event().wait()


async def told_to_stop() -> None:
    """Return at SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()


async def _radio_gone(source: TransportSource) -> None:
    await asyncio.shield(source.terminated)
    raise RadioGone
