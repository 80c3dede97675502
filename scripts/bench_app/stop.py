"""STOP from the arrival of the touch to the bytes that the link is given.

The session's page is drawn anew at every frame, its figures change, the ledger is under way and the
clinic is asked, all at once. The finger arrives between frames, as from a touch screen's driver,
and waits in Kivy's own input until the frame under way is done.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.input.provider import MotionEventProvider

from firmware_bridge.link import LinkError
from firmware_bridge.radio.client import VirtualBleakClient
from mobile.app import CircletApp
from mobile.kit.finger import FingerTouch
from mobile.kit.press import touchables
from mobile.presenters.views import SessionView, View
from mobile.sync import SyncError
from scripts.bench.figures import Row, median, percentile
from scripts.bench_app.living import Person, living_app
from shared.wire import canonical
from shared.wire.framing import WHOLE
from shared.wire.operations import Operation

SAMPLES = 120
WITHIN_S = 10.0
UPDATES_EVERY_S = 0.5
BESIDE_FRAMES_MS = 10.0
FRAMES = 2


class Driver(MotionEventProvider):  # type: ignore[misc]
    """Fingers that came since the last frame, handed over when Kivy asks for input."""

    def __init__(self) -> None:
        super().__init__("bench", "")
        self._came: deque[tuple[str, tuple[float, float]]] = deque()
        self._finger: FingerTouch | None = None

    def touch(self, place: tuple[float, float], after_s: float) -> float:
        """Come after so long, in whatever Kivy is doing then; return when. For another thread."""
        time.sleep(after_s)
        at_s = time.perf_counter()
        self._came.append(("begin", place))
        self._came.append(("end", place))
        return at_s

    def update(self, dispatch_fn: Callable[[str, Any], None]) -> None:
        while self._came:
            kind, place = self._came.popleft()
            if kind == "begin":
                self._finger = FingerTouch(*place)
            dispatch_fn(kind, self._finger)


class Link:
    """Notes when the link is given a STOP."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.given = asyncio.Event()
        self.at_s = 0.0
        self._write = VirtualBleakClient.write_gatt_char

    def listen(self) -> None:
        write, hear = self._write, self._hear

        async def write_and_hear(self: Any, characteristic: Any, data: Any, response: bool) -> None:
            hear(bytes(data))
            await write(self, characteristic, data, response)

        VirtualBleakClient.write_gatt_char = write_and_hear  # type: ignore[method-assign]

    def leave(self) -> None:
        VirtualBleakClient.write_gatt_char = self._write  # type: ignore[method-assign]

    def _hear(self, data: bytes) -> None:
        if is_stop(data) and not self.given.is_set():
            self.at_s = time.perf_counter()
            self._loop.call_soon_threadsafe(self.given.set)


def is_stop(frame: bytes) -> bool:
    """Whether it's a request to stop, whole in its frame."""
    if not frame or frame[0] != WHOLE:
        return False
    try:
        message = canonical.decode(frame[1:])
    except ValueError:
        return False
    return isinstance(message, list) and len(message) == 3 and message[1] == Operation.STOP


def stop() -> list[Row]:
    """Measure, and return the figures with their limits."""
    with tempfile.TemporaryDirectory() as folder:
        times_ms, frames_ms, work = asyncio.run(_measure(Path(folder)))
    frame_ms = median(frames_ms)
    limit_ms = FRAMES * frame_ms + BESIDE_FRAMES_MS
    return [
        Row(
            "a frame while the session is drawn", frame_ms, "ms", beside=f"{len(frames_ms)} frames"
        ),
        Row("STOP, touch to link, median", median(times_ms), "ms", beside=work),
        Row("STOP, touch to link, p99", percentile(times_ms, 99), "ms", at_most=round(limit_ms, 1)),
    ]


async def _measure(folder: Path) -> tuple[list[float], list[float], str]:
    begun = False

    def may_show(view: View) -> bool:
        return not begun or isinstance(view, SessionView)

    async with living_app(folder, may_show) as (app, person):
        await person.enrol_and_pair()
        await person.answer_safety_questions()
        session = await person.begin_session()
        begun = True
        app.receive(session)
        frames: list[float] = []
        Window.bind(on_flip=lambda *_: frames.append(time.perf_counter()))
        Clock.schedule_interval(lambda _: app.stage.canvas.ask_update(), 0)
        done = {"records": 0, "exchanges": 0, "views": 0}
        beside = [
            asyncio.create_task(_change_figures(app, session, done)),
            asyncio.ensure_future(person.on_engine(_transfer(person, done))),
            asyncio.ensure_future(person.on_engine(_exchange(person, done))),
        ]
        try:
            times_ms = await _samples(app)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
    frames_ms = [(b - a) * 1000 for a, b in pairwise(frames)]
    work = ", ".join(f"{count} {name}" for name, count in done.items())
    return times_ms, frames_ms, f"{len(times_ms)} touches beside {work}"


async def _samples(app: CircletApp) -> list[float]:
    driver, link = Driver(), Link()
    EventLoop.add_input_provider(driver)
    link.listen()
    found = []
    try:
        for number in range(SAMPLES):
            link.given.clear()
            after_s = random.Random(number).uniform(0.1, 0.25)
            at_s = await asyncio.to_thread(driver.touch, _on_stop(app), after_s)
            async with asyncio.timeout(WITHIN_S):
                await link.given.wait()
            found.append((link.at_s - at_s) * 1000)
    finally:
        link.leave()
        EventLoop.remove_input_provider(driver)
    return found


def _on_stop(app: CircletApp) -> tuple[float, float]:
    panel = next(one for one in touchables(app.stage) if one.drive_id == "stop")
    x, y = panel.to_window(*panel.center)
    return float(x), float(y)


async def _change_figures(app: CircletApp, view: SessionView, done: dict[str, int]) -> None:
    while True:
        await asyncio.sleep(UPDATES_EVERY_S)
        done["views"] += 1
        app.receive(replace(view, big=f"2:{done['views'] % 60:02d}", figures=str(done["views"])))


async def _transfer(person: Person, done: dict[str, int]) -> None:
    while True:
        with suppress(LinkError):
            async for _line in person.context.stimulator.ledger(1):
                done["records"] += 1
        await asyncio.sleep(0)


async def _exchange(person: Person, done: dict[str, int]) -> None:
    while True:
        with suppress(SyncError):
            await person.life.drive("sync", {})
            done["exchanges"] += 1
        await asyncio.sleep(0)
