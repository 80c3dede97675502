"""The list of actions, and what each of them is given."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from tests.campaign.schedules.phone import Phone
from tests.campaign.schedules.stage import Stage

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
LIMIT_MS = 12_000


@dataclass
class Done:
    """What one action works on: the stage, its own chance, and the count of faults."""

    stage: Stage
    chance: random.Random
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def phone(self) -> Phone:
        """The phone that is used now."""
        phone = self.stage.phone
        assert phone is not None
        return phone

    async def ask(self, work: Coroutine[Any, Any, Any], limit_ms: int = LIMIT_MS) -> bool:
        """Have the app do something; it goes on beside where it takes longer than the limit."""
        task = self.phone.spawn(work)
        await asyncio.wait({task}, timeout=limit_ms / 1000)
        return task.done()

    async def wait_ms(self, least: int, most: int) -> None:
        """Let time pass, to the millisecond at random."""
        await self.stage.sleep_ms(self.chance.randrange(least, most))


Act = Callable[[Done], Awaitable[None]]


@dataclass(frozen=True)
class Action:
    """One thing that may happen."""

    name: str
    weight: int
    act: Act
    during: int = 0
    """Its weight right after something that began or went on with a session."""

    begins: bool = False
    """Whether a session may well be under way after it."""


ACTIONS: dict[str, Action] = {}


def action(weight: int, *, during: int = 0, begins: bool = False) -> Callable[[Act], Act]:
    """Enter a function under its name."""

    def enter(act: Act) -> Act:
        name = act.__name__
        assert name not in ACTIONS, name
        ACTIONS[name] = Action(name, weight, act, during, begins)
        return act

    return enter
