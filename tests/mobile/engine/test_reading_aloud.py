"""Spoken mode: a new screen is read once, the focus is read, and nothing without being asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from mobile.engine.reading_aloud import place_of
from mobile.presenters.actions import Listen, Press
from mobile.presenters.spoken import spoken
from mobile.presenters.views import PageView, View
from tests.mobile.engine.world import whole_day
from tests.mobile.screens.samples import (
    QUESTION,
    SESSION,
    SESSION_LOST,
    TODAY_READY,
    question,
)

WITHIN_S = 20.0


class Voice:
    """Keeps what it was asked to say."""

    sentence, is_there = "", True

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.changed = asyncio.Event()

    async def say(self, text: str, language: str) -> None:
        self.said.append((text, language))
        self.changed.set()

    async def hush(self) -> None:
        return

    async def until(self, words: str) -> None:
        """Return once something with these words was said."""
        async with asyncio.timeout(WITHIN_S):
            while not any(words in text for text, _language in self.said):
                self.changed.clear()
                await self.changed.wait()


def test_a_screen_that_counts_on_is_the_same_screen() -> None:
    assert place_of(SESSION) == place_of(replace(SESSION, big="2:13", figures="Train 8 of 20"))
    assert place_of(SESSION) != place_of(SESSION_LOST)
    assert place_of(QUESTION) == place_of(question("2"))
    assert place_of(QUESTION) != place_of(replace(QUESTION, place="2"))
    assert place_of(TODAY_READY) == place_of(replace(TODAY_READY, greeting="Good night"))


async def test_each_new_screen_is_read_in_the_language_spoken(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        voice = Voice()
        world.life.context.phone.speech.say = voice.say  # type: ignore[method-assign]
        world.life.context.changed()
        world.act(Listen("Nobody asked"))
        world.act(Press("course"))
        await world.see(PageView)
        assert voice.said == []

        context = world.life.context
        context.preferences = replace(context.preferences, spoken=True)
        context.changed()
        shown: View = world.views[-1]
        await voice.until(spoken(shown))
        assert voice.said[0][1] == "en"
        world.act(Listen("All sessions"))
        await voice.until("All sessions")
        heard = len(voice.said)
        context.changed()
        world.act(Press("today"))
        await voice.until("Your record")
        assert len(voice.said) == heard + 1
