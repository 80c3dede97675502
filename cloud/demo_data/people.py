"""Who is made up: when they begin, how they answer, how they keep to their sessions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cloud.demo_data.cases import Case
from cloud.demo_data.chance import Chance
from cloud.demo_data.cohort import Cohort, Symptoms

ITBS, TEN_HZ = "mdd-l-dlpfc-itbs", "mdd-l-dlpfc-10hz"
TEN_HZ_SHARE = 0.1
WORKDAYS = (0, 1, 2, 3, 4)
GROWTH = 0.6
"""Below 1, more patients begin late than early: the clinic grows."""
BEGAN_DAYS = {Case.MISSED: 21, Case.THRESHOLD: 29}
CASE_BEGAN_DAYS = 22
"""So long before the data ends a case begins: most are in their fourth week."""
SESSION_DAYS = {Case.MISSED: (7, 6, 3, 2, 1)}
CASE_SESSION_DAYS = (5, 4, 3, 2, 1)
"""Of the last week, so many days before the data ends; all weeks before are alike."""
WEEKS_MAX = 400
PATIENTS_PER_CASE = 11
"""A small clinic has fewer cases than there are: 200 patients have them all."""


@dataclass(frozen=True)
class Person:
    """One made-up patient. ``aim`` is where PHQ-9 tends to, ``minute`` the local minute of the day
    at which sessions begin; who ``leaves_day`` gives up on that day, and ``is_lost`` without a
    word. After the course come ``weekly_weeks`` of one session a week."""

    number: int
    name: str
    birth_date: date
    protocol_id: str
    begins: date
    minute: int
    weekdays: tuple[int, ...]
    baseline: int
    aim: float
    half_time_sessions: float
    self_harm: int
    weekly_weeks: int
    leaves_day: date | None
    is_lost: bool
    case: Case | None = None


def cases_among(count: int) -> tuple[Case, ...]:
    """Return the cases that so many patients have among them."""
    return tuple(Case)[: count // PATIENTS_PER_CASE]


def people(
    count: int,
    cases: Sequence[Case],
    term: tuple[date, date],
    chance: Chance,
    cohort: Cohort,
) -> list[Person]:
    """Return so many patients, who begin within a term, and the cases last among them."""
    first, until = term
    plain = [_begins(chance.of(f"begins/{n}"), first, until) for n in range(count - len(cases))]
    found = [
        _person(number, begins, chance.of(f"patient/{number}"), cohort)
        for number, begins in enumerate(sorted(plain), start=1)
    ]
    return found + [
        _case(len(plain) + number, case, first, until, chance.of(f"case/{case}"), cohort)
        for number, case in enumerate(cases, start=1)
    ]


def _begins(chance: Chance, first: date, until: date) -> date:
    days = max(1, (until - first).days - 7)
    begins = first + timedelta(days=int(days * chance.share() ** GROWTH))
    return begins + timedelta(days=max(0, 7 - begins.weekday()) if begins.weekday() > 4 else 0)


def _person(number: int, begins: date, chance: Chance, cohort: Cohort) -> Person:
    symptoms, attendance = cohort.symptoms, cohort.attendance
    baseline = _baseline(symptoms, chance)
    leaves = _leaves(begins, attendance.dropout_by_week, chance)
    weekly = attendance.weekly_weeks
    goes_on = chance.happens(attendance.weekly_after_course_share)
    return Person(
        number=number,
        name=f"Patient {number:03}",
        birth_date=date(chance.whole(1945, 2005), chance.whole(1, 12), chance.whole(1, 28)),
        protocol_id=TEN_HZ if chance.happens(TEN_HZ_SHARE) else ITBS,
        begins=begins,
        minute=chance.whole(7 * 60, 20 * 60),
        weekdays=WORKDAYS if chance.happens(0.7) else (0, 1, 2, 4, 5),
        baseline=baseline,
        aim=_aim(baseline, symptoms, chance),
        half_time_sessions=chance.between(
            symptoms.half_time_sessions.lowest, symptoms.half_time_sessions.highest
        ),
        self_harm=chance.whole(1, 2) if chance.happens(symptoms.self_harm_share) else 0,
        weekly_weeks=chance.whole(weekly.lowest, weekly.highest) if goes_on else 0,
        leaves_day=leaves,
        is_lost=chance.happens(0.2),
    )


def _case(
    number: int, case: Case, first: date, until: date, chance: Chance, cohort: Cohort
) -> Person:
    """A case keeps to everything but its own trouble."""
    begins = max(first, until - timedelta(days=BEGAN_DAYS.get(case, CASE_BEGAN_DAYS)))
    days = SESSION_DAYS.get(case, CASE_SESSION_DAYS)
    plain = _person(number, begins, chance, cohort)
    return Person(
        number=number,
        name=case.name_of_patient,
        birth_date=plain.birth_date,
        protocol_id=ITBS,
        begins=begins,
        minute=18 * 60 + number % 50,
        weekdays=tuple((until - timedelta(days=days_before)).weekday() for days_before in days),
        baseline=20,
        aim=8.0,
        half_time_sessions=plain.half_time_sessions,
        self_harm=0,
        weekly_weeks=0,
        leaves_day=None,
        is_lost=False,
        case=case,
    )


def _baseline(symptoms: Symptoms, chance: Chance) -> int:
    """A normal distribution, cut to its span."""
    while True:
        drawn = round(chance.normal(symptoms.baseline_mean, symptoms.baseline_sd))
        if symptoms.baseline.lowest <= drawn <= symptoms.baseline.highest:
            return drawn


def _aim(baseline: int, symptoms: Symptoms, chance: Chance) -> float:
    kind = chance.share()
    if kind < symptoms.remitter_share:
        return chance.between(1, 4)
    if kind < symptoms.responder_share:
        return baseline * chance.between(0.3, 0.45)
    return baseline * chance.between(0.6, 1.0)


def _leaves(begins: date, by_week: float, chance: Chance) -> date | None:
    for week in range(WEEKS_MAX):
        if chance.happens(by_week):
            return begins + timedelta(days=7 * week + chance.whole(1, 7))
    return None
