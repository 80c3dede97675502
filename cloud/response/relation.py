"""Adherence against response: groups by sessions kept, and how far apart the groups are. Pure.

Response is the instrument's own: a score of at most half of the first (its source stands in
`shared.instruments.forms`). Groups, numbers and levels are this product's own choice.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from cloud.checkins.scores import questionnaire
from cloud.response.course import SixWeeks
from shared.instruments.change import between

MIN_PATIENTS = 20
"""Below this number nothing is said (own figure)."""
MIN_GROUP = 5
"""A smaller group goes together with its neighbour: else its figures would be few people's own
(own figure)."""
BOUNDS_PERCENT = ((0, 80), (80, 90), (90, 100), (100, 101))
"""Groups by percent of the sessions due that were given, from the first to below the second."""
HIGH_PERCENT = 90
Z_95 = 1.959964
"""The normal distribution's 97.5 % point, for a two-sided interval of 95 %."""
DRAWS = 2_000
SEED = 1


@dataclass(frozen=True)
class Interval:
    """A share or a difference with its interval of 95 %."""

    value: float
    low: float
    high: float

    @property
    def has_zero(self) -> bool:
        """Whether nothing at all lies within."""
        return self.low <= 0 <= self.high


@dataclass(frozen=True)
class Group:
    """Patients who kept about as many sessions, in percent from ``lowest`` to under ``below``."""

    lowest: int
    below: int
    patients: int
    responders: int
    share: Interval


@dataclass(frozen=True)
class Relation:
    """All groups, and by how much response is more frequent from 90 % of sessions on.

    ``difference`` is None where one side has too few patients.
    """

    patients: int
    responders: int
    remitters: int
    groups: tuple[Group, ...]
    high: int
    low: int
    difference: Interval | None


def relation(cohort: Sequence[SixWeeks]) -> Relation | None:
    """Return what the cohort says; None where it is too small to say anything."""
    if len(cohort) < MIN_PATIENTS:
        return None
    high = [responded(each) for each in cohort if _percent(each) >= HIGH_PERCENT]
    low = [responded(each) for each in cohort if _percent(each) < HIGH_PERCENT]
    enough = min(len(high), len(low)) >= MIN_GROUP
    return Relation(
        patients=len(cohort),
        responders=sum(map(responded, cohort)),
        remitters=sum(map(remitted, cohort)),
        groups=tuple(_groups(cohort)),
        high=len(high),
        low=len(low),
        difference=difference(high, low) if enough else None,
    )


def responded(each: SixWeeks) -> bool:
    """Whether the later score is a response by the instrument's own rule."""
    return bool(between(questionnaire(), each.first, each.later).response)


def remitted(each: SixWeeks) -> bool:
    """Whether the later score is a remission by the instrument's own rule."""
    return bool(between(questionnaire(), each.first, each.later).remission)


def wilson(hits: int, count: int) -> Interval:
    """Return a share with Wilson's interval (Wilson 1927, J Am Stat Assoc 22:209)."""
    share, z2 = hits / count, Z_95**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z_95 / (1 + z2 / count)
    half *= math.sqrt(share * (1 - share) / count + z2 / (4 * count**2))
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def difference(high: Sequence[bool], low: Sequence[bool]) -> Interval:
    """Return by how much the first share is greater, with a bootstrap's interval: each side drawn
    anew, with replacement, so many times, by one seed."""
    chance = random.Random(SEED)
    drawn = sorted(_share(_again(high, chance)) - _share(_again(low, chance)) for _ in range(DRAWS))
    cut = DRAWS // 40
    return Interval(_share(high) - _share(low), drawn[cut], drawn[-cut - 1])


def _again(values: Sequence[bool], chance: random.Random) -> list[bool]:
    return chance.choices(values, k=len(values))


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values)


def _groups(cohort: Sequence[SixWeeks]) -> list[Group]:
    """Return the groups from the lowest on, small ones together with the next."""
    found: list[tuple[int, int, list[SixWeeks]]] = []
    for lowest, below in BOUNDS_PERCENT:
        of_group = [each for each in cohort if lowest <= _percent(each) < below]
        if found and len(found[-1][2]) < MIN_GROUP:
            before, _, others = found.pop()
            lowest, of_group = before, others + of_group
        found.append((lowest, below, of_group))
    if len(found[-1][2]) < MIN_GROUP and len(found) > 1:
        _, below, others = found.pop()
        lowest, _, of_group = found.pop()
        found.append((lowest, below, of_group + others))
    return [_group(*each) for each in found]


def _group(lowest: int, below: int, of_group: Sequence[SixWeeks]) -> Group:
    hits = sum(map(responded, of_group))
    return Group(lowest, below, len(of_group), hits, wilson(hits, len(of_group)))


def _percent(each: SixWeeks) -> float:
    return 100 * each.kept
