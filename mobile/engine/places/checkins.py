"""Check-ins: what is due, and everything that was answered."""

from __future__ import annotations

from mobile.engine import answer_book
from mobile.engine.places.place import Draft, Place
from mobile.presenters.checkin_history import ANSWER, answer_view, history_view
from mobile.presenters.checkins import OPEN, checkins_view
from mobile.presenters.views import View
from shared.instruments.registry import instrument
from shared.wire.items import CheckinBody


class Checkins(Place):
    """What is due now and later; a line begins it."""

    name = "check-ins"

    def view(self) -> View:
        context = self.context
        wanted = answer_book.wanted(context)
        return checkins_view(context.now, wanted, done=len(context.answers.all))

    def press(self, button: str) -> None:
        if button.startswith(OPEN):
            _begin(self, button.removeprefix(OPEN))
        elif self.ways.knows(button):
            self.ways.open(button)
        else:
            super().press(button)


def _begin(place: Place, instrument_id: str) -> None:
    one = instrument(instrument_id)
    if one.form is not None:
        place.ways.open("check-in", instrument=one.id)
    elif one.task is not None:
        place.ways.open(one.task.value)


class CheckinHistory(Place):
    """All answers of this phone, the newest first; a line shows one."""

    name = "checkin-history"

    def recall(self, draft: Draft) -> None:
        self._open_ms = draft.get("open_ms")

    def draft(self) -> Draft:
        return {"open_ms": self._open_ms}

    def view(self) -> View:
        now, book = self.context.now, self.context.answers
        opened = self._opened()
        if opened is not None:
            return answer_view(now, opened)
        return history_view(now, book.all)

    def press(self, button: str) -> None:
        if button.startswith(ANSWER):
            self._open_ms = int(button.removeprefix(ANSWER))
        elif self._open_ms is not None:
            self._open_ms = None
        else:
            super().press(button)

    def _opened(self) -> CheckinBody | None:
        found = (body for body in self.context.answers.all if body.answered_ms == self._open_ms)
        return next(found, None)
