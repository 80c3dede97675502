"""Who counts in a cohort, and how many are left out for which reason. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cloud.language import mark, told
from cloud.response.course import Early, LeftOut, SixWeeks, after_ten, early, six_weeks
from cloud.response.facts import Facts

WORDS = {
    LeftOut.NOT_BEGUN: mark("no treatment in a verified record yet"),
    LeftOut.FLAWED: mark("something wrong with the band's record stands"),
    LeftOut.NO_CLOCK: mark("the band had lost its clock in one of the first ten sessions"),
    LeftOut.NO_FIRST_SCORE: mark("no score in the two weeks before the second session"),
    LeftOut.TOO_EARLY: mark("the first session is less than seven weeks ago"),
    LeftOut.NO_LATER_SCORE: mark("no score within a week of six weeks after the first session"),
    LeftOut.NO_SCORE_BETWEEN: mark("no second score before the sixth session"),
    LeftOut.FEW_SESSIONS: mark("fewer than ten sessions so far"),
    LeftOut.NO_SCORE_AFTER_TEN: mark("no score in the week after the tenth session"),
}
T = TypeVar("T")


@dataclass(frozen=True)
class Member(Generic[T]):
    """A patient who counts."""

    facts: Facts
    found: T


@dataclass(frozen=True)
class Cohort(Generic[T]):
    """Who counts, and how many are left out for which reason: all the clinic's patients."""

    members: tuple[Member[T], ...]
    left_out: Counter[LeftOut]

    @property
    def everybody(self) -> int:
        """How many were looked at."""
        return len(self.members) + sum(self.left_out.values())

    @property
    def left_out_words(self) -> tuple[tuple[str, int], ...]:
        """Each reason in words with its number, the most frequent first."""
        return tuple((told(WORDS[each]), count) for each, count in self.left_out.most_common())


@dataclass(frozen=True)
class TenSessions:
    """What was known early of a patient, and the score after ten sessions."""

    known: Early
    score: int


def response_cohort(everybody: Iterable[Facts], *, today: int) -> Cohort[SixWeeks]:
    """Return who can be judged six weeks after their first session."""
    members, left_out = [], Counter[LeftOut]()
    for facts in everybody:
        found = six_weeks(facts, today=today)
        if isinstance(found, LeftOut):
            left_out[found] += 1
        else:
            members.append(Member(facts, found))
    return Cohort(tuple(members), left_out)


def forecast_cohort(everybody: Iterable[Facts]) -> Cohort[TenSessions]:
    """Return whom the forecast can learn from."""
    members, left_out = [], Counter[LeftOut]()
    for facts in everybody:
        found = ten_sessions(facts)
        if isinstance(found, LeftOut):
            left_out[found] += 1
        else:
            members.append(Member(facts, found))
    return Cohort(tuple(members), left_out)


def ten_sessions(facts: Facts) -> TenSessions | LeftOut:
    """Return a row to learn from: early figures, and the one score that comes after."""
    known = early(facts)
    if isinstance(known, LeftOut):
        return known
    after = after_ten(facts)
    return after if isinstance(after, LeftOut) else TenSessions(known, after.score)
