"""The moments of a course that count: its start, five sessions in, ten sessions, six weeks. Pure.

Each function takes facts and looks no further than the moment that it is about. Figures are this
product's own choice where they name no source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from cloud.adherence.definition import CourseFacts, adherence
from cloud.response.facts import Answer, Facts, Treatment

DAY_MS = 86_400_000
START_DAYS = 14
"""A score counts as the first one from so long before the first session (own figure)."""
KNOWN_SESSIONS = 5
"""A forecast is made of what is known when so many sessions were given (own figure)."""
FORECAST_SESSIONS = 10
"""The score that is forecast is the first one after so many sessions."""
AFTER_MS = 7 * DAY_MS
"""It is answered within so long of that session: the questionnaire comes once a week."""
LATER_DAYS = 42
"""Response is judged so long after the first session: 30 sessions, five a week (own figure)."""
LATER_WITHIN_DAYS = 7
"""By the score nearest to that day, at most so far from it (own figure)."""


class LeftOut(StrEnum):
    """Why a patient doesn't count in a cohort."""

    NOT_BEGUN = "not-begun"
    FLAWED = "flawed"
    NO_CLOCK = "no-clock"
    NO_FIRST_SCORE = "no-first-score"
    TOO_EARLY = "too-early"
    NO_LATER_SCORE = "no-later-score"
    NO_SCORE_BETWEEN = "no-score-between"
    FEW_SESSIONS = "few-sessions"
    NO_SCORE_AFTER_TEN = "no-score-after-ten"


@dataclass(frozen=True)
class Early:
    """What is known once five sessions were given and before the sixth opens.

    ``change`` is in points from the first score to the newest; ``days`` from the first session's
    day to the fifth's; ``partial`` counts those of the five that were broken off.
    """

    first: int
    change: int
    days: int
    partial: int
    protocol_id: str

    @property
    def values(self) -> tuple[float, ...]:
        """What the regression sees, in the order of `cloud.response.model.NAMES`."""
        return (float(self.first), float(self.change), float(self.days), float(self.partial))


@dataclass(frozen=True)
class SixWeeks:
    """A patient six weeks after the first session; sessions are those due by then."""

    first: int
    later: int
    due: int
    done: int
    partial: int
    late: int
    missed: int

    @property
    def kept(self) -> float:
        """The share of sessions due that were given, whole or in part, in time or late."""
        return (self.due - self.missed) / self.due if self.due else 0.0


def begun(facts: Facts) -> LeftOut | None:
    """Return why the facts of this patient say nothing, if so."""
    if facts.flawed:
        return LeftOut.FLAWED
    if not facts.treatments or facts.course is None:
        return LeftOut.NOT_BEGUN
    if any(each.opened_ms is None for each in facts.treatments[:FORECAST_SESSIONS]):
        return LeftOut.NO_CLOCK
    return None


def first_score(facts: Facts) -> Answer | None:
    """Return the score at the start: the one nearest to the first session, before the second."""
    opened = _opened(facts.treatments)
    until_ms = opened[1] if len(opened) > 1 else opened[0] + AFTER_MS
    near = [
        each for each in facts.answers if opened[0] - START_DAYS * DAY_MS <= each.at_ms < until_ms
    ]
    return min(near, key=lambda each: abs(each.at_ms - opened[0]), default=None)


def early(facts: Facts) -> Early | LeftOut:
    """Return what is known after five sessions, whatever came later."""
    problem = begun(facts)
    if problem is not None:
        return problem
    if len(facts.treatments) < KNOWN_SESSIONS:
        return LeftOut.FEW_SESSIONS
    start = first_score(facts)
    if start is None:
        return LeftOut.NO_FIRST_SCORE
    opened = _opened(facts.treatments)
    until_ms = opened[KNOWN_SESSIONS] if len(opened) > KNOWN_SESSIONS else None
    since = [
        each
        for each in facts.answers
        if max(start.at_ms, opened[0]) < each.at_ms and (until_ms is None or each.at_ms <= until_ms)
    ]
    if not since:
        return LeftOut.NO_SCORE_BETWEEN
    five = facts.treatments[:KNOWN_SESSIONS]
    return Early(
        first=start.score,
        change=since[-1].score - start.score,
        days=five[-1].day - five[0].day,
        partial=sum(each.partial for each in five),
        protocol_id=facts.protocol_id,
    )


def after_ten(facts: Facts) -> Answer | LeftOut:
    """Return the first score after the tenth session, answered within a week of it."""
    opened = _opened(facts.treatments)
    if len(opened) < FORECAST_SESSIONS:
        return LeftOut.FEW_SESSIONS
    tenth_ms = opened[FORECAST_SESSIONS - 1]
    after = [each for each in facts.answers if tenth_ms < each.at_ms <= tenth_ms + AFTER_MS]
    return after[0] if after else LeftOut.NO_SCORE_AFTER_TEN


def six_weeks(facts: Facts, *, today: int) -> SixWeeks | LeftOut:
    """Return what became of the patient in six weeks; ``today`` is an ordinal."""
    problem = begun(facts)
    if problem is not None or facts.course is None:
        return problem or LeftOut.NOT_BEGUN
    first_day = facts.treatments[0].day
    last_day = first_day + LATER_DAYS
    if today < last_day + LATER_WITHIN_DAYS:
        return LeftOut.TOO_EARLY
    start = first_score(facts)
    if start is None:
        return LeftOut.NO_FIRST_SCORE
    later = _later(facts, start)
    if later is None:
        return LeftOut.NO_LATER_SCORE
    found = adherence(until(facts.course, last_day), today=last_day)
    return SixWeeks(
        start.score, later.score, found.due, found.done, found.partial, found.late, found.missed
    )


def until(course: CourseFacts, last_day: int) -> CourseFacts:
    """Return what was known of a course on the evening of a day."""
    known = tuple(each for each in course.in_force if each.from_day <= last_day)
    return replace(
        course,
        in_force=known or course.in_force[:1],
        given=tuple(each for each in course.given if each.day <= last_day),
    )


def _later(facts: Facts, start: Answer) -> Answer | None:
    """The score nearest to six weeks after the first session opened."""
    aim_ms = _opened(facts.treatments)[0] + LATER_DAYS * DAY_MS
    near = [
        each
        for each in facts.answers
        if each.at_ms > start.at_ms and abs(each.at_ms - aim_ms) <= LATER_WITHIN_DAYS * DAY_MS
    ]
    return min(near, key=lambda each: abs(each.at_ms - aim_ms), default=None)


def _opened(treatments: Sequence[Treatment]) -> list[int]:
    """When the first ten sessions opened, all of them known (`begun`)."""
    return [each.opened_ms or 0 for each in treatments[:FORECAST_SESSIONS]]
