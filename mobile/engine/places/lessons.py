"""The short lessons: read, answered, gone through; found again in the middle after a kill."""

from __future__ import annotations

import logging
from typing import ClassVar

from mobile.engine import training
from mobile.engine.places.place import Draft, Place
from mobile.engine.words import KNOWN
from mobile.lessons import LESSONS, Lesson
from mobile.presenters import lessons as pages
from mobile.presenters.views import View

log = logging.getLogger(__name__)

LIST, READ, ASK, END = "list", "read", "ask", "end"


class Lessons(Place):
    """The list of lessons, and each of them."""

    name: ClassVar[str] = "lessons"

    def recall(self, draft: Draft) -> None:
        """Take up which were done, and where in which lesson the person is."""
        ids = {lesson.id for lesson in LESSONS}
        self.done = {name for name in draft.get("done", ()) if name in ids}
        self.part = str(draft.get("part", LIST))
        self.index = min(max(0, int(draft.get("index", 0))), len(LESSONS) - 1)
        self.chosen: int | None = draft.get("chosen")

    def draft(self) -> Draft:
        """Return all of it."""
        return {
            "done": sorted(self.done),
            "part": self.part,
            "index": self.index,
            "chosen": self.chosen,
        }

    def view(self) -> View:
        """Return the list, a lesson, its question, or the end."""
        number, count = self.index + 1, len(LESSONS)
        emergency = self.context.card.emergency_number
        match self.part:
            case "read":
                return pages.lesson_page(self._lesson, number, count, emergency=emergency)
            case "ask":
                return pages.question_page(
                    self._lesson, number, count, self.chosen, emergency=emergency
                )
            case "end":
                return pages.finished_page(training.heard(self.context))
        return pages.overview(LESSONS, frozenset(self.done), training.why(self.context))

    def press(self, button: str) -> None:
        """Go through a lesson, back to the list, or on to the practice."""
        opened = button.removeprefix("lesson-")
        if button == "begin":
            self._read(self._next_open())
        elif opened in {lesson.id for lesson in LESSONS}:
            self._read([lesson.id for lesson in LESSONS].index(opened))
        elif button == "ask":
            self.part, self.chosen = ASK, None
        elif button == "read":
            self.part = READ
        elif button == "next" and self.part == ASK and self._is_right:
            self._go_on()
        elif button == "practice":
            self.ways.open("practice")
        elif button == "back" and self.part != LIST:
            self.part = LIST
        else:
            super().press(button)

    def choose(self, choice: str, group: str) -> None:
        """Answer the question; a wrong answer may be followed by another."""
        if self.part == ASK and choice.isdecimal() and int(choice) < len(self._lesson.answers):
            self.chosen = int(choice)

    @property
    def _lesson(self) -> Lesson:
        return LESSONS[self.index]

    @property
    def _is_right(self) -> bool:
        return self.chosen == self._lesson.right

    def _next_open(self) -> int:
        for index, lesson in enumerate(LESSONS):
            if lesson.id not in self.done:
                return index
        return 0

    def _read(self, index: int) -> None:
        self.part, self.index, self.chosen = READ, index, None

    def _go_on(self) -> None:
        self.done.add(self._lesson.id)
        if self.index + 1 < len(LESSONS) and len(self.done) < len(LESSONS):
            self._read(self._next_open())
        elif len(self.done) == len(LESSONS):
            self._finish()
        else:
            self.part = LIST

    def _finish(self) -> None:
        before, self.part = self.part, END
        try:
            with self.context.store.transaction():
                training.keep_done(self.context)
                self.ways.keep(self)
        except Exception:
            self.part = before
            raise
        self.ways.spawn(self._tell_band())

    async def _tell_band(self) -> None:
        """The round tells it, now or when the band is near."""
        try:
            await training.bring_to_band(self.context)
        except KNOWN as problem:
            log.info("the band isn't told of the lessons yet: %s", problem)
        self.ways.tending.wake()
        self.context.changed()
