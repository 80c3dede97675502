"""Spoken mode: reads each new screen aloud, and what the keyboard's focus comes to.

Only while the person has asked for it. What is new interrupts what was being said; a screen that
only counts on is not read again. A session's own cues stay: they are sounds, not words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable

from mobile import language
from mobile.engine.context import Context
from mobile.presenters.pieces import Notice
from mobile.presenters.spoken import spoken, spoken_piece
from mobile.presenters.views import PageView, SessionView, TodayView, View, screen_of


def place_of(view: View) -> Hashable:
    """Return what stays the same while a screen only counts on."""
    match view:
        case PageView(name=name, place=place, title=title):
            return name, place, title
        case SessionView(title=title, sentence=sentence, buttons=buttons):
            return title, sentence if view.paused or view.link_lost else None, buttons
        case TodayView(chip=chip, title=title):
            return chip, title
        case _:
            parts = ("title", "question", "body", "number", "waiting")
            return screen_of(view), tuple(getattr(view, part, None) for part in parts)


def notice_of(view: View) -> Notice | None:
    """Return the word that came to a screen that stands already."""
    notice = getattr(view, "notice", None) or getattr(view, "problem", None)
    return notice if isinstance(notice, Notice) else None


class ReadingAloud:
    """Says what is to be heard next; at most one thing waits, the newest."""

    def __init__(self, context: Context, make: Callable[[], View]) -> None:
        self._context = context
        self._make = make
        self._place: Hashable = None
        self._notice: Notice | None = None
        self._next: str | None = None
        self._due = asyncio.Event()

    def look(self) -> None:
        """Something has changed: a new screen is read, a new notice on an old one too."""
        if not self._context.preferences.spoken:
            self._place = self._notice = None
            return
        view = self._make()
        place, notice = place_of(view), notice_of(view)
        if place != self._place:
            self._ask(spoken(view))
        elif notice is not None and notice != self._notice:
            self._ask(spoken_piece(notice))
        self._place, self._notice = place, notice

    def hear(self, words: str) -> None:
        """The focus has come to something with these words."""
        if self._context.preferences.spoken and words:
            self._ask(words)

    def _ask(self, words: str) -> None:
        self._next = words
        self._due.set()

    async def run(self) -> None:
        """Speak until cancelled; a newer text ends the older one."""
        speech = self._context.phone.speech
        saying: asyncio.Task[None] | None = None
        try:
            while True:
                await self._due.wait()
                self._due.clear()
                words, self._next = self._next, None
                if words is None:
                    continue
                if saying is not None:
                    await _ended(saying)
                saying = asyncio.create_task(speech.say(words, language.current().code))
        finally:
            if saying is not None:
                await _ended(saying)
            await speech.hush()


async def _ended(saying: asyncio.Task[None]) -> None:
    saying.cancel()
    await asyncio.wait([saying])
