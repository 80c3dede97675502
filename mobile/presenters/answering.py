"""The way through the safety questions: a value that each touch turns into the next one.

Nothing here shows or sends anything. What comes of a locking answer is asked once more; a second
touch that belongs to a question already left behind does nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from mobile.presenters.screening import FOLLOW_GROUP, GO_ON, locks
from shared.instruments.items import AnswerError
from shared.instruments.screening import (
    NO,
    YES,
    Circumstances,
    Given,
    Screening,
    ScreeningAction,
    ScreeningQuestion,
    ScreeningRules,
)


class Page(StrEnum):
    """Where in the questions the person is."""

    QUESTION = "question"
    FOLLOW = "follow"
    SURE = "sure"
    CHECK = "check"


@dataclass(frozen=True)
class Answering:
    """The questions of this person, and how far they are."""

    rules: ScreeningRules
    circumstances: Circumstances
    at: int = 0
    page: Page = Page.QUESTION
    given: Mapping[str, Given] = field(default_factory=dict)

    @property
    def questions(self) -> tuple[ScreeningQuestion, ...]:
        """The questions that are asked, in order."""
        return self.rules.asked(self.circumstances)

    @property
    def question(self) -> ScreeningQuestion:
        """The question that stands there, or stood there last."""
        return self.questions[min(self.at, len(self.questions) - 1)]

    @property
    def answer(self) -> Given | None:
        """What was answered to it."""
        return self.given.get(self.question.id)

    @property
    def outcome(self) -> Screening:
        """What everything answered so far comes to; AnswerError while it can't be told."""
        return self.rules.outcome(self.given, self.circumstances)

    def action_of(self, question: ScreeningQuestion) -> ScreeningAction:
        """Return what the answer to a question does; raise AnswerError while it's open."""
        given = self.given.get(question.id, Given(""))
        return self.rules.action(question, given, self.circumstances)

    def choose(self, choice: str, group: str) -> Answering:
        """Take an answer to the present question, or to what is asked further."""
        if self.page is Page.QUESTION and group == self.question.id:
            return self._answered(choice)
        if self.page is Page.FOLLOW and group == FOLLOW_GROUP and self.answer is not None:
            return self._followed(choice)
        return self

    def press(self, button: str) -> Answering | None:
        """Take a button; None leads out."""
        if button == "back":
            return self._back()
        if button == GO_ON and self.page is Page.FOLLOW and self.answer and self.answer.follow:
            return self._onward()
        return self

    def _answered(self, choice: str) -> Answering:
        question = self.question
        if choice not in {answer.id for answer in question.answers}:
            return self
        taken = self._with(Given(choice))
        if question.action is ScreeningAction.CONFIRM and choice != YES:
            return taken
        if question.follow is not None and choice != NO:
            return replace(taken, page=Page.FOLLOW)
        return taken._onward()

    def _followed(self, choice: str) -> Answering:
        question, given = self.question, self.answer
        assert question.follow is not None
        assert given is not None
        listed = question.action is ScreeningAction.LIST
        offered = {answer.id for answer in question.follow.answers}
        if listed:
            offered |= set(self.circumstances.medicines)
        if choice not in offered:
            return self
        if not listed:
            return self._with(replace(given, follow=(choice,)))._onward()
        others = tuple(name for name in given.follow if name != choice)
        follow = others if choice in given.follow else (*others, choice)
        return self._with(replace(given, follow=follow))

    def _onward(self) -> Answering:
        """What locks is asked once more; everything else leads to the next question."""
        if locks(self.action_of(self.question)):
            return replace(self, page=Page.SURE)
        last = self.at + 1 >= len(self.questions)
        return replace(self, at=self.at + 1, page=Page.CHECK if last else Page.QUESTION)

    def _back(self) -> Answering | None:
        if self.page in (Page.FOLLOW, Page.SURE):
            return self._without_answer()
        if self.at == 0:
            return None
        return replace(self, at=self.at - 1, page=Page.QUESTION)

    def _without_answer(self) -> Answering:
        kept = {key: given for key, given in self.given.items() if key != self.question.id}
        return replace(self, page=Page.QUESTION, given=kept)

    def _with(self, given: Given) -> Answering:
        return replace(self, given={**self.given, self.question.id: given})

    # Over a restart

    def draft(self) -> dict[str, Any]:
        """Return what `recalled` needs."""
        given = {key: [one.answer, list(one.follow)] for key, one in self.given.items()}
        return {"at": self.at, "page": self.page.value, "given": given}


def recalled(
    rules: ScreeningRules, circumstances: Circumstances, draft: Mapping[str, Any]
) -> Answering:
    """Return the way as it was left; anything that doesn't fit the questions begins anew."""
    begun = Answering(rules, circumstances)
    try:
        given = {
            str(key): Given(str(answer), tuple(str(name) for name in follow))
            for key, (answer, follow) in dict(draft.get("given", {})).items()
        }
        found = replace(
            begun, at=int(draft.get("at", 0)), page=Page(draft.get("page", "question")), given=given
        )
        return found if _fits(found) else begun
    except (AnswerError, TypeError, ValueError):
        return begun


def _fits(found: Answering) -> bool:
    """Every question before the present one has an answer that leads past it."""
    questions = found.questions
    if not 0 <= found.at <= len(questions):
        return False
    before = questions[: found.at]
    past = all(not locks(found.action_of(question)) for question in before)
    at_end = found.at == len(questions)
    if found.page is Page.SURE:
        return past and not at_end and locks(found.action_of(found.question))
    if found.page is Page.FOLLOW:
        return past and not at_end and found.answer is not None
    return past and at_end is (found.page is Page.CHECK)
