"""Frames a second while a year of history scrolls, against an empty list drawn anew each frame.

The same page and window; the two take turns. Kivy's own limit of 60 a second stands, as in
the app.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from kivy.core.window import Window

from mobile.app import CircletApp
from mobile.kit.theme import Theme
from mobile.presenters.page import LongRows, PageView
from mobile.presenters.pieces import Row as Line
from mobile.screens.stage import Stage
from scripts.bench.figures import Row, median
from scripts.bench_app.quiet import QuietEngine

LINES = 365
TURNS = 5
SCROLL_S = 2.0
SCREENS_A_SECOND = 3.0
"""As fast as a strong flick (own figure)."""
LEAST_SHARE = 0.9
_YEAR = tuple(
    Line(f"Day {number + 1}", "Session given, 600 of 600 pulses", f"day-{number}")
    for number in range(LINES)
)


def scroll() -> list[Row]:
    """Measure, and return the figures with their limits."""
    years, empties = asyncio.run(_measure())
    share = median([one / other for one, other in zip(years, empties, strict=True)])
    made_of = f"{LINES} lines, {SCREENS_A_SECOND:g} screens a second, median of {TURNS} turns"
    return [
        Row("an empty list scrolls at", median(empties), "fps", beside=made_of),
        Row("a year of history scrolls at", median(years), "fps", beside=made_of),
        Row("a year against an empty list", share, "", at_least=LEAST_SHARE),
    ]


async def _measure() -> tuple[list[float], list[float]]:
    engine = QuietEngine()
    app = CircletApp(engine, Theme())
    running = asyncio.create_task(app.async_run(async_lib="asyncio"))
    await engine.started.wait()
    years: list[float] = []
    empties: list[float] = []
    try:
        for turn in range(TURNS + 1):
            for figures, lines in ((empties, ()), (years, _YEAR)):
                rate = await _rate(
                    app.stage, PageView("history", "History", place=f"{turn}"), lines
                )
                if turn:
                    figures.append(rate)
    finally:
        app.stop()
        await running
    return years, empties


async def _rate(stage: Stage, page: PageView, lines: tuple[Line, ...]) -> float:
    """Frames a second while the page scrolls down from its head."""
    stage.show(replace(page, blocks=(LongRows(lines),)))
    done = asyncio.Event()
    frames: list[float] = []

    def drawn(*_: object) -> None:
        now_s = time.perf_counter()
        frames.append(now_s)
        gone = (now_s - frames[0]) / SCROLL_S
        if gone >= 1:
            Window.unbind(on_flip=drawn)
            done.set()
        elif stage.page is not None:
            scroll = stage.page.scroll
            hidden_px = max(1.0, scroll.viewport_size[1] - scroll.height)
            gone_px = (now_s - frames[0]) * SCREENS_A_SECOND * scroll.height
            scroll.scroll_y = max(0.0, 1 - gone_px / hidden_px)
            stage.canvas.ask_update()

    Window.bind(on_flip=drawn)
    stage.redraw()
    await done.wait()
    return (len(frames) - 1) / (frames[-1] - frames[0])
