"""What rules look at: plain values, gathered by others. Times are Unix milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.care.bodies import CareItem
from shared.instruments.questionnaire import Questionnaire, Score


@dataclass(frozen=True)
class Told:
    """One opened item of care; ``item_id`` is the phone's name for it."""

    item_id: str
    at_ms: int
    item: CareItem


@dataclass(frozen=True)
class EarlierScore:
    """A score of before, of the same instrument."""

    answered_ms: int
    total: int


@dataclass(frozen=True)
class Answered:
    """One opened check-in. ``earlier`` are the patient's scores of this instrument before it,
    oldest first; ``self_harm_before`` is what was last said of item 9, None where it never was."""

    item_id: str
    answered_ms: int
    form: Questionnaire
    own_words: bool
    answers: Mapping[str, int]
    score: Score | None
    earlier: tuple[EarlierScore, ...] = ()
    self_harm_before: int | None = None
