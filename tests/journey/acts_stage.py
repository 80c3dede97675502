"""A clinic, its pages, ingest and worker, a phone's engine and a band, in one process.

Nothing in it is stood in for but screens and the desk's browser: a certified key signs what the
pages hand to the desk, and the desk's own tests read that in Chromium.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import uvicorn
from bumble.transport import open_transport
from starlette.testclient import TestClient

from cloud.dashboard.app import create_app as dashboard_app
from cloud.ingest.app import create_app as ingest_app
from cloud.patients.models import Patient
from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.firmware.ports import Identity as BandIdentity
from firmware_bridge.emulator.life import Body, Bootloader, Life, only_firmware
from firmware_bridge.emulator.parts.board import build_board
from firmware_bridge.radio.process import Radio
from firmware_bridge.timebase import ClockServer, ServedClock
from mobile.presenters.actions import Enrol
from mobile.presenters.views import TodayView
from shared.trust.challenge import PRESCRIPTION_TYPE
from shared.trust.keys import PublicKey
from shared.trust.statements import Scope
from shared.wire.records import Body as RecordBody
from shared.wire.records import decode_record
from tests.cloud.browser import ListeningServer
from tests.cloud.passkey import SigningPasskey, read_request
from tests.cloud.test_lifting import certified
from tests.cloud.test_pages import sign_in
from tests.cloud.workers import worker_of
from tests.cloud.worlds import BIRTH_DATE, START_MS, HandClock, World, make_world
from tests.firmware_bridge.emulator.world import LABEL
from tests.mobile.engine.clinic_server import DayServer
from tests.mobile.engine.world import LINK_WITHIN_MS, RATE, WITHIN_S
from tests.mobile.engine.world import World as PhoneWorld

SCOPES = (Scope.PRESCRIBE, Scope.LIFT_HOLD, Scope.SUPERVISE)
LOOK_MS = 200


class ServedHand(HandClock):
    """The clinic's clock: the common one."""

    def __init__(self, clock: ClockServer) -> None:
        self._clock = clock

    @property
    def now_ms(self) -> int:
        return self._clock.wall_ms

    @now_ms.setter
    def now_ms(self, _value: int) -> None:
        raise AttributeError("the common clock is set by nobody here")


@dataclass
class Server:
    """Where the phone finds its clinic."""

    url: str


class Phone(PhoneWorld):
    """The engine's life beside a real ingest."""

    code = ""

    async def enrol_only(self) -> None:
        """Type code and birth date as the clinic's letter has them."""
        self.act(Enrol(self.code, BIRTH_DATE.isoformat()))
        await self.see_part("sharing")


@dataclass
class Acts:
    """The whole stage: what a clinician does on the pages, and where it arrives."""

    world: World
    patient: Patient
    pages: TestClient
    form_token: str
    passkey: SigningPasskey
    phone: Phone
    life: Life
    band_clock: ServedClock

    @property
    def path(self) -> str:
        """The patient's page."""
        return f"/patients/{self.patient.patient_id.hex()}"

    def sign_in_again(self) -> None:
        """Come back to the pages after a while."""
        self.form_token = sign_in(self.world, self.pages)

    async def get(self, path: str) -> str:
        """Return what a page says."""
        answer = await asyncio.to_thread(self.pages.get, path)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    async def send(self, path: str, **form: Any) -> str:
        """Send a form of the patient's; return what the page says then."""
        patient = self.patient.patient_id.hex()
        data = {"patient_id": patient, "form_token": self.form_token} | form
        answer = await asyncio.to_thread(lambda: self.pages.post(path, data=data))
        assert answer.status_code in (200, 303), answer.text
        return str(answer.text)

    async def sign(self, page: str, kind: str = PRESCRIPTION_TYPE) -> None:
        """Sign what a page hands to the desk, and bring the answer back."""
        assert "#request=" in page, page
        statements = read_request(page.partition("#request=")[2].partition('"')[0])
        await self.answer(statements, kind)

    async def answer(self, statements: list[bytes], kind: str = PRESCRIPTION_TYPE) -> None:
        """Bring the desk's answer over these statements to the page."""
        await self.send("/desk-return", answer=self.passkey.answer(statements, kind=kind))

    async def work(self) -> None:
        """Let the worker do what waits."""
        await asyncio.to_thread(worker_of(self.world).round)

    async def meet(self, holds: Callable[[], bool], what: str) -> None:
        """Let the phone meet clinic and band until it holds; then the clinic has the record."""
        try:
            async with asyncio.timeout(WITHIN_S):
                while not holds():
                    await self.phone.drive("sync")
                    await self.phone.life.context.clock.sleep_ms(LOOK_MS)
                await self.phone.drive("sync")
        except TimeoutError as problem:
            shown = self.phone.views[-1] if self.phone.views else None
            raise AssertionError(f"{what}: it didn't come to that; there is {shown}") from problem

    def records(self, kind: type[RecordBody]) -> list[Any]:
        """The bodies of that type on the band's own record, oldest first."""
        core = self.life.core
        first, last = core.record_range()
        bodies = (decode_record(core.record(number)).body for number in range(first, last + 1))
        return [each for each in bodies if isinstance(each, kind)]

    async def begin_phone_again(self) -> None:
        """Start the app anew: it asks for firmware at its first round."""
        await self.phone.start_again(TodayView)

    async def lie_without_power(self, off_ms: int) -> None:
        """Let the band lie without power and clock for so long, and come back to its phone, which
        is off meanwhile: it would ask the clinic thousands of times."""
        boots = len(self.life.boots)
        await self.phone.end_phone()
        self.life.reboot(Cause.POWER_CUT, off_ms=off_ms)
        async with asyncio.timeout(WITHIN_S):
            while not self.life.shell.is_over:
                await self.band_clock.sleep_ms(LOOK_MS)
        self.life.board.clock.break_supply()
        await self.phone.let_pass(off_ms)
        async with asyncio.timeout(WITHIN_S):
            while len(self.life.boots) == boots:
                await self.band_clock.sleep_ms(LOOK_MS)
            await self.life.on_air()
        self.phone.views.clear()
        self.phone.begin_phone()
        await self.phone.see(TodayView)
        await self.phone.life.context.connection.until_ready(LINK_WITHIN_MS)


