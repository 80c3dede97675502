"""What became of a score: from the first to the last, and whether that matters by the source."""

from __future__ import annotations

from dataclasses import dataclass

from shared.instruments.questionnaire import Questionnaire


@dataclass(frozen=True)
class Course:
    """From ``first`` to ``last``: points below zero are fewer. Each word is None where the source
    gives no figure for it."""

    first: int
    last: int
    meaningful: bool | None
    response: bool | None
    remission: bool | None

    @property
    def points(self) -> int:
        """Points gained or, below zero, lost."""
        return self.last - self.first


def between(questionnaire: Questionnaire, first: int, last: int) -> Course:
    """Return what the change between two totals of an instrument means."""
    change = questionnaire.change
    share = change.response_share_percent
    return Course(
        first=first,
        last=last,
        meaningful=_meaningful(questionnaire, first, last),
        response=None if share is None else last * 100 <= first * share,
        remission=None if change.remission_below is None else last < change.remission_below,
    )


def is_worse(questionnaire: Questionnaire, before: int, now: int) -> bool:
    """Return whether a score has risen by so much that it means something."""
    return now > before and bool(_meaningful(questionnaire, before, now))


def _meaningful(questionnaire: Questionnaire, first: int, last: int) -> bool | None:
    """Points and percent, where the source asks for both."""
    change, moved = questionnaire.change, abs(last - first)
    if change.points is None:
        return None
    if change.percent is not None and moved * 100 < first * change.percent:
        return False
    return moved >= change.points
