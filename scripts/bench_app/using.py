"""An hour's use of the app by one person, touch by touch: pages, a session, practice, lost links.

Every round walks through the same pages, so that the second can need nothing that the first
didn't.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle

from mobile.kit.press import Touchable
from mobile.presenters.actions import Choose, Press
from mobile.presenters.views import SessionView, TodayView, View
from scripts.bench_app.simulated import SimulatedHouse
from shared.dose.prescription import Part, Prescription
from shared.stimulation.catalogue import catalogue
from tests.fault_matrix.patient import Patient, Step
from tests.mobile.monkey import ways
from tests.shared.clinic import itbs

PROTOCOL, TRAINS = "mdd-l-dlpfc-10hz", 40
"""The catalogue's left 10 Hz, of whose trains about half: a session of 20 minutes."""
THINKS_S = 8.0
PRACTISES_S = 12.0
DISTURBED_EVERY_S = 75.0
AWAY_S = 8.0
DAY_LIMIT_S = 7_200.0

MORE, SETTINGS = "help-and-more", "settings"
PAGES: tuple[tuple[str, ...], ...] = (
    ("help",),
    ("between", "messages"),
    ("between", "thought-record", "go-on"),
    ("between", "medicine", "go-on"),
    ("course", "charts"),
    ("course", "session-history"),
    ("check-ins", "open:phq-9"),
    ("check-ins", "checkin-history"),
    (MORE, "emergency-card"),
    (MORE, "lessons"),
    (MORE, "history"),
    (MORE, "about"),
    (MORE, "travel"),
    (MORE, SETTINGS, "contrast", "high"),
    (MORE, SETTINGS, "text", "160"),
    (MORE, SETTINGS, "language", "de"),
    (MORE, SETTINGS, "language", "en"),
    (MORE, SETTINGS, "text", "100"),
    (MORE, SETTINGS, "contrast", "light"),
    (MORE, SETTINGS, "diagnostics"),
)


class Person(Patient):
    """Does what the app says by touches on what stands there, and looks around between."""

    def __init__(self, house: SimulatedHouse) -> None:
        super().__init__(house.stage)
        self.house = house
        self.touches = self.links_lost = 0

    async def do(self, step: Step) -> None:
        """Press, and touch; what has no place of its own (a typed code) is said to the engine."""
        if step.presses_ms:
            await self.stage.life.press(step.presses_ms)
        for action in step.touches:
            match action:
                case Press(button=name) | Choose(choice=name) if name in self._there():
                    await self._touch(name)
                case _:
                    self.house.engine.act(action)

    async def arrive(self) -> None:
        """From the letter to the day on which a session can begin."""
        self.stage.prescribe(half_of_it())
        await self._follow(lambda view: isinstance(view, TodayView) and view.button is not None)

    async def begin_session(self, trains: int) -> None:
        """Until so many trains were given."""
        await self._follow(
            lambda view: isinstance(view, SessionView) and view.trains_done >= trains
        )

    async def end_session(self) -> None:
        """To its end, with breaks, STOPs and lost links; then the questions after it."""
        disturbing = asyncio.create_task(self._disturb())
        try:
            await self._follow(lambda view: isinstance(view, TodayView))
        finally:
            disturbing.cancel()
            await asyncio.gather(disturbing, return_exceptions=True)

    async def look_around(self) -> None:
        """Walk through every page, practise, and lose the link once."""
        for path in PAGES:
            await self._go(path)
        await self._go((MORE, "practice", "begin"))
        await self._follow(lambda view: isinstance(view, SessionView))
        await self.stage.clock.sleep_ms(round(PRACTISES_S * 1000))
        await ways.stop(self.house)
        await self._lose_link()
        await ways.walk_home(self.house)

    async def _go(self, path: tuple[str, ...]) -> None:
        await ways.walk_home(self.house)
        for name in path:
            await self._think()
            if name not in self._there():
                raise AssertionError(f"no {name} of {path} among {list(self._there())}")
            await self._touch(name)
        await self._think()

    async def _touch(self, name: str) -> None:
        self.touches += 1
        await ways.touch(self.house, self._there()[name])

    def _there(self) -> dict[str, Touchable]:
        return {str(each.drive_id): each for each in self.house.reachable()}

    async def _think(self) -> None:
        await self.stage.clock.sleep_ms(round(THINKS_S * 1000))

    async def _disturb(self) -> None:
        for disturb in cycle((self._pause, self._lose_link, self._stop)):
            await self.stage.clock.sleep_ms(round(DISTURBED_EVERY_S * 1000))
            await disturb()

    async def _pause(self) -> None:
        if "pause" in self._there():
            await self._touch("pause")

    async def _stop(self) -> None:
        self.touches += 1
        await ways.stop(self.house)

    async def _lose_link(self) -> None:
        self.links_lost += 1
        self.stage.life.faults.set({"out_of_reach": True})
        await self.stage.clock.sleep_ms(round(AWAY_S * 1000))
        self.stage.life.faults.take_back("out_of_reach")

    async def _follow(self, until: Callable[[View], bool]) -> None:
        if not await self.follow(until, within_s=DAY_LIMIT_S):
            raise AssertionError(f"the app stands at {self.stage.phone.view}")


def half_of_it() -> Prescription:
    """The catalogue's plan with fewer trains."""
    entry = catalogue().entry(PROTOCOL)
    (part,) = entry.parts
    parts = (Part(part.site, part.pattern, TRAINS, part.interval_ms, 120),)
    pulses = TRAINS * part.pattern.pulses_per_train
    usual = itbs()
    limits = replace(
        usual.limits,
        pulses_per_day_window=pulses,
        pulses_per_week=5 * pulses,
        course_pulses=30 * pulses,
    )
    return replace(usual, protocol_id=PROTOCOL, parts=parts, limits=limits)
