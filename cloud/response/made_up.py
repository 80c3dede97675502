"""A cohort of made-up patients, drawn by a seed from the demonstration's figures. Pure.

As the made-up clinic's patients live (`cloud.demo_data`), without bands, phones and a database: for
the model card and for tests. Nobody is real.
"""

from __future__ import annotations

from datetime import date, timedelta

from cloud.adherence.definition import CourseFacts
from cloud.checkins.scores import questionnaire
from cloud.demo_data.answers import phq9_answers
from cloud.demo_data.chance import Chance
from cloud.demo_data.cohort import cohort
from cloud.demo_data.people import Person, people
from cloud.response.course import DAY_MS
from cloud.response.facts import Answer, Facts, Treatment

FIRST, UNTIL = date(2024, 1, 1), date(2026, 1, 5)
DAYS = 42
CHECK_IN_DAYS = 7
MINUTE_MS = 60_000


def made_up_facts(count: int, *, seed: int) -> tuple[Facts, ...]:
    """Return the first six weeks of so many patients."""
    chance = Chance(seed, "model-card")
    everybody = people(count, (), (FIRST, UNTIL), chance.of("people"), cohort())
    return tuple(_facts(each, chance.of(f"life/{each.number}")) for each in everybody)


def _facts(person: Person, chance: Chance) -> Facts:
    treatments: list[Treatment] = []
    answers: list[Answer] = []
    missed = False
    for number in range(DAYS):
        day = person.begins + timedelta(days=number)
        if person.leaves_day is not None and day >= person.leaves_day:
            break
        at_ms = day.toordinal() * DAY_MS + person.minute * MINUTE_MS
        if number % CHECK_IN_DAYS == 0:
            answers += _answered(person, len(treatments), chance, at_ms)
        if day.weekday() not in person.weekdays:
            continue
        missed = chance.happens(_miss_share(day, missed_last=missed))
        if not missed:
            partial = chance.happens(cohort().attendance.partial_share)
            treatments.append(Treatment(day.toordinal(), at_ms + MINUTE_MS, partial))
    return Facts(
        protocol_id=person.protocol_id,
        age_years=(person.begins - person.birth_date).days * 4 // 1461,
        course=CourseFacts(()),
        treatments=tuple(treatments),
        answers=tuple(answers),
    )


def _miss_share(day: date, *, missed_last: bool) -> float:
    kept = cohort().attendance
    share = kept.missed_mean * (kept.weekend_effect if day.weekday() > 4 else 1)
    return share * kept.cluster_effect if missed_last else share


def _answered(person: Person, sessions: int, chance: Chance, at_ms: int) -> list[Answer]:
    found = questionnaire().scored(phq9_answers(person, cohort().symptoms, sessions, chance))
    return [] if found is None else [Answer(at_ms, found.total)]
