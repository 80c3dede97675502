"""A band, a phone and a clinic in simulated time, from the folders of an earlier hour.

The band is a whole life (it can reboot), the phone the app's own engine, the clinic answers over
HTTP. What strikes them, and what the person does, is not in here.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import TypeVar

from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.life import Body
from firmware_bridge.emulator.life import Life as BandLife
from firmware_bridge.emulator.parts.board import Board, build_board
from firmware_bridge.emulator.profile.figures import Profile
from firmware_bridge.emulator.update.bootloader import boot_image
from firmware_bridge.link import BluetoothPort
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.air import Air
from firmware_bridge.radio.controller import AirController
from firmware_bridge.radio.port import VirtualBluetooth
from mobile.engine import DriveRefused, Options
from mobile.engine.context import Context
from mobile.engine.life import Life as AppLife
from mobile.engine.publishing import Audience
from mobile.presenters.actions import Action
from mobile.presenters.views import View
from shared.dose.prescription import Prescription
from shared.trust.keys import SoftwareKey
from shared.wire.items import DownKind
from tests.fault_matrix.errors import errors_noted
from tests.fault_matrix.overheard import Overheard
from tests.fault_matrix.simulated_time import LoopClock
from tests.fault_matrix.wires import serving_here, wired
from tests.firmware_bridge.emulator.world import LABEL
from tests.mobile.engine.clinic_server import DayServer
from tests.shared.clinic import DEVICE_ID, NOW_S, itbs

V = TypeVar("V", bound=View)
SYNC_EVERY_MS = 20_000
TRAINS = 6


@dataclass
class Belongings:
    """What outlasts a stage: the folders of band and phone, their keys, the clinic, the hour."""

    folder: Path
    key: SoftwareKey
    server: DayServer
    wall_ms: int

    @classmethod
    def new(cls, folder: Path) -> Belongings:
        """Of a band fresh from its maker, and a phone that was just bought."""
        key = SoftwareKey.generate()
        return cls(folder, key, DayServer(device_key=key.public_key), NOW_S * 1000)

    def copied(self, folder: Path) -> Belongings:
        """The same once more, for a stage that may spoil them."""
        shutil.copytree(self.folder, folder)
        return Belongings(folder, self.key, _server_like(self.server), self.wall_ms)


class Stage:
    """Everything that a cell needs to bring about, and to look at."""

    def __init__(
        self,
        belongings: Belongings,
        clock: LoopClock,
        life: BandLife,
        phone: Phone,
        overheard: Overheard,
    ) -> None:
        self.belongings = belongings
        self.clock = clock
        self.life, self.phone = life, phone
        self.overheard = overheard
        self.errors: list[str] = []
        self.pulse_times_ms: list[int] = []
        self.on_pulse: Callable[[], None] = lambda: None
        self.on_flash: Callable[[str], None] = lambda area: None
        self._note_pulses()
        self._note_flash()

    @property
    def server(self) -> DayServer:
        """The clinic."""
        return self.belongings.server

    @property
    def board(self) -> Board:
        """The band's hardware."""
        return self.life.board

    @property
    def core(self) -> FirmwareCore:
        """The band's firmware, as booted last."""
        return self.life.core

    def _note_pulses(self) -> None:
        """Every pulse by the stage's own clock, whatever the firmware writes down."""
        coil = self.board.coil
        fire = coil.fire

        def noted(at_us: int, percent_mso: int) -> bool:
            fired = fire(at_us, percent_mso)
            if fired:
                self.pulse_times_ms.append(self.clock.elapsed_ms())
                self.on_pulse()
            return fired

        coil.fire = noted  # type: ignore[method-assign]

    def _note_flash(self) -> None:
        """Tell of each area just before it's programmed in order, as slots are."""
        chip = self.board.flash.chip
        program = chip.program_in_order

        def noted(area: str, offset: int, content: bytes) -> None:
            self.on_flash(area)
            program(area, offset, content)

        chip.program_in_order = noted  # type: ignore[method-assign]

    def prescribe(self, plan: Prescription | None = None) -> None:
        """Let the signed plan wait for the phone: the short one unless told."""
        plan = plan or short_plan()
        self.server.serial = plan.serial
        self.server.put(DownKind.PRESCRIPTION, self.server.clinic.prescribe(plan))


def short_plan() -> Prescription:
    """The catalogue's iTBS with a few trains only: a session of a minute has every state in it."""
    plan = itbs()
    (part,) = plan.parts
    pulses = TRAINS * part.pattern.pulses_per_train
    limits = replace(plan.limits, pulses_per_day_window=pulses)
    return replace(plan, parts=(replace(part, trains=TRAINS),), limits=limits)


