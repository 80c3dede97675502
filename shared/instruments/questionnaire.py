"""One instrument in one wording: its items, what may be answered, and what the answers come to.

A score of own wording is labelled so wherever it stands, and carries no code of the instrument's
official total; with a clinic's text pack label and code are the instrument's (`packs`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.instruments.items import NOT_ASKED, NOT_SAID, AnswerError, Item, Response

__all__ = [
    "NOT_ASKED",
    "NOT_SAID",
    "SELF_HARM_ITEM",
    "AnswerError",
    "Band",
    "Change",
    "Item",
    "Questionnaire",
    "Response",
    "Score",
    "ScoreKind",
    "Scoring",
    "Task",
]

SELF_HARM_ITEM = "phq9-9"
"""The item whose answer above 0 always reaches a person."""


class ScoreKind(StrEnum):
    """What the answers of one time come to."""

    SUM = "sum"
    ITEM = "item"
    HEADACHE_DAYS = "headache_days"
    """Counted over 28 days by `diary`; one entry has no score of its own."""
    NONE = "none"


class Task(StrEnum):
    """A short task at the phone."""

    REACTION = "reaction"
    DIGIT_SPAN = "digit-span"
    TAPPING = "tapping"


@dataclass(frozen=True)
class Band:
    """A named range of scores, both ends included."""

    lowest: int
    highest: int
    name: str


@dataclass(frozen=True)
class Scoring:
    """How answers become a score: ``item`` is the one that counts where the kind says so."""

    kind: ScoreKind
    maximum: int = 0
    item: str | None = None
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True)
class Change:
    """Which change matters: points or percent; response as a share of the first score; remission
    as a score below. None where the source says nothing."""

    points: int | None = None
    percent: int | None = None
    response_share_percent: int | None = None
    remission_below: int | None = None


@dataclass(frozen=True)
class Score:
    """A total with its band and the label that must stand beside it.

    ``band`` is empty where the instrument has none; ``code`` is the LOINC of the total, only where
    the wording is the instrument's own.
    """

    total: int
    maximum: int
    band: str
    label: str
    code: str | None = None


@dataclass(frozen=True)
class Questionnaire:
    """One instrument in one wording. ``official`` says that the wording is the instrument's own.

    With a text pack ``language`` and ``pack_serial`` are the pack's; else None and 0.

    ``provenance`` says of each part whether its source was ``read`` or ``recalled``; ``minutes`` is
    about how long it takes; ``task`` follows the questions.
    """

    id: str
    version: int
    title: str
    measures: str
    for_indications: tuple[str, ...]
    lead: str
    items: tuple[Item, ...]
    scoring: Scoring
    change: Change
    wording_label: str
    every_days: int
    minutes: int
    terms: str
    source: str
    provenance: tuple[tuple[str, str], ...]
    panel_loinc: str | None = None
    total_loinc: str | None = None
    task: Task | None = None
    official: bool = False
    language: str | None = None
    pack_serial: int = 0

    @property
    def maximum(self) -> int:
        """Highest possible total; 0 where there is none."""
        return self.scoring.maximum

    @property
    def bands(self) -> tuple[Band, ...]:
        """The named ranges of the total."""
        return self.scoring.bands

    @property
    def is_scored(self) -> bool:
        """Whether one time's answers have a score."""
        return self.scoring.kind in (ScoreKind.SUM, ScoreKind.ITEM)

    def score(self, answers: Sequence[int]) -> Score:
        """Return the score of one answer for each item.

        Raise AnswerError for anything else, also where an item was left out: then there is none.
        """
        score = self.scored(answers)
        if score is None:
            raise AnswerError("answers", "have no score with an item missing")
        return score

    def scored(self, answers: Sequence[int]) -> Score | None:
        """Return the score, or None where the instrument has none or an item is missing.

        Raise AnswerError for answers that weren't offered.
        """
        self.check(answers)
        total = self._total(answers)
        if total is None:
            return None
        code = self.total_loinc if self.official else None
        return Score(total, self.maximum, self.band_of(total), self.wording_label, code)

    def band_of(self, total: int) -> str:
        """Return the name of the band that a total lies in; empty where there is none."""
        return next((b.name for b in self.bands if b.lowest <= total <= b.highest), "")

    def check(self, answers: Sequence[int]) -> None:
        """Raise AnswerError unless there is one answer for each item, each one offered."""
        if len(answers) != len(self.items):
            raise AnswerError("answers", f"{len(answers)} given, {len(self.items)} asked")
        given = self.by_item(answers)
        for item, answer in given.items():
            self.item(item).check(answer, given)

    def by_item(self, answers: Sequence[int]) -> dict[str, int]:
        """Return the answers by the ids of their items."""
        return {item.id: answer for item, answer in zip(self.items, answers, strict=True)}

    def item(self, item_id: str) -> Item:
        """Return an item by its id; raise AnswerError where there's none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise AnswerError(item_id, "is no item of this instrument")

    def needs_safety_plan(self, answers: Sequence[int]) -> bool:
        """Return whether an answer asks for the safety plan now."""
        return any(
            item.needs_safety_plan(answer)
            for item, answer in zip(self.items, answers, strict=False)
        )

    def _total(self, answers: Sequence[int]) -> int | None:
        if self.scoring.kind is ScoreKind.ITEM and self.scoring.item is not None:
            said = self.by_item(answers)[self.scoring.item]
            return None if said in (NOT_SAID, NOT_ASKED) else said
        if self.scoring.kind is not ScoreKind.SUM or NOT_SAID in answers:
            return None
        return sum(answers)