@contextmanager
def ingest_of(world: World) -> Iterator[str]:
    """Serve the phones' API; yields its address."""
    bound = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(ingest_app(world.settings, world.clock), log_level="warning")
    server = ListeningServer(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        assert server.listens.wait(WITHIN_S)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(WITHIN_S)


@asynccontextmanager
async def acts(folder: Path, bootloader: Bootloader = only_firmware) -> AsyncIterator[Acts]:
    """Everything, with a patient whose phone and band know each other."""
    async with AsyncExitStack() as leaving:
        clock = ClockServer(start_wall_ms=START_MS, rate=RATE)
        clock_port = await clock.start()
        leaving.push_async_callback(clock.stop)
        plain = make_world(folder)
        leaving.callback(plain.database.close)
        world = replace(plain, clock=ServedHand(clock))
        patient, code = world.enrol()
        url = leaving.enter_context(ingest_of(world))
        app = dashboard_app(world.settings, world.clock)
        pages = leaving.enter_context(TestClient(app, follow_redirects=False))
        life, band_clock, ports = await _band(leaving, folder, world, clock_port, bootloader)
        server = cast(DayServer, Server(url))
        shell = cast(Any, life)
        Phone.code = code
        phone = Phone(folder, server, cast(Any, None), clock, shell, life.board, ports)
        leaving.push_async_callback(phone.end_phone)
        stage = Acts(
            world,
            patient,
            pages,
            sign_in(world, pages),
            certified(world, *SCOPES),
            phone,
            life,
            band_clock,
        )
        await phone.enrol_and_pair()
        yield stage


async def _band(
    leaving: AsyncExitStack,
    folder: Path,
    world: World,
    clock_port: int,
    bootloader: Bootloader,
) -> tuple[Life, ServedClock, tuple[int, int]]:
    """A band that is worn, and its clinic's by the maker's word; its clock, the phone's ports."""
    radio = Radio()
    hosts = (await radio.start([0, 0])).hosts
    leaving.push_async_callback(radio.stop)
    band_clock = await ServedClock.connect("127.0.0.1", clock_port, "device")
    leaving.push_async_callback(band_clock.close)
    hci = await open_transport(f"tcp-client:127.0.0.1:{hosts[0]}")
    leaving.push_async_callback(hci.close)
    files = world.identity.folder
    maker = PublicKey(bytes.fromhex((files / "manufacturer.pub").read_text()))
    certificate = (files / "device" / "device.cert").read_bytes()
    own = world.identity
    identity = BandIdentity(own.device_id, own.device, certificate, maker)
    state = folder / "band"
    board = build_board(state, identity, band_clock.wall_ms, durable=False)
    life = Life(Body(board, band_clock, (hci.source, hci.sink), state, LABEL), bootloader)
    running = asyncio.create_task(life.run())
    leaving.push_async_callback(_end, running)
    await life.on_air()
    return life, band_clock, (clock_port, hosts[1])


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
