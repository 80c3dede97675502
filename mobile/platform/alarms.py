"""The alarms port: what is to be told at which instant, handed over whole at each change.

Not for what the app shows at once (`notices`). The texts are those that stand on a locked screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from firmware_bridge.timebase import Clock
from mobile.platform.notices import Words


class Exactness(Enum):
    """How well a system keeps an alarm's time."""

    EXACT = "at its minute"
    ABOUT = "some minutes late at worst"
    WHILE_OPEN = "only while the app is open"


@dataclass(frozen=True)
class Alarm:
    """`at_ms` is Unix time by the phone's own clock.

    A `floating` one is meant as an hour of the day: with the zone changed, it moves to that hour.
    """

    name: str
    at_ms: int
    words: Words
    floating: bool


@dataclass(frozen=True)
class AlarmPlan:
    """Everything that is to ring, over the zone in which it was worked out (an IANA name).

    Quiet hours, in minutes of the day, are looked at once more when an alarm rings: the zone may
    have changed while the app slept. Equal ends mean none.
    """

    alarms: tuple[Alarm, ...]
    zone: str
    after_restart: Words
    """What a phone says that was restarted, or has travelled, and hasn't opened the app since:
    nothing clinical, for these words are kept in a file of the system's."""
    quiet_from_minute: int = 0
    quiet_to_minute: int = 0


class Alarms(Protocol):
    """Rings what was planned last. Raises NoticeNotShown where the system takes no alarm."""

    @property
    def exactness(self) -> Exactness:
        """How well this system keeps the time, as things are allowed now."""

    async def ask_for_exactness(self) -> None:
        """Lead the person to where the system lets it be exact, if there's such a place."""

    async def replace(self, plan: AlarmPlan) -> None:
        """Ring by this plan from now on, and by no earlier one."""

    async def run(self, clock: Clock) -> None:
        """Live beside the engine, for systems whose alarms don't ring by themselves."""
