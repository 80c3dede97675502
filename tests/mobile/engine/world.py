"""A whole day in one process: the engine, a real band on a virtual radio, a clinic over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any, TypeVar

from bumble.transport import open_transport

from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.parts.board import Board, build_board
from firmware_bridge.emulator.shell import HOLD_MS, BandShell
from firmware_bridge.radio.process import Radio
from firmware_bridge.timebase import ClockServer, ServedClock
from mobile.engine import Options, gates
from mobile.engine.life import Life
from mobile.engine.publishing import Audience
from mobile.platform.silent import SilentAlarms, SilentSenses, SilentStanding, silent_phone
from mobile.presenters.actions import Action, Choose, Enrol, Press
from mobile.presenters.consent_sections import SECTIONS
from mobile.presenters.views import (
    PageView,
    PairView,
    ReadyView,
    SessionView,
    TodayView,
    View,
    WelcomeView,
)
from shared.care import bodies
from shared.care.bodies import Consent
from shared.dose.ledger import LedgerState
from shared.instruments.screening import LOCKING, ScreeningAction, screening_rules
from shared.trust.keys import SoftwareKey
from shared.trust.sealing import open_sealed
from shared.wire.items import DownKind, care_context
from tests.firmware_bridge.emulator.world import LABEL
from tests.mobile.engine.clinic_server import BORN, CODE, DayServer
from tests.mobile.sync.clinic import serving
from tests.shared.clinic import DEVICE_ID, NOW_S, PATIENT_ID, itbs

RATE = 40.0
FIX, LIST = ScreeningAction.FIX, ScreeningAction.LIST
LOOKED_AGAIN_S = 0.1
WITHIN_S = 40.0
TRIES = 5
"""So often a person touches "Find the band"; a busy machine opens its virtual radio late."""
LINK_WITHIN_MS = 600_000
V = TypeVar("V", bound=View)


class World:
    """The engine's life beside the band's and the clinic's."""

    def __init__(
        self,
        folder: Path,
        server: DayServer,
        radio: Radio,
        clock: ClockServer,
        shell: BandShell,
        board: Board,
        ports: tuple[int, int],
    ) -> None:
        self.folder, self.server, self.radio = folder, server, radio
        self.clock, self.shell, self.board = clock, shell, board
        self._ports = ports
        self.clock_port, self.second_radio_port = ports[0], 0
        self._changed = asyncio.Event()
        self._living: asyncio.Task[None] | None = None
        self.views: list[View] = []
        self.screens: list[Callable[[Audience], None]] = []
        """Who else joins the audience of each engine that begins."""
        self.begin_phone()

    @property
    def ledger(self) -> LedgerState:
        """What the band's own record adds up to."""
        core = self.shell.core
        assert isinstance(core, Firmware)
        return core.ledger

    # The phone

    def begin_phone(self) -> None:
        """Start the engine over the phone's folder."""
        clock_port, radio_port = self._ports
        options = Options(
            data=self.folder / "phone",
            radio=f"127.0.0.1:{radio_port}",
            clock=f"127.0.0.1:{clock_port}",
            ingest=self.server.url,
            zone=UTC,
            sync_every_ms=20_000,
        )
        audience = self.audience = Audience()
        audience.join(self._seen)
        for join in self.screens:
            join(audience)
        self.standing, self.alarms = SilentStanding(), SilentAlarms()
        self.senses = SilentSenses()
        phone = silent_phone(alarms=self.alarms, standing=self.standing, senses=self.senses)
        self.life = Life(options, audience, phone=phone)
        self._living = asyncio.create_task(self.life.run())

    def tell_phone_to_end(self) -> None:
        """Have the engine stop."""
        assert self._living is not None
        self._living.cancel()

    async def end_phone(self) -> None:
        """Stop the engine, which must not go on all the same."""
        self.tell_phone_to_end()
        assert self._living is not None
        ended, _ = await asyncio.wait({self._living}, timeout=WITHIN_S)
        assert ended, "the engine was told to end and goes on"

    async def start_again(self, kind: type[V]) -> V:
        """End the engine and start it over the same folder; return what it shows first, once the
        band is there again."""
        await self.end_phone()
        self.views.clear()
        self.begin_phone()
        first = await self.see(kind)
        await self.life.context.connection.until_ready(LINK_WITHIN_MS)
        return first

    def act(self, action: Action) -> None:
        """Do what a person does."""
        self.life.act(action)

    async def drive(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Ask the engine as a test script does."""
        async with asyncio.timeout(WITHIN_S):
            return await self.life.drive(name, arguments)

    async def see(self, kind: type[V], holds: Callable[[V], bool] = lambda _: True) -> V:
        """Return the view as soon as one of that kind stands there and ``holds``."""
        try:
            async with asyncio.timeout(WITHIN_S):
                while True:
                    view = self.views[-1] if self.views else None
                    if isinstance(view, kind) and holds(view):
                        return view
                    self._changed.clear()
                    await self._living_or(self._changed.wait())
        except TimeoutError as problem:
            shown = self.views[-1] if self.views else None
            raise AssertionError(f"no such {kind.__name__}; there is {shown}") from problem

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return once it holds, looked at after each view, and now and then: a band or a record
        may come to it behind the last view."""
        async with asyncio.timeout(WITHIN_S):
            while not holds():
                self._changed.clear()
                await self._living_or(self._changed.wait(), at_most_s=LOOKED_AGAIN_S)

    async def _living_or(self, wait: Any, at_most_s: float | None = None) -> None:
        assert self._living is not None
        waiting = asyncio.ensure_future(wait)
        try:
            await asyncio.wait(
                {waiting, self._living},
                timeout=at_most_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if self._living.done():
                self._living.result()
        finally:
            waiting.cancel()

    def _seen(self, view: View) -> None:
        self.views.append(view)
        self._changed.set()

    @property
    def is_alive(self) -> bool:
        """Whether the engine runs."""
        return self._living is not None and not self._living.done()

    # The person's ways

    async def enrol_and_pair(self) -> TodayView:
        """From the letter to a band that is the person's."""
        await self.enrol()
        await self.pair()
        return await self.see(TodayView)

    async def enrol_and_pair_again(self) -> TodayView:
        """The same for a further phone."""
        await self.enrol()
        await self.pair_again()
        return await self.see(TodayView)

    async def enrol(self) -> PairView:
        """From the letter to the band: code, birth date, and a yes to all that is shared."""
        await self.see(WelcomeView)
        await self.enrol_only()
        await self.consent()
        return await self.see(PairView, lambda view: view.button is not None)

    async def enrol_only(self) -> None:
        """Type code and birth date."""
        self.act(Enrol(CODE, BORN))
        await self.see_part("sharing")

    async def consent(self, **others: str) -> None:
        """Say yes to every section, but for the named ones."""
        await self.see_part("sharing")
        self.act(Press("next"))
        for section in SECTIONS:
            await self.see_part("consent", section.id)
            self.act(Choose(others.get(section.id, "yes"), section.id))
            self.act(Press("next"))

    def cared(self) -> dict[str, bytes]:
        """Return what came for the care team, by id and sealed, but for the consents."""
        context, found = care_context(PATIENT_ID), {}
        for name, (kind, sealed) in self.server.accepted.items():
            if kind == "care":
                plain = open_sealed(sealed, key=self.server.care, context=context)
                if not isinstance(bodies.unpack(plain)[1], Consent):
                    found[name] = sealed
        return found

    async def see_part(self, name: str, place: str | None = None) -> PageView:
        """Return the page of that name, and of that place on it, as soon as it stands there."""
        return await self.see_page(name, lambda view: place is None or view.place == place)

    async def pair(self) -> None:
        """Pair, compare, and let the band agree to its person."""
        await self.pair_again()
        await self.see(PairView, lambda view: "once more" in view.body)
        await self.shell.press()

    async def pair_again(self) -> None:
        """Pair and compare: a band that is the person's already asks for nothing more. Where the
        screen says why it went wrong, the person does as it says and touches again."""
        await self.see(PairView, lambda view: view.button is not None)
        for _ in range(TRIES):
            await self.shell.press(HOLD_MS)
            self.views.clear()
            self.act(Press("find-band"))
            found = await self.see(PairView, lambda view: bool(view.number or view.problem))
            if found.number is not None:
                break
        await self.shell.press()
        self.act(Choose("same"))

    async def answer_safety_questions(self, **others: str) -> None:
        """Answer every safety question as on an ordinary day, but for the named ones; then get
        ready, unless an answer locks."""
        await self.see(TodayView, lambda view: view.button_action == "get-ready")
        self.act(Press("get-ready"))
        if await self.go_through_questions(**others):
            await self.see_page("screening-check", lambda page: page.foot[0].enabled)
            self.act(Press("get-ready"))

    async def go_through_questions(self, **others: str) -> bool:
        """Answer question after question; False where one locked, which is then confirmed."""
        asked = screening_rules().asked(gates.circumstances_of(self.life.context))
        for question in asked:
            await self.see_page("screening", _of(question.id))
            usual = "no" if question.gate is None else "yes"
            self.act(Choose(others.get(question.id, usual), question.id))
            if question.id in others and question.follow is not None:
                await self.see_page("screening", _of(f"{question.id}/follow"))
                self.act(Choose(question.follow.answers[-1].id, "follow"))
                self.act(Press("go-on"))
            if question.id in others and question.action in (*LOCKING, LIST, FIX):
                await self.see_page("screening-sure")
                self.act(Press("sure"))
                return False
        return True

    async def see_page(
        self, name: str, holds: Callable[[PageView], bool] = lambda _: True
    ) -> PageView:
        """Return the page of that name as soon as it stands there and ``holds``."""
        return await self.see(PageView, lambda page: page.name == name and holds(page))

    async def see_notice(self, words: str) -> View:
        """Return the view as soon as its notice says so."""
        async with asyncio.timeout(WITHIN_S):
            while words not in str(getattr(self.views[-1], "notice", None)):
                self._changed.clear()
                await self._living_or(self._changed.wait())
        return self.views[-1]

    async def begin_session(self) -> SessionView:
        """Touch START, press the band's button."""
        await self.see(ReadyView, lambda view: view.button is not None)
        self.act(Press("start"))
        await self.see(ReadyView, lambda view: view.waiting is not None)
        await self.shell.press()
        return await self.see(SessionView)

    async def let_pass(self, milliseconds: int) -> None:
        """Let time pass for band, phone and clinic alike."""
        hand = await ServedClock.connect("127.0.0.1", self._ports[0], "time")
        try:
            await hand.advance(milliseconds)
        finally:
            await hand.close()

    def prescribe(self, **changes: Any) -> None:
        """Let a signed prescription wait for the phone."""
        prescription = itbs(**changes)
        self.server.serial = prescription.serial
        self.server.put(DownKind.PRESCRIPTION, self.server.clinic.prescribe(prescription))


def _of(place: str) -> Callable[[PageView], bool]:
    return lambda page: page.place == place


@asynccontextmanager
async def whole_day(folder: Path, *, rate: float = RATE) -> AsyncIterator[World]:
    """A clinic, a band that is worn, and a phone that was just started."""
    async with AsyncExitStack() as leaving:
        clock = ClockServer(start_wall_ms=NOW_S * 1000, rate=rate)
        clock_port = await clock.start()
        leaving.push_async_callback(clock.stop)
        key = SoftwareKey.generate()
        server = DayServer(now_ms=lambda: clock.wall_ms, device_key=key.public_key)
        leaving.enter_context(serving(server))
        radio = Radio()
        ports = (await radio.start([0, 0, 0])).hosts
        leaving.push_async_callback(radio.stop)
        band_clock = await ServedClock.connect("127.0.0.1", clock_port, "device")
        leaving.push_async_callback(band_clock.close)
        hci = await open_transport(f"tcp-client:127.0.0.1:{ports[0]}")
        leaving.push_async_callback(hci.close)
        identity = Identity(DEVICE_ID, key, b"", server.clinic.manufacturer.public_key)
        state = folder / "band"
        board = build_board(state, identity, band_clock.wall_ms, durable=False)
        core = Firmware(board.parts)
        shell = BandShell(core, board, band_clock, (hci.source, hci.sink), state, LABEL)
        running = asyncio.create_task(shell.run())
        leaving.push_async_callback(_end, running)
        await shell.face.on_air()
        world = World(folder, server, radio, clock, shell, board, (clock_port, ports[1]))
        world.second_radio_port = ports[2]
        leaving.push_async_callback(world.end_phone)
        yield world


@asynccontextmanager
async def second_phone(world: World) -> AsyncIterator[World]:
    """Another phone beside the same band and clinic."""
    ports = (world.clock_port, world.second_radio_port)
    second = World(
        world.folder / "second",
        world.server,
        world.radio,
        world.clock,
        world.shell,
        world.board,
        ports,
    )
    try:
        yield second
    finally:
        await second.end_phone()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
