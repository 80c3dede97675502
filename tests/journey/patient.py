"""What the patient does: enrol, pair, answer, treat, check in. Touches and presses only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.journey.app import App
from tests.journey.band import EmulatedBand
from tests.journey.clock import DayClock
from tests.journey.polling import until

Picture = Callable[[str], Path]
CONFIRMED_BY_YES = frozenset({"ear", "attended"})
CONSENTS = 4
SESSION_RATE = 12.0
"""Simulated seconds a second while a session runs: fast, and still slow enough to watch."""


class Patient:
    """One person with a phone and a band."""

    def __init__(self, app: App, band: EmulatedBand, clock: DayClock, picture: Picture) -> None:
        self.app, self.band, self._clock = app, band, clock
        self._picture = picture
        self.losses_healed = 0

    async def enrol(self, code: str, birth_date: str) -> None:
        """Type the letter's code and the birth date."""
        await self.app.wait("welcome")
        await self.app.type("code", code)
        await self.app.type("birth-date", birth_date)
        await self.look("app-welcome")
        await self.app.tap("enrol")
        await self._consent()
        await self.app.wait("pair")

    async def enrol_anew(self, code: str, birth_date: str) -> None:
        """Type another code: what was consented to holds, so nothing is asked again."""
        await self.app.wait("welcome")
        await self.app.type("code", code)
        await self.app.type("birth-date", birth_date)
        await self.app.tap("enrol")
        await self.app.wait("pair")

    async def _consent(self) -> None:
        """Read what is shared, and say yes to each part of it."""
        await self.app.wait("sharing")
        await self.look("app-sharing")
        await self.app.tap("next")
        for number in range(1, CONSENTS + 1):
            await self.app.wait("consent", f"Part {number} of {CONSENTS}")
            await self.app.tap("yes")
            if number == 1:
                await self.look("app-consent")
            await self.app.tap("next")

    async def pair(self) -> str:
        """Hold the band's button, compare the two numbers, press; return the number."""
        await self.band.hold()
        await self.app.tap("find-band")
        shown = await self.app.wait("pair", "Are the two numbers the same?")
        number = digits(shown["view"]["number"])
        band_shows = digits((await self.band.state())["display"])
        assert number == band_shows, (number, band_shows)
        await self.look("app-pair")
        await self.app.tap("same")
        await self.band.press()
        await self.app.wait("pair", "once more")
        await self.band.press()
        await self.app.wait("today")
        return number

    async def answer_gates(self) -> None:
        """Answer every safety question as on an ordinary day, look at the band's seat, go on."""
        await self.app.tap("get-ready")
        number, count = 1, "?"
        while str(number - 1) != count:
            seen = await self.app.wait("screening", f"{number} of ")
            count = seen["view"]["subtitle"].rpartition(" ")[2]
            if number == 6:
                await self.look("app-safety-question")
            await self.app.tap("yes" if seen["view"]["place"] in CONFIRMED_BY_YES else "no")
            number += 1
        await self.app.wait("screening-check", "It sits well.")
        await self.look("app-band-seat")
        await self.app.tap("get-ready")

    async def treat(self, trains: int) -> dict[str, Any]:
        """START, the band's button, twenty trains with one lost link, to the end."""
        await self.app.wait("ready")
        await self.look("app-ready")
        await self.app.tap("start")
        await self.app.wait("ready", "Waiting for the band's button")
        await self._clock.rate(SESSION_RATE)
        await self.band.press()
        await self.app.wait("session")
        await self._until_train(3)
        await self.look("app-session")
        await self._until_train(trains // 2)
        await self._lose_the_link()
        after = await self._to_the_end()
        await self._clock.rate(1)
        return after

    async def _lose_the_link(self) -> None:
        await self.band.drop_link(for_ms=1500)
        await self.app.wait("session", "Link lost")
        await self.look("app-link-lost")
        await self.app.wait("session", "Paused")
        self.losses_healed += 1
        await self.look("app-paused")
        await self.app.tap("go-on")

    async def _until_train(self, train: int) -> None:
        await self._watch(lambda seen: seen["view"].get("train", train) >= train)

    async def _to_the_end(self) -> dict[str, Any]:
        seen = await self._watch(lambda seen: seen["screen"] == "after")
        return dict(seen["view"])

    async def _watch(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Watch the session, answering "still here?", until it is as wanted."""

        async def look() -> dict[str, Any]:
            seen = await self.app.view()
            if seen["view"].get("still_here"):
                await self.look("app-still-here")
                await self.app.tap("still-here")
            return seen

        return await until(look, wanted)

    async def finish(self) -> None:
        """Say that nothing unusual was noticed."""
        await self.look("app-after")
        await self.app.tap("no")
        await self.app.tap("done")
        await self.app.wait("today")

    async def check_in(self, answers: tuple[int, ...]) -> str:
        """Answer the weekly questions; return the score as the app says it."""
        await self.app.tap("check-in")
        for number, answer in enumerate(answers, start=1):
            await self.app.wait("check-in", f"Question {number} of {len(answers)}")
            if number == 1:
                await self.look("app-check-in")
            await self.app.tap(str(answer))
        await self.app.wait("check-in", "Your answers")
        await self.app.tap("send")
        done = await self.app.wait("check-in-done")
        await self.look("app-check-in-done")
        await self.app.tap("done")
        await self.app.wait("today")
        return figure(done["view"])

    async def look(self, name: str) -> None:
        """Keep a picture of what the person sees."""
        await self.app.shot(self._picture(name))


def figure(view: dict[str, Any]) -> str:
    """Return the figure that stands on a page."""
    parts = [part for block in view["blocks"] for part in block.get("blocks", [block])]
    return str(next(part["text"] for part in parts if "note" in part))


def digits(text: str | None) -> str:
    """Return only the digits of a text."""
    return "".join(c for c in text or "" if c.isdigit())
