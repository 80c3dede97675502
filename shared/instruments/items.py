"""Items of a form: what is asked, what may be answered, and after which answers it is asked at all.

Every answer is a whole number, so that all forms travel and are kept alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

NOT_SAID = 254
"""The person would rather not say: the item is missing."""

NOT_ASKED = 255
"""An earlier answer made the item pointless."""


class AnswerError(ValueError):
    """Answers that can't be taken; ``field`` names the item."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field


class AnswerKind(StrEnum):
    """How answers are offered: sentences below each other, or a scale of numbers."""

    CHOICE = "choice"
    SCALE = "scale"


@dataclass(frozen=True)
class Response:
    """One of the answers to an item."""

    value: int
    text: str


@dataclass(frozen=True)
class Answers:
    """What is offered; ``low`` and ``high`` say what the ends of a scale mean."""

    kind: AnswerKind
    responses: tuple[Response, ...]
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class After:
    """The item is asked only after this answer to an earlier one."""

    item: str
    at_least: int


@dataclass(frozen=True)
class Item:
    """One question. ``after`` with several entries: any of them is enough.

    ``safety_plan_from`` is the answer from which on the safety plan is shown at once.
    """

    id: str
    prompt: str
    answers: Answers
    loinc: str | None = None
    after: tuple[After, ...] = ()
    safety_plan_from: int | None = None

    @property
    def values(self) -> frozenset[int]:
        """The answers that are offered."""
        return frozenset(response.value for response in self.answers.responses)

    def is_asked(self, given: Mapping[str, int]) -> bool:
        """Return whether it is asked, by the answers given before it."""
        if not self.after:
            return True
        return any(_reached(given.get(a.item, NOT_ASKED), a.at_least) for a in self.after)

    def check(self, answer: int, given: Mapping[str, int]) -> None:
        """Raise AnswerError unless the answer was offered, given the ones before."""
        if not self.is_asked(given):
            if answer != NOT_ASKED:
                raise AnswerError(self.id, f"{answer} was given where nothing was asked")
        elif answer != NOT_SAID and answer not in self.values:
            raise AnswerError(self.id, f"{answer} is not one of {sorted(self.values)}")

    def needs_safety_plan(self, answer: int) -> bool:
        """Return whether this answer asks for the safety plan now."""
        return self.safety_plan_from is not None and _reached(answer, self.safety_plan_from)


def _reached(answer: int, least: int) -> bool:
    return answer not in (NOT_SAID, NOT_ASKED) and answer >= least
