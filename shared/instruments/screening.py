"""Safety questions before a session, and what an answer does (R16).

On the wire the outcome is one of pass, postpone for some hours, or hold. Not being sure counts as
told. What is not a pass decides at once: the person is asked all of it again before any session.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import resources
from typing import Any

from shared.instruments.items import AnswerError
from shared.trust.statements import Gate, GateOutcome

HOUR_S = 3600
NO, YES, UNSURE = "no", "yes", "unsure"
FIXED, OTHER = "off", "other"
"""What a follow-up's answers are called: it was put right; a medicine that isn't on the list."""


class ScreeningAction(StrEnum):
    """What an answer does, from the lightest to the gravest."""

    PASS = "pass"
    FIX = "fix"
    NOTE = "note"
    ASK = "ask"
    CONFIRM = "confirm"
    LIST = "list"
    POSTPONE = "postpone"
    HOLD = "hold"


TOLD = frozenset(
    {ScreeningAction.NOTE, ScreeningAction.ASK, ScreeningAction.POSTPONE, ScreeningAction.HOLD}
)
"""What the clinic reads of; what was put right, nobody is told."""

LOCKING = frozenset({ScreeningAction.POSTPONE, ScreeningAction.HOLD})


@dataclass(frozen=True)
class ScreeningAnswer:
    """One of the answers to a question."""

    id: str
    text: str


@dataclass(frozen=True)
class FollowUp:
    """What is asked further after a yes. A list's answers stand behind the clinic's medicines."""

    prompt: str
    help: str
    answers: tuple[ScreeningAnswer, ...]


@dataclass(frozen=True)
class ScreeningQuestion:
    """One question. ``help`` says what counts, ``why`` what it's for; ``hours`` of proven elapsed
    time where a yes postpones; ``only_if`` names the circumstance in which it's asked; ``short``
    names a yes in a sentence."""

    id: str
    prompt: str
    help: str
    short: str
    action: ScreeningAction
    answers: tuple[ScreeningAnswer, ...]
    hours: int = 0
    only_if: str | None = None
    gate: Gate | None = None
    follow: FollowUp | None = None
    why: str = ""
    emergency: bool = False
    safety_plan: bool = False


@dataclass(frozen=True)
class Circumstances:
    """What of the clinic's card and of the plan decides which questions are asked, and the clinic's
    medicines by name: True for those that are harmless."""

    pregnancy: bool = False
    ear_protection: bool = False
    attended: bool = False
    medicines: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """One answer, with what was answered to the follow-up: an answer's id, or medicines' names."""

    answer: str
    follow: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """What the clinic reads: which question, which answer, and what it does."""

    question: str
    answer: str
    action: ScreeningAction


@dataclass(frozen=True)
class Screening:
    """What the answers come to; ``reason`` is the id of the question that decided.

    ``confirmed`` are the plan's own gates that the person says are met.
    """

    outcome: GateOutcome
    postpone_s: int
    reason: str | None
    told: tuple[Told, ...] = ()
    confirmed: tuple[Gate, ...] = ()


@dataclass(frozen=True)
class ScreeningRules:
    """One version of the questions. A pass is good for ``valid_minutes``."""

    version: int
    valid_minutes: int
    questions: tuple[ScreeningQuestion, ...]

    def asked(self, circumstances: Circumstances) -> tuple[ScreeningQuestion, ...]:
        """Return the questions that are asked of this person, in order."""
        return tuple(
            question
            for question in self.questions
            if question.only_if is None or getattr(circumstances, question.only_if)
        )

    def action(
        self, question: ScreeningQuestion, given: Given, circumstances: Circumstances
    ) -> ScreeningAction:
        """Return what an answer does. Raise AnswerError for one that isn't offered, or whose
        follow-up is still open."""
        if given.answer not in {answer.id for answer in question.answers}:
            raise AnswerError(question.id, "has no answer")
        if question.action is ScreeningAction.CONFIRM:
            return ScreeningAction.PASS if given.answer == YES else ScreeningAction.CONFIRM
        if given.answer == NO:
            return ScreeningAction.PASS
        if question.follow is None:
            return question.action
        if not given.follow:
            raise AnswerError(question.id, "has no answer to what is asked further")
        if question.action is ScreeningAction.FIX:
            fixed = given.follow == (FIXED,)
            return ScreeningAction.FIX if fixed else ScreeningAction.HOLD
        harmless = all(circumstances.medicines.get(name, False) for name in given.follow)
        return ScreeningAction.NOTE if harmless else ScreeningAction.HOLD

    def outcome(self, given: Mapping[str, Given], circumstances: Circumstances) -> Screening:
        """Return what the answers come to: the gravest decides, of two waits the longer one.

        Raise AnswerError when a question has no answer or isn't confirmed, unless another answer
        locks already: then nothing more has to be asked.
        """
        told, confirmed, still_open = [], [], None
        worst = Screening(GateOutcome.PASS, 0, None)
        for question in self.asked(circumstances):
            try:
                action = self.action(question, given.get(question.id, Given("")), circumstances)
                if action is ScreeningAction.CONFIRM:
                    raise AnswerError(question.id, "isn't confirmed")
            except AnswerError as problem:
                still_open = still_open or problem
                continue
            one = _outcome(question, action)
            if (one.outcome, one.postpone_s) > (worst.outcome, worst.postpone_s):
                worst = one
            if action in TOLD:
                told.append(Told(question.id, given[question.id].answer, action))
            if question.gate is not None:
                confirmed.append(question.gate)
        if still_open is not None and worst.outcome is GateOutcome.PASS:
            raise still_open
        return Screening(
            worst.outcome, worst.postpone_s, worst.reason, tuple(told), tuple(confirmed)
        )


def _outcome(question: ScreeningQuestion, action: ScreeningAction) -> Screening:
    if action is ScreeningAction.HOLD:
        return Screening(GateOutcome.HOLD, 0, question.id)
    if action is ScreeningAction.POSTPONE:
        return Screening(GateOutcome.POSTPONE, question.hours * HOUR_S, question.id)
    return Screening(GateOutcome.PASS, 0, None)


@functools.cache
def screening_rules() -> ScreeningRules:
    """Return the questions that ship with this version."""
    text = resources.files("shared.instruments").joinpath("screening.json").read_text("utf-8")
    value = json.loads(text)
    usual = _answers(value["answers"])
    questions = tuple(_question(item, usual) for item in value["questions"])
    return ScreeningRules(value["version"], value["valid_minutes"], questions)


def _question(item: Mapping[str, Any], usual: tuple[ScreeningAnswer, ...]) -> ScreeningQuestion:
    follow, gate = item.get("follow"), item.get("gate")
    return ScreeningQuestion(
        id=item["id"],
        prompt=item["prompt"],
        help=item.get("help", ""),
        why=item.get("why", ""),
        short=item["short"],
        action=ScreeningAction(item["action"]),
        answers=_answers(item["answers"]) if "answers" in item else usual,
        hours=item.get("hours", 0),
        only_if=item.get("only_if"),
        gate=None if gate is None else Gate[gate.upper()],
        follow=None if follow is None else _follow_up(follow),
        emergency=item.get("emergency", False),
        safety_plan=item.get("safety_plan", False),
    )


def _follow_up(item: Mapping[str, Any]) -> FollowUp:
    return FollowUp(item["prompt"], item["help"], _answers(item["answers"]))


def _answers(items: list[Mapping[str, str]]) -> tuple[ScreeningAnswer, ...]:
    return tuple(ScreeningAnswer(item["id"], item["text"]) for item in items)
