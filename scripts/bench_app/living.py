"""The real app in this process, with its engine on its thread, brought into a session.

Band, radio and clinic are a process of their own (`surroundings`).
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any, cast

from kivy.core.window import Window

from mobile.app import CircletApp
from mobile.engine import Engine, Options
from mobile.engine.context import Context
from mobile.engine.life import Life
from mobile.kit.theme import Theme
from mobile.presenters.views import View
from tests.mobile.engine.world import World

END_WITHIN_S = 20.0
SIZE = (540, 1200)


class Button:
    """The band's, by the input of its process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def press(self, hold_ms: int = 100) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{hold_ms}\n".encode())
        await self._process.stdin.drain()
        assert self._process.stdout is not None
        await self._process.stdout.readline()


class Person(World):
    """The person's ways through the app, as in the tests, over an engine on its own thread."""

    def __init__(self, engine: Engine, button: Button) -> None:
        self._engine = engine
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._living = cast("asyncio.Task[None]", asyncio.create_task(asyncio.Event().wait()))
        self.views: list[View] = []
        self.shell = cast(Any, button)
        engine.subscribe(self._heard)

    def _heard(self, view: View) -> None:
        """From the engine's thread."""
        self._loop.call_soon_threadsafe(self._seen, view)

    @property
    def life(self) -> Life:  # type: ignore[override]
        living = self._engine._life
        assert living is not None
        return living

    @property
    def context(self) -> Context:
        return self.life.context

    def act(self, action: Any) -> None:
        self._engine.act(action)

    def on_engine(self, work: Any) -> asyncio.Future[Any]:
        """Run a coroutine on the engine's loop."""
        loop = self._engine._loop
        assert loop is not None
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))


@asynccontextmanager
async def surroundings() -> AsyncIterator[tuple[dict[str, Any], Button]]:
    """Run the other process; give what it said and the band's button."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scripts.bench_app.surroundings"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        word, _, rest = (await process.stdout.readline()).decode().partition(" ")
        if word != "ready":
            raise RuntimeError("the surroundings aren't ready")
        yield json.loads(rest), Button(process)
    finally:
        process.stdin.close()
        process.terminate()
        await process.wait()


@asynccontextmanager
async def living_app(
    folder: Path, may_show: Callable[[View], bool]
) -> AsyncIterator[tuple[CircletApp, Person]]:
    """The app in its window, and who uses it; only what ``may_show`` says is drawn."""
    async with surroundings() as (said, button):
        options = Options(
            data=folder,
            radio=f"127.0.0.1:{said['radio']}",
            clock=f"127.0.0.1:{said['clock']}",
            ingest=said["url"],
            zone=UTC,
            sync_every_ms=20_000,
        )
        engine = Engine(options)
        app = CircletApp(_Chosen(engine, may_show), Theme())
        person = Person(engine, button)
        running = asyncio.create_task(app.async_run(async_lib="asyncio"))
        try:
            Window.system_size = SIZE
            yield app, person
        finally:
            app.stop()
            async with asyncio.timeout(END_WITHIN_S):
                await running


class _Chosen:
    """The engine, of whose views only some are drawn."""

    def __init__(self, engine: Engine, may_show: Callable[[View], bool]) -> None:
        self._engine, self._may_show = engine, may_show

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def subscribe(self, callback: Callable[[View], None]) -> None:
        self._engine.subscribe(lambda view: callback(view) if self._may_show(view) else None)
