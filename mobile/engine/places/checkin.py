"""One questionnaire, from its first question to what it came to."""

from __future__ import annotations

from mobile.engine import answer_book
from mobile.engine.places.place import Draft, Place
from mobile.engine.reaching import reach_of
from mobile.engine.wordings import form_of
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _
from mobile.presenters.checkin import (
    ITEM,
    RATHER_NOT,
    SEND,
    DoneFacts,
    Filling,
    begun,
    done_view,
    question_view,
    review_view,
)
from mobile.presenters.checkins import DAY_MS, due_of
from mobile.presenters.views import View
from shared.instruments.items import NOT_SAID
from shared.instruments.registry import instrument
from shared.wire.items import CheckinBody

FIRST = "phq-9"
"""What is asked where nothing is due and nobody named an instrument."""


class Checkin(Place):
    """``instrument`` in the draft names it; without it's the first that is due."""

    name = "check-in"

    def recall(self, draft: Draft) -> None:
        self._sent_ms: int | None = draft.get("sent_ms")
        named = draft.get("instrument") or self._first_due()
        now_ms = self.context.instants.wall_ms()
        given = self.context.answers.begun(named, now_ms=now_ms)
        self._filling: Filling = begun(form_of(self.context, named), given)

    def draft(self) -> Draft:
        return {"instrument": self._filling.form.id, "sent_ms": self._sent_ms}

    def view(self) -> View:
        sent = self._sent()
        if sent is not None:
            return done_view(self.context.now, self._done_facts(sent))
        if self._filling.at is None:
            return review_view(self._filling)
        return question_view(self._filling)

    def choose(self, choice: str, group: str) -> None:
        item = self._filling.item
        if item is None or group != item.id or not choice.isdecimal():
            return
        self._answer(int(choice))

    def press(self, button: str) -> None:
        if self._sent_ms is not None:
            self._press_done(button)
        elif button == RATHER_NOT and self._filling.item is not None:
            self._answer(NOT_SAID)
        elif button == SEND and self._filling.at is None:
            self._send()
        elif button.startswith(ITEM):
            self._filling = self._filling.change(button.removeprefix(ITEM))
        elif button == "back":
            self._back()
        else:
            super().press(button)

    def _answer(self, value: int) -> None:
        filling, context = self._filling, self.context
        item = filling.item
        assert item is not None
        self._filling = filling.answer(value)
        try:
            context.answers.keep_begun(
                filling.form.id, self._filling.given, now_ms=context.instants.wall_ms()
            )
        except KNOWN as problem:
            context.say(_("Your answers aren't kept yet"), sentence_of(problem))
        if item.needs_safety_plan(value):
            self.ways.open("safety-plan", unsent=True)

    def _back(self) -> None:
        earlier = self._filling.back()
        if earlier is None:
            super().press("back")
        else:
            self._filling = earlier

    def _send(self) -> None:
        filling = self._filling
        if not filling.is_whole:
            self._filling = filling.onward()
            return
        try:
            answer_book.hand_in(self.context, filling.form, filling.answers, beside=self._keep_sent)
        except KNOWN as problem:
            self.context.say(_("Your answers aren't kept yet"), sentence_of(problem))
            self._sent_ms = None
            return
        self.ways.tending.wake()

    def _keep_sent(self, body: CheckinBody) -> None:
        self._sent_ms = body.answered_ms
        self.ways.keep(self)

    # Afterwards

    def _press_done(self, button: str) -> None:
        task = instrument(self._filling.form.id).task
        if button == "task" and task is not None:
            self.ways.open(task.value)
        elif button == "safety-plan":
            self.ways.open("safety-plan")
        else:
            super().press(button)

    def _sent(self) -> CheckinBody | None:
        if self._sent_ms is None:
            return None
        found = self.context.answers.of(self._filling.form.id)
        return next((body for body in found if body.answered_ms == self._sent_ms), None)

    def _done_facts(self, sent: CheckinBody) -> DoneFacts:
        form, context = self._filling.form, self.context
        earlier = [
            score.total
            for body in context.answers.of(form.id)
            if body.answered_ms < sent.answered_ms
            and (score := form.scored(body.answers)) is not None
        ]
        every = next(
            (one.every_days for one in context.card.instruments if one.instrument == form.id),
            form.every_days,
        )
        return DoneFacts(
            form=form,
            score=form.scored(sent.answers),
            before=earlier[-1] if earlier else None,
            hard_thoughts=form.needs_safety_plan(sent.answers),
            next_wall_ms=sent.answered_ms + every * DAY_MS,
            reach=reach_of(context),
            has_task=form.task is not None,
        )

    def _first_due(self) -> str:
        wanted = answer_book.wanted(self.context)
        forms = [one for one in due_of(self.context.now, wanted) if instrument(one.id).form]
        return forms[0].id if forms else FIRST
