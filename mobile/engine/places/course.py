"""My course: calendar, charts, sessions, what was missed, and what comes after it."""

from __future__ import annotations

from mobile.engine import afterwards
from mobile.engine.course_facts import course_facts
from mobile.engine.further import further_days, keep_further, keep_signs, own_signs
from mobile.engine.places.place import Draft, Place
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _
from mobile.presenters.charts import charts_view
from mobile.presenters.course import MAKE_UP, course_view, missed_view, sessions_view
from mobile.presenters.course_end import (
    FURTHER,
    FURTHER_DAYS,
    SIGNS,
    EndFacts,
    course_end_view,
)
from mobile.presenters.views import View


class _Leading(Place):
    """A page whose lines lead to other places; what is left of a session is made up from it."""

    def press(self, button: str) -> None:
        if button == MAKE_UP and course_facts(self.context).make_up is not None:
            self._make_up()
        elif self.ways.knows(button) and button != self.name:
            self.ways.open(button)
        else:
            super().press(button)

    def _make_up(self) -> None:
        """The questions come first, as before any session; those after the last one before them."""
        if afterwards.unanswered(self.context) is not None:
            self.ways.open("after")
        else:
            self.ways.open("screening", make_up=True)


class Course(_Leading):
    """The course at a glance."""

    name = "course"

    def view(self) -> View:
        return course_view(course_facts(self.context))


class Charts(Place):
    """Symptoms, dose and tasks over one time axis."""

    name = "charts"

    def view(self) -> View:
        return charts_view(course_facts(self.context))


class SessionHistory(Place):
    """All sessions, the newest first."""

    name = "session-history"

    def view(self) -> View:
        return sessions_view(course_facts(self.context))


class MissedSessions(_Leading):
    """What was missed, the new end, and what can be made up."""

    name = "missed-sessions"

    def view(self) -> View:
        return missed_view(course_facts(self.context), can_write=self.ways.knows("messages"))


class CourseEnd(_Leading):
    """Before and after, signs to watch for, further check-ins."""

    name = "course-end"

    def recall(self, draft: Draft) -> None:
        self._signs = str(draft.get("signs", own_signs(self.context.store)))

    def draft(self) -> Draft:
        return {"signs": self._signs}

    def view(self) -> View:
        context = self.context
        return course_end_view(
            EndFacts(
                course=course_facts(context),
                signs=self._signs,
                further_days=further_days(context.store),
                can_return=self.ways.knows("return-band"),
            )
        )

    def typed(self, field: str, text: str) -> None:
        if field == SIGNS:
            self._signs = text

    def choose(self, choice: str, group: str) -> None:
        if group != FURTHER or choice not in {str(days) for days in FURTHER_DAYS}:
            return
        try:
            keep_further(self.context.store, int(choice))
        except KNOWN as problem:
            self.context.say(_("Your choice isn't kept yet"), sentence_of(problem))

    def press(self, button: str) -> None:
        try:
            keep_signs(self.context.store, self._signs)
        except KNOWN as problem:
            self.context.say(_("Your lines aren't kept yet"), sentence_of(problem))
            return
        super().press(button)
