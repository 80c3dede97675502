"""Before the engine is there: the first view is drawn, Emergency works, other touches wait."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable

from mobile.app import CircletApp
from mobile.kit.theme import Theme
from mobile.late_engine import LateEngine
from mobile.presenters.actions import Press
from mobile.presenters.help import help_view
from mobile.presenters.views import MessageView, TodayView, View
from tests.mobile.screens.running import LONGEST_WAIT_S, RecordingEngine
from tests.mobile.screens.samples import SAMPLES

HELP_PAGE = help_view("Clinic")


def view_of(kind: type[View]) -> View:
    return next(view for view in SAMPLES.values() if isinstance(view, kind))


TODAY = view_of(TodayView)
OTHER = next(v for v in SAMPLES.values() if isinstance(v, TodayView) and v != TODAY)


class Late:
    """A late engine whose real one comes when it's told to."""

    def __init__(self) -> None:
        self.may_load = threading.Event()
        self.real = RecordingEngine()
        self.shown: list[View] = []
        self.late = LateEngine(self._load, TODAY, HELP_PAGE)
        self.late.subscribe(self.shown.append)
        self.late.start()

    def _load(self) -> RecordingEngine:
        assert self.may_load.wait(LONGEST_WAIT_S)
        return self.real

    def live(self, first: View) -> Callable[[View], None]:
        """The real engine is there, and shows its first view."""
        self.may_load.set()
        assert self.late.drive("phone-clock", {})
        assert self.real.callback is not None
        self.real.callback(first)
        return self.real.callback


async def test_a_touch_before_the_engine_waits_for_it() -> None:
    late = Late()
    late.late.act(Press("course"))
    assert late.real.acts == []
    late.live(OTHER)
    late.late.act(Press("today"))
    assert late.real.acts == [Press("course"), Press("today")]
    assert late.shown == [OTHER]


async def test_emergency_shows_its_page_at_once_and_stays_when_the_engine_comes() -> None:
    late = Late()
    late.late.act(Press("help"))
    assert late.shown == [HELP_PAGE]
    show = late.live(OTHER)
    assert late.real.acts == [Press("help")]
    show(HELP_PAGE)
    assert OTHER not in late.shown


async def test_back_from_emergency_shows_the_first_view_again() -> None:
    late = Late()
    late.late.act(Press("help"))
    late.late.act(Press("back"))
    assert late.shown == [HELP_PAGE, TODAY]
    late.live(OTHER)
    assert late.real.acts == []


async def test_a_session_comes_before_the_page_for_an_emergency() -> None:
    late = Late()
    late.late.act(Press("help"))
    late.live(SAMPLES["session"])
    assert late.shown[-1] == SAMPLES["session"]
    assert late.real.acts == []


async def test_what_is_loaded_is_never_looked_through_for_garbage() -> None:
    gc.unfreeze()
    late = Late()
    late.live(OTHER)
    looked_through = gc.get_objects()
    assert gc.get_freeze_count() > len(looked_through)


async def test_an_engine_that_cant_be_loaded_is_said() -> None:
    said = threading.Event()
    shown: list[View] = []

    def broken() -> RecordingEngine:
        raise ImportError("no such part")

    late = LateEngine(broken, TODAY, None)

    def take(view: View) -> None:
        shown.append(view)
        said.set()

    late.subscribe(take)
    late.start()
    assert said.wait(LONGEST_WAIT_S)
    assert isinstance(shown[0], MessageView)
    assert "can't start" in shown[0].body


async def test_the_first_view_is_drawn_before_the_engine_starts() -> None:
    engine = RecordingEngine()
    drawn_then: list[View | None] = []
    app = CircletApp(engine, Theme(), first=TODAY)
    start = engine.start

    def starts() -> None:
        drawn_then.append(app.stage.drawn)
        start()

    engine.start = starts  # type: ignore[method-assign]
    task = asyncio.create_task(app.async_run(async_lib="asyncio"))
    async with asyncio.timeout(LONGEST_WAIT_S):
        await engine.started.wait()
        assert drawn_then == [TODAY]
        assert app.newest is None, "a script waits for what the engine shows"
        app.stop()
        await task
