"""A schedule: what it begins with, and a list of actions, each with a chance of its own.

Made from a seed; an action that is left out changes nothing about the others.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.campaign.schedules.actions import ACTIONS
from tests.campaign.schedules.kinds import kinds

FEWEST, MOST = 8, 16
GOES_ON = 0.75
"""How often the next action is one for a session under way, where one may be."""

_NAMES = sorted(ACTIONS)
_WEIGHTS = [ACTIONS[name].weight for name in _NAMES]
_DURING = [ACTIONS[name].during for name in _NAMES]


@dataclass(frozen=True)
class Step:
    """One action, and the seed of its chance."""

    name: str
    seed: int


@dataclass(frozen=True)
class Schedule:
    """What happens to one device."""

    seed: int
    kind: str
    sessions: int
    steps: tuple[Step, ...]

    def with_steps(self, steps: Sequence[Step]) -> Schedule:
        """Return the same schedule with other steps."""
        return replace(self, steps=tuple(steps))

    def __str__(self) -> str:
        steps = ", ".join(f"{step.name}/{step.seed}" for step in self.steps)
        return f"{self.kind} after {self.sessions} sessions: {steps}"


def schedule_of(campaign_seed: int, index: int) -> Schedule:
    """Return the schedule of that number in a campaign."""
    seed = campaign_seed * 1_000_003 + index
    chance = random.Random(seed)
    kind, sessions = chance.choice(kinds()).name, chance.randrange(2)
    steps: list[Step] = []
    for _ in range(chance.randrange(FEWEST, MOST + 1)):
        goes_on = bool(steps) and ACTIONS[steps[-1].name].begins and chance.random() < GOES_ON
        name = chance.choices(_NAMES, _DURING if goes_on else _WEIGHTS)[0]
        steps.append(Step(name, chance.randrange(2**31)))
    return Schedule(seed, kind, sessions, tuple(steps))
