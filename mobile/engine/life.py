"""One life of the engine: opens clock, keystore, store, Bluetooth and the clinic's address; closes.

What can't be opened is said on a screen of its own, with what the person can do about it.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from firmware_bridge.link import BluetoothPort, Connection, LinkError, SystemBluetooth
from firmware_bridge.link.translation import link_errors
from firmware_bridge.timebase import Clock, ServedClock, open_clock
from mobile.engine.alone import Alone, clinic_among, kept_help
from mobile.engine.context import Context
from mobile.engine.cueing import Cueing
from mobile.engine.data_key import change_when_due
from mobile.engine.day import Day
from mobile.engine.driving import DriveRefused, Driving
from mobile.engine.glancing import Glancing
from mobile.engine.late_bluetooth import LateBluetooth
from mobile.engine.options import Options
from mobile.engine.phone_clock import PhoneClock
from mobile.engine.publishing import Audience, Publisher
from mobile.engine.reading_aloud import ReadingAloud
from mobile.engine.reminding import Reminding
from mobile.engine.showing import view_of
from mobile.engine.speaking import begin_speaking
from mobile.engine.surfaces import Surfaces
from mobile.engine.tending import Tending
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import mark, told
from mobile.platform import KeyStoreError, Phone
from mobile.platform.silent import silent_phone
from mobile.presenters.actions import Action, Listen, OpenLink, Press, Stop
from mobile.presenters.erasing import erased_view, not_erased_view
from mobile.presenters.views import HelpView, MessageView
from mobile.presenters.welcome import broken_view
from mobile.store import KeyLost, StoreDamaged, open_store, set_aside
from mobile.store.erase import erase
from mobile.sync import IngestClient

log = logging.getLogger(__name__)

OpenBluetooth = Callable[[Options], AbstractAsyncContextManager[BluetoothPort]]

_ENROL_AGAIN, _TRY_AGAIN, _BEGIN_ANEW = "enrol-again", "try-again", "begin-anew"
BLUETOOTH_FOLDER = "bluetooth"
"""The virtual radio's bonds; a system's own Bluetooth keeps them itself."""
_OUR_MISTAKE = mark(
    "The app made a mistake. It's noted. The band pauses by itself when it's left alone."
)


class EraseWanted(Exception):
    """The person has everything on this phone erased."""


class Life:
    """From start to stop; begins anew when the person says so after an error."""

    def __init__(
        self,
        options: Options,
        audience: Audience,
        bluetooth: OpenBluetooth | None = None,
        clock: Clock | None = None,
        phone: Phone | None = None,
    ) -> None:
        self._options = options
        self._phone = silent_phone() if phone is None else phone
        self._clock = clock
        self._bluetooth = bluetooth or _bluetooth
        self._audience = audience
        self._day: Day | None = None
        self._driving: Driving | None = None
        self._reading: ReadingAloud | None = None
        self._context: Context | None = None
        self._pressed: asyncio.Queue[str] = asyncio.Queue()
        self._link: OpenLink | None = None
        self._begins_anew = False

    @property
    def context(self) -> Context:
        """What is known and open at the moment; for tests that look behind the screens."""
        if self._context is None:
            raise DriveRefused("the store isn't open")
        return self._context

    def act(self, action: Action) -> None:
        """Take a touch, for the day or for the screen that says what's wrong."""
        if isinstance(action, Listen):
            if self._reading is not None:
                self._reading.hear(action.words)
        elif self._day is not None:
            self._day.act(action)
        elif isinstance(action, OpenLink):
            self._link = action
        elif isinstance(action, Press):
            self._pressed.put_nowait(action.button)

    async def drive(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a test script asks."""
        if self._driving is None:
            raise DriveRefused("the store isn't open")
        return await self._driving.do(name, arguments)

    async def run(self) -> None:
        """Live until cancelled."""
        self._listen()
        while True:
            try:
                await self._once()
            except Exception as problem:
                if isinstance(_cause(problem), EraseWanted):
                    await self._erase()
                    continue
                # Ours or not, it's said: a screen that stands still would hide it.
                await self._say(_cause(problem))

    def _listen(self) -> None:
        """Hear the notification's STOP and the system's links, from threads of the system's own."""
        loop = asyncio.get_running_loop()

        def take(action: Action) -> None:
            loop.call_soon_threadsafe(self.act, action)

        self._phone.standing.when_stopped(lambda: take(Stop()))
        self._phone.links.watch(lambda link: take(OpenLink(link)))

    async def _once(self) -> None:
        bluetooth = LateBluetooth(lambda: self._bluetooth(self._options))
        async with AsyncExitStack() as opened:
            context = self._context = await self._open(opened, bluetooth)
            tending = Tending(context, self._options.sync_every_ms)
            publisher = Publisher(
                self._audience, lambda: view_of(context), lambda: context.appearance
            )
            reading = ReadingAloud(context, lambda: view_of(context))
            reminding, surfaces, cueing = Reminding(context), Surfaces(context), Cueing(context)
            glancing = Glancing(context, self._options.data)
            heard = (publisher.due, reminding.look, surfaces.look, cueing.look, glancing.look)
            context.on_change = _all(*heard, reading.look)
            context.wake = tending.wake
            day = Day(context, tending, bluetooth.until_tried)
            self._driving, self._reading = Driving(context, tending), reading
            self._day = day
            if self._link is not None:
                day.act(self._link)
                self._link = None
            try:
                async with (
                    _beside(bluetooth.run(context.clock, context.connection)),
                    asyncio.TaskGroup() as tasks,
                ):
                    tasks.create_task(publisher.run())
                    tasks.create_task(day.run())
                    tasks.create_task(reminding.run())
                    tasks.create_task(surfaces.run())
                    tasks.create_task(cueing.run())
                    tasks.create_task(glancing.run())
                    tasks.create_task(reading.run())
                    tasks.create_task(change_when_due(context))
                    tasks.create_task(_until_erased(context))
            finally:
                self._day = self._driving = self._context = self._reading = None

    async def _open(self, opened: AsyncExitStack, bluetooth: BluetoothPort) -> Context:
        options = self._options
        begin_speaking(None, options.language)
        options.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        served = self._clock or await open_clock(options.clock, "phone")
        if self._clock is None and isinstance(served, ServedClock):
            opened.push_async_callback(served.close)
        clock = PhoneClock(served)
        keys = self._phone.open_keys(options.data)
        if self._begins_anew:
            set_aside(options.data, keys)
            self._begins_anew = False
        store = open_store(options.data, keys, now_ms=clock.wall_ms())
        opened.callback(store.close)
        begin_speaking(store, options.language)
        ingest = IngestClient(options.ingest, clock, authority=options.authority)
        opened.push_async_callback(ingest.close)
        connection = Connection(bluetooth, clock)
        return Context(options, clock, keys, store, connection, ingest, self._phone)

    async def _erase(self) -> None:
        """The store is closed by now: forget everything, say so, and wait for a new beginning."""
        data = self._options.data
        help_page = kept_help(data, self._phone)
        while not self._erased(data):
            await self._alone(not_erased_view(clinic_among(help_page)), _TRY_AGAIN, help_page)
        await self._alone(erased_view(), _BEGIN_ANEW, help_page)

    def _erased(self, data: Path) -> bool:
        """Erase what is left; return whether nothing is left now."""
        try:
            erase(data, self._phone.open_keys(data))
        except (OSError, KeyStoreError):
            log.exception("not all is erased")
            return False
        shutil.rmtree(data / BLUETOOTH_FOLDER, ignore_errors=True)
        return True

    async def _say(self, problem: Exception) -> None:
        known = isinstance(problem, KNOWN)
        anew = isinstance(problem, (KeyLost, StoreDamaged))
        log.error("%s", problem, exc_info=None if known else problem)
        words = sentence_of(problem) if known else told(_OUR_MISTAKE)
        help_page = kept_help(self._options.data, self._phone)
        view = broken_view(words, enrol_anew=anew, calls=clinic_among(help_page))
        await self._alone(view, _ENROL_AGAIN if anew else _TRY_AGAIN, help_page)
        self._begins_anew = anew

    async def _alone(self, view: MessageView, wanted: str, help_page: HelpView) -> None:
        alone = Alone(self._audience.show, self._phone, self._pressed)
        await alone.until(wanted, view, help_page)


def _all(*heard: Callable[[], None]) -> Callable[[], None]:
    """Return one function that tells them all."""

    def tell() -> None:
        for each in heard:
            each()

    return tell


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run it until the block ends; if it fails, the block ends by that."""
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(work)
        try:
            yield
        finally:
            working.cancel()


@asynccontextmanager
async def _bluetooth(options: Options) -> AsyncIterator[BluetoothPort]:
    if options.radio is None:
        yield SystemBluetooth()
        return
    # The virtual radio needs a Bluetooth stack of its own, which a phone hasn't installed.
    from firmware_bridge.radio.adapter import Adapter
    from firmware_bridge.radio.port import VirtualBluetooth

    folder = options.data / BLUETOOTH_FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    with link_errors():
        adapter = await Adapter.open(options.radio, folder)
    try:
        yield VirtualBluetooth(adapter)
    finally:
        await adapter.close()


async def _until_erased(context: Context) -> None:
    """End this life when the person has it erased, the band's bond with it."""
    await context.erase_wanted.wait()
    if context.band_address is not None:
        try:
            await context.connection.forget(context.band_address)
        except LinkError as problem:
            log.warning("the bond with the band stays: %s", problem)
    raise EraseWanted


def _cause(problem: Exception) -> Exception:
    """Return what it came from; of several, a mistake of ours before what is known."""
    if not isinstance(problem, ExceptionGroup):
        return problem
    ours = problem.split(KNOWN)[1]
    return _cause((ours or problem).exceptions[0])
