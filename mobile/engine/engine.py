"""The engine as the app's other threads see it: subscribe, act, start, stop, drive.

Everything runs on an asyncio loop in a thread of its own, so that Bluetooth and STOP never wait
for a frame to be drawn.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Mapping
from typing import Any

from mobile.engine import life
from mobile.engine.driving import DriveRefused
from mobile.engine.options import Options
from mobile.engine.publishing import Audience, Subscriber, Wearer
from mobile.platform import Phone
from mobile.platform.silent import silent_phone
from mobile.presenters.actions import Action

log = logging.getLogger(__name__)

STOP_LIMIT_S = 5.0
DRIVE_LIMIT_S = 120.0


class Engine:
    """One engine a process. `act` and `subscribe` return at once and may come from any thread."""

    def __init__(self, options: Options, phone: Phone | None = None) -> None:
        self._options = options
        self._phone = silent_phone() if phone is None else phone
        self._audience = Audience()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._life: life.Life | None = None
        self._ending: asyncio.Event | None = None
        self._running = threading.Event()

    def subscribe(self, callback: Subscriber) -> None:
        """Call back with each view, from the engine's own thread; with the newest at once."""
        self._audience.join(callback)

    def subscribe_look(self, callback: Wearer) -> None:
        """Call back with each look, before the views that are to have it."""
        self._audience.join_wearing(callback)

    def start(self) -> None:
        """Begin; the first view follows."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the tasks and close the store, within a few seconds."""
        thread, loop, ending = self._thread, self._loop, self._ending
        if thread is None:
            return
        if loop is not None and ending is not None and not loop.is_closed():
            loop.call_soon_threadsafe(ending.set)
        thread.join(STOP_LIMIT_S)
        if thread.is_alive():
            log.error("the engine did not end within %s s", STOP_LIMIT_S)

    def act(self, action: Action) -> None:
        """Take what a person did."""
        loop, living = self._loop, self._life
        if loop is not None and living is not None and not loop.is_closed():
            loop.call_soon_threadsafe(living.act, action)

    def drive(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a test script asks and return its answer; raise DriveRefused with words."""
        if not self._running.wait(DRIVE_LIMIT_S):
            raise DriveRefused("the engine isn't running")
        loop, living = self._loop, self._life
        if loop is None or living is None or loop.is_closed():
            raise DriveRefused("the engine has ended")
        asked = asyncio.run_coroutine_threadsafe(living.drive(name, arguments), loop)
        try:
            return asked.result(DRIVE_LIMIT_S)
        except concurrent.futures.TimeoutError:
            asked.cancel()
            raise DriveRefused(f"{name}: not done within {DRIVE_LIMIT_S:.0f} s") from None

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except Exception:
            log.exception("the engine ended by a fault")
        finally:
            self._running.clear()

    async def _live(self) -> None:
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        self._life = life.Life(self._options, self._audience, phone=self._phone)
        self._running.set()
        living = asyncio.create_task(self._life.run())
        ending = asyncio.create_task(self._ending.wait())
        try:
            await asyncio.wait({living, ending}, return_when=asyncio.FIRST_COMPLETED)
            if living.done():
                living.result()
        finally:
            for task in (living, ending):
                task.cancel()
            await asyncio.gather(living, ending, return_exceptions=True)
            self._phone.close()


def build(options: Options, phone: Phone | None = None) -> Engine:
    """Return the engine, not started yet; without a phone's ports it keeps quiet."""
    return Engine(options, phone)
