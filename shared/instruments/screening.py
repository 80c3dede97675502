"""Safety questions before a session, and what an answer does (R16).

On the wire the outcome is one of pass, postpone for some hours, or hold. Not being sure counts as
yes.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from shared.instruments.items import AnswerError
from shared.trust.statements import GateOutcome


@dataclass(frozen=True)
class ScreeningAnswer:
    """One of the answers to every question."""

    id: str
    text: str


@dataclass(frozen=True)
class ScreeningQuestion:
    """One question; ``postpone_h`` hours of proven elapsed time where a yes postpones."""

    id: str
    prompt: str
    help: str
    if_yes: GateOutcome
    postpone_h: int


@dataclass(frozen=True)
class Screening:
    """What all answers together come to; ``reason`` is the id of the question that decided."""

    outcome: GateOutcome
    postpone_s: int
    reason: str | None


@dataclass(frozen=True)
class ScreeningRules:
    """One version of the questions."""

    version: int
    questions: tuple[ScreeningQuestion, ...]
    answers: tuple[ScreeningAnswer, ...]

    def outcome(self, given: Mapping[str, str]) -> Screening:
        """Return what the answers (question id -> answer id) come to: the gravest decides.

        Raise AnswerError when a question has no answer or one that it does not offer.
        """
        worst = Screening(GateOutcome.PASS, 0, None)
        for question in self.questions:
            one = _one(question, self._answer(question, given))
            if (one.outcome, one.postpone_s) > (worst.outcome, worst.postpone_s):
                worst = one
        return worst

    def _answer(self, question: ScreeningQuestion, given: Mapping[str, str]) -> str:
        answer = given.get(question.id)
        if answer not in {choice.id for choice in self.answers}:
            raise AnswerError(question.id, "has no answer")
        return str(answer)


def _one(question: ScreeningQuestion, answer: str) -> Screening:
    if answer == "no":
        return Screening(GateOutcome.PASS, 0, None)
    return Screening(question.if_yes, question.postpone_h * 3600, question.id)


@functools.cache
def screening_rules() -> ScreeningRules:
    """Return the questions that ship with this version."""
    text = resources.files("shared.instruments").joinpath("screening.json").read_text("utf-8")
    value = json.loads(text)
    questions = tuple(
        ScreeningQuestion(
            id=item["id"],
            prompt=item["prompt"],
            help=item["help"],
            if_yes=GateOutcome[item["if_yes"].upper()],
            postpone_h=item.get("postpone_h", 0),
        )
        for item in value["questions"]
    )
    answers = tuple(ScreeningAnswer(**item) for item in value["answers"])
    return ScreeningRules(value["version"], questions, answers)
