"""Patients for tests of response and forecast: facts by hand, and simulated cohorts by a seed."""

import random
from dataclasses import replace
from datetime import date

from cloud.adherence.definition import CourseFacts
from cloud.response.cohort import Cohort, TenSessions, forecast_cohort
from cloud.response.course import DAY_MS, SixWeeks
from cloud.response.facts import Answer, Facts, Treatment

EPOCH_DAY = date(1970, 1, 1).toordinal()
MONDAY = date(2022, 1, 3).toordinal()
ITBS = "mdd-l-dlpfc-itbs"
OPENS_MS = 18 * 3_600_000


def opened_ms(day: int) -> int:
    """A session's opening, in the evening of its day, in UTC."""
    return (day - EPOCH_DAY) * DAY_MS + OPENS_MS


def treated(scores: dict[int, int], *, sessions: int = 12, protocol_id: str = ITBS) -> Facts:
    """A patient with a session every weekday; ``scores`` by day of the course, before a session."""
    days = [MONDAY + week * 7 + day for week in range(8) for day in range(5)][:sessions]
    return Facts(
        protocol_id=protocol_id,
        age_years=45,
        course=CourseFacts(()),
        treatments=tuple(Treatment(day, opened_ms(day), partial=False) for day in days),
        answers=tuple(
            Answer(opened_ms(MONDAY + day) - 60_000, score) for day, score in sorted(scores.items())
        ),
    )


def simulated(count: int, *, seed: int, related: bool) -> Cohort[TenSessions]:
    """A cohort whose score after ten sessions follows from the early ones, or from nothing."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        first = chance.randint(12, 26)
        change = chance.randint(-8, 2)
        after = first + 1.2 * change - 1 if related else chance.randint(2, 22)
        score = max(0, min(27, round(after + (chance.gauss(0, 2) if related else 0))))
        facts = treated({0: first, 7: max(0, first + change), 14: score})
        late = chance.random() < 0.3
        found.append(
            replace(facts, treatments=_later(facts.treatments) if late else facts.treatments)
        )
    return forecast_cohort(found)


def _later(treatments: tuple[Treatment, ...]) -> tuple[Treatment, ...]:
    """The fifth session a day later, so that the pace is not the same for all."""
    fifth = treatments[4]
    moved = replace(fifth, day=fifth.day + 1, opened_ms=opened_ms(fifth.day + 1))
    return (*treatments[:4], moved, *treatments[5:])


def outcomes(count: int, *, seed: int, related: bool) -> list[SixWeeks]:
    """Patients of whom those who keep most sessions respond more often, or just as often."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        missed = number % 10
        share = 0.75 if missed <= 3 else 0.25
        responds = chance.random() < (share if related else 0.5)
        found.append(SixWeeks(20, 8 if responds else 16, 30, 30 - missed, 0, 0, missed))
    return found