class Phone:
    """The app's engine over its folder, and what it shows."""

    def __init__(self, folder: Path, url: str, clock: LoopClock, controller: AirController) -> None:
        self._options = Options(
            data=folder, radio="in memory", ingest=url, zone=UTC, sync_every_ms=SYNC_EVERY_MS
        )
        self._clock = clock
        self._controller = controller
        self._changed = asyncio.Event()
        self._living: asyncio.Task[None] | None = None
        self.on_view: Callable[[View], None] = lambda view: None
        self.also_on_view: Callable[[View], None] = lambda view: None
        self.views: list[View] = []
        self.life = self._new_life()

    @property
    def context(self) -> Context | None:
        """What the app knows, while its store is open."""
        try:
            return self.life.context
        except DriveRefused:
            return None

    @property
    def view(self) -> View | None:
        """What stands on the screen."""
        return self.views[-1] if self.views else None

    def begin(self) -> None:
        """Start the app."""
        self.life = self._new_life()
        self._living = asyncio.create_task(self.life.run())

    async def opened(self) -> None:
        """Return as soon as the app's store is open."""
        if self.view is None:
            await self.changed()

    def kill(self) -> None:
        """End the app as a system does: without a word, whatever it's about to do."""
        if self._living is not None:
            self._living.cancel()

    async def ended(self) -> None:
        """Return when the app has ended."""
        if self._living is not None:
            await asyncio.gather(self._living, return_exceptions=True)

    async def end(self) -> None:
        """Kill the app and wait for its end."""
        self.kill()
        await self.ended()

    def act(self, action: Action) -> None:
        """Do what a finger does."""
        self.life.act(action)

    async def changed(self) -> None:
        """Return when another view stands there; raise what ended the engine."""
        self._changed.clear()
        waiting = asyncio.ensure_future(self._changed.wait())
        assert self._living is not None
        try:
            await asyncio.wait({waiting, self._living}, return_when=asyncio.FIRST_COMPLETED)
            if self._living.done():
                self._living.result()
        finally:
            waiting.cancel()

    async def see(
        self, kind: type[V], holds: Callable[[V], bool] = lambda _: True, *, within_s: float = 300
    ) -> V:
        """Return the view as soon as one of that kind stands there and `holds`."""
        try:
            async with asyncio.timeout(within_s):
                while not (isinstance(self.view, kind) and holds(self.view)):
                    await self.changed()
        except TimeoutError as problem:
            raise AssertionError(f"no such {kind.__name__}; there is {self.view}") from problem
        assert isinstance(self.view, kind)
        return self.view

    def _new_life(self) -> AppLife:
        audience = self.audience = Audience()
        audience.join(self._seen)
        return AppLife(self._options, audience, self._bluetooth, self._clock)

    @asynccontextmanager
    async def _bluetooth(self, options: Options) -> AsyncIterator[BluetoothPort]:
        folder = options.data / "bluetooth"
        folder.mkdir(exist_ok=True)
        adapter = await Adapter.over(wired(self._controller), folder)
        try:
            yield VirtualBluetooth(adapter)
        finally:
            await adapter.close()
            self._controller.host_went_away()

    def _seen(self, view: View) -> None:
        self.views.append(view)
        self._changed.set()
        self.also_on_view(view)
        self.on_view(view)


@asynccontextmanager
async def staged(belongings: Belongings, profile: Profile) -> AsyncIterator[Stage]:
    """A band on the air and a phone that isn't started yet; the hour is kept at the end."""
    async with AsyncExitStack() as leaving:
        clock = LoopClock(belongings.wall_ms)
        belongings.server.now_ms = clock.wall_ms
        await leaving.enter_async_context(serving_here(belongings.server))
        air = Air()
        band_end, phone_end = (
            AirController(name, air, f"F0:0D:00:00:00:{number:02X}")
            for number, name in enumerate(("band", "phone"), start=1)
        )
        overheard = Overheard()
        life = _band(belongings, clock, band_end, profile, overheard)
        running = asyncio.create_task(life.run())
        leaving.push_async_callback(_end, running)
        leaving.callback(band_end.host_went_away)
        await life.on_air()
        phone = Phone(belongings.folder / "phone", belongings.server.url, clock, phone_end)
        leaving.push_async_callback(phone.end)
        stage = Stage(belongings, clock, life, phone, overheard)
        with errors_noted(stage.errors):
            yield stage
        belongings.wall_ms = clock.wall_ms()


def _band(
    belongings: Belongings,
    clock: LoopClock,
    controller: AirController,
    profile: Profile,
    overheard: Overheard,
) -> BandLife:
    maker = belongings.server.clinic.manufacturer.public_key
    identity = Identity(DEVICE_ID, belongings.key, b"", maker)
    state = belongings.folder / "band"
    board = build_board(state, identity, clock.wall_ms, durable=False)
    wire = wired(controller)
    radio = (wire.source, wire.sink)
    return BandLife(Body(board, clock, radio, state, LABEL, profile, overheard), boot_image)


def _server_like(server: DayServer) -> DayServer:
    """The same clinic, with lists of its own."""
    return replace(
        server,
        accepted=dict(server.accepted),
        arrivals=list(server.arrivals),
        waiting=list(server.waiting),
        cursors=list(server.cursors),
        nonces=set(server.nonces),
        refuse=set(server.refuse),
        phones=list(server.phones),
        revoked=set(server.revoked),
        received_ms=dict(server.received_ms),
    )


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
