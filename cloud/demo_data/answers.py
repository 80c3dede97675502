"""What a made-up patient answers: PHQ-9 by half-times, side effects that decline. Pure."""

from __future__ import annotations

from cloud.demo_data.chance import Chance
from cloud.demo_data.cohort import Noticed, Symptoms
from cloud.demo_data.people import Person
from shared.care.bodies import Graded
from shared.instruments.items import NOT_SAID

OTHER_ITEMS = 8
ITEM_MAX = 3
SELF_HARM_FROM = 10
"""Below this expected score thoughts of self-harm are gone (own choice)."""


def phq9_answers(
    person: Person, symptoms: Symptoms, sessions: int, chance: Chance, *, plus: int = 0
) -> tuple[int, ...]:
    """Return nine answers after so many sessions: an exponential approach with noise.

    ``plus`` is what a bad week adds.
    """
    left = 0.5 ** (sessions / person.half_time_sessions)
    expected = person.aim + (person.baseline - person.aim) * left
    total = round(chance.normal(expected, symptoms.week_noise_sd)) + plus
    ninth = person.self_harm if expected >= SELF_HARM_FROM else 0
    others = _spread(max(0, min(total - ninth, OTHER_ITEMS * ITEM_MAX)), chance)
    answers = [*others, ninth]
    if person.case is not None:
        return tuple(answers)
    return tuple(NOT_SAID if chance.happens(symptoms.item_missing) else each for each in answers)


def _spread(total: int, chance: Chance) -> list[int]:
    items = [0] * OTHER_ITEMS
    for _ in range(total):
        room = [index for index, value in enumerate(items) if value < ITEM_MAX]
        items[chance.one_of(room)] += 1
    return items


def side_effects(noticed: Noticed, week: int, chance: Chance) -> tuple[Graded, ...]:
    """Return what was noticed after a session of the course's week, from 0."""
    left = (1 - noticed.decline_per_week) ** week
    shares = (("headache", noticed.headache_first_week), ("scalp", noticed.scalp_first_week))
    return tuple(
        Graded(name, _grade(noticed, chance))
        for name, share in shares
        if chance.happens(share * left)
    )


def _grade(noticed: Noticed, chance: Chance) -> int:
    drawn = chance.share()
    if drawn < noticed.severe_share:
        return 3
    return 2 if drawn < noticed.severe_share + noticed.moderate_share else 1
